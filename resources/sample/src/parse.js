import ms from 'ms';
import { units } from './units.js';

const part = /([+-]?\d+(?:\.\d+)?)\s*([a-z]+)/gi;

/** Milliseconds of a text such as `1h 30m` or `2 hours`. Throws a RangeError for anything else. */
export function parseDuration(text) {
  let total = 0;
  let rest = text;
  for (const [whole, amount, name] of text.matchAll(part)) {
    const unit = units.find(({ name: long, short }) => [short, long, `${long}s`].includes(name.toLowerCase()));
    if (!unit) throw new RangeError('Not a duration');
    total += ms(`${amount}${unit.short}`);
    rest = rest.replace(whole, '');
  }
  if (rest === text || rest.trim() !== '') throw new RangeError('Not a duration');
  return total;
}
