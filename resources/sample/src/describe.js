import { largestFirst } from './units.js';

/** A duration in words, such as `2 hours`. */
export function describeDuration(milliseconds) {
  const words = [];
  let rest = Math.abs(milliseconds);
  for (const unit of largestFirst()) {
    const amount = Math.floor(rest / unit.milliseconds);
    if (amount > 0) words.push(`${amount} ${unit.name}s`);
    rest -= amount * unit.milliseconds;
  }
  return words.join(' ');
}
