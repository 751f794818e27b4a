import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './git-context.js';
import { isMissing, sha256 } from './worktree-place.js';

/** Snapshots that are being written, so that two askers for the same bytes do not write one file at the same moment. */
const writing = new WeakMap<GitContext, Map<string, Promise<void>>>();

/** Keeps bytes under their SHA-256, in memory and in the repository's `muster` folder, and returns it. */
export async function keepSnapshot(context: GitContext, bytes: Buffer): Promise<string> {
  const name = sha256(bytes);
  if (context.snapshots.has(name)) return name;
  const underWay = writing.get(context) ?? new Map<string, Promise<void>>();
  writing.set(context, underWay);
  const own = underWay.get(name) ?? writeSnapshot(context, name, bytes).finally(() => underWay.delete(name));
  underWay.set(name, own);
  await own;
  return name;
}

async function writeSnapshot(context: GitContext, name: string, bytes: Buffer): Promise<void> {
  const folder = join((await context.layout()).commonDir, 'muster');
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(`${path}.new`, bytes, { mode: 0o600 });
  await rename(`${path}.new`, path);
  context.snapshots.set(name, bytes);
}

/** The bytes kept under that name; null when they are gone or are no longer what they were. */
export async function readSnapshot(context: GitContext, name: string): Promise<Buffer | null> {
  const remembered = context.snapshots.get(name);
  if (remembered !== undefined) return remembered;
  try {
    const bytes = await readFile(join((await context.layout()).commonDir, 'muster', name));
    return sha256(bytes) === name ? bytes : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
