import path from 'node:path';

const checkout = path.join(import.meta.dirname, '..', '..');

/** Where a picture goes: among those that are kept and looked at with MUSTER_PICTURES=1, else where it leaves the checkout as it was. */
export const picturePath = (name: string): string =>
  process.env['MUSTER_PICTURES'] === '1'
    ? path.join(checkout, 'e2e', 'screenshots', `${name}.png`)
    : path.join(checkout, 'node_modules', '.cache', 'muster', 'pictures', `${name}.png`);
