import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isWorkspace } from '../runtime/workspace/find-workspace.js';
import { demoPlace } from './demo-workspace.js';

/** A sample that the board runs, made or not. Paths are absolute. */
export interface SamplePlace {
  readonly dir: string;
  readonly workspace: string;
  readonly exists: boolean;
}

const placeAt = (stateHome: string, nth: number): SamplePlace => {
  const { dir, workspace } = demoPlace(join(stateHome, 'sample', String(nth)));
  return { dir, workspace, exists: isWorkspace(workspace) };
};

async function newestNumber(stateHome: string): Promise<number> {
  const names = await readdir(join(stateHome, 'sample')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Math.max(1, ...names.filter((name) => /^\d+$/.test(name)).map(Number));
}

/** The sample that was made last, else where the first one would be. */
export const newestSample = async (stateHome: string): Promise<SamplePlace> => placeAt(stateHome, await newestNumber(stateHome));

/** Where the next sample would be. */
export const nextSample = async (stateHome: string): Promise<SamplePlace> => {
  const newest = await newestSample(stateHome);
  return newest.exists ? placeAt(stateHome, (await newestNumber(stateHome)) + 1) : newest;
};
