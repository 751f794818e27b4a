/** Units that durations are written in. Their order means nothing; see `largestFirst`. */
export const units = [
  { name: 'hour', short: 'h', milliseconds: 3_600_000 },
  { name: 'minute', short: 'm', milliseconds: 60_000 },
  { name: 'second', short: 's', milliseconds: 1_000 },
];

/** The units from the largest to the smallest. */
export const largestFirst = () => [...units].sort((a, b) => b.milliseconds - a.milliseconds);
