const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes as people read it, in powers of 1,000: `1.2 GB`. */
export function diskText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit] ?? ''}`;
}
