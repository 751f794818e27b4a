import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.js';
import { readCliVersion } from './find-cli.js';
import { programPlaces, searchPathPlaces } from './program-places.js';
import { turnJail } from './turn-jail.js';

/**
 * Whether the program tells its version in the jail of a turn. One that a version manager starts through a program of its own does not:
 * what stands behind that is in the home, which is not there.
 */
export async function startsInJail(
  program: string,
  places: { readonly bwrapPath: string; readonly home: string; readonly env: Readonly<Record<string, string | undefined>> },
  clock: Clock,
): Promise<boolean> {
  const { bwrapPath, env, home } = places;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-trial-')));
  try {
    const real = await realpath(program);
    const hidden = [home];
    const before = await turnJail({
      ...{ bwrapPath, hidden, checkout: folder, writable: [] },
      readable: [...(await searchPathPlaces(env['PATH'] ?? '', hidden)), ...(await programPlaces(real, hidden))],
    });
    return (await readCliVersion([...before, real], { ...env, HOME: folder }, clock)) !== null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
