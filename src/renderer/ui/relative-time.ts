const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something lasted or lasts, short: `12 s`, `4 m`, `2 h 10 m`, `3 d`. Never negative. */
export function durationText(ms: number): string {
  const length = Math.max(0, ms);
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} m`;
  if (length < day) {
    const minutes = Math.floor((length % hour) / minute);
    return minutes === 0 ? `${Math.floor(length / hour)} h` : `${Math.floor(length / hour)} h ${minutes} m`;
  }
  return `${Math.floor(length / day)} d`;
}

/** The largest unit alone, for a narrow place: `2 h`. */
export function shortDurationText(ms: number): string {
  const [count = '', unit = ''] = durationText(ms).split(' ');
  return `${count} ${unit}`;
}

/** When the text of a moment so long ago changes next, in milliseconds from now. */
export function nextChangeMs(ms: number): number {
  const length = Math.max(0, ms);
  const unit = length < minute ? second : length < day ? minute : hour;
  return unit - (length % unit);
}
