/** A count in few letters: `842`, `18.2 k`, `3.1 M`. */
export function compactNumber(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 1_000_000) return `${short(count / 1_000)} k`;
  return `${short(count / 1_000_000)} M`;
}

const short = (value: number): string => (value < 100 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value)));
