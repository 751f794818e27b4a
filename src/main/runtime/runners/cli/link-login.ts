import { lstat, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

type Kind = 'missing' | 'link' | 'file';

async function kindOf(path: string): Promise<Kind> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Lets a CLI with a home of its own use the person's login: `own` becomes a link to `persons` while that exists, and a login made in
 * the own home stays. A link, because a refreshed token must reach the person's file: a copy would log the person out. Tells
 * whether there is a login.
 */
export async function linkLogin(persons: string, own: string): Promise<boolean> {
  await mkdir(dirname(own), { recursive: true, mode: 0o700 });
  const kind = await kindOf(own);
  if (kind === 'file') return true;
  const isThere = await exists(persons);
  if (kind === 'link') {
    if (isThere && (await readlink(own)) === persons) return true;
    await rm(own, { force: true });
  }
  if (!isThere) return false;
  try {
    await symlink(persons, own);
  } catch (error) {
    // Two turns of one workspace may begin at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return true;
}
