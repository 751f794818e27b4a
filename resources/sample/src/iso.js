const whole = /^PT(\d+)H$/;

/** Milliseconds of an ISO 8601 duration such as `PT2H`. Throws a RangeError for anything else. */
export function parseIsoDuration(text) {
  const match = whole.exec(text);
  if (!match) throw new RangeError('Not an ISO 8601 duration');
  return Number(match[1]) * 3_600_000;
}
