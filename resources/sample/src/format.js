import { largestFirst } from './units.js';

/** A duration in short units, such as `1h 30m`; at most `parts` of them, the last one rounded. */
export function formatDuration(milliseconds, { parts = 2 } = {}) {
  const written = [];
  let rest = Math.abs(milliseconds);
  for (const unit of largestFirst()) {
    const isLast = written.length === parts - 1 || unit.milliseconds === 1_000;
    const amount = isLast ? Math.round(rest / unit.milliseconds) : Math.floor(rest / unit.milliseconds);
    if (amount > 0) written.push(`${amount}${unit.short}`);
    rest -= amount * unit.milliseconds;
    if (written.length === parts) break;
  }
  const text = written.length > 0 ? written.join(' ') : '0s';
  return milliseconds < 0 ? `-${text}` : text;
}
