import { lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folders above `path` below `root`, and takes care that each is a real folder: a tree may hold a link in its place, and
 * writing through it would leave the checkout. With `replace` what is in the way is removed; without it, the answer is false.
 */
export async function makePlainFolders(root: string, path: string, replace: boolean): Promise<boolean> {
  let at = root;
  for (const part of path.split('/').slice(0, -1)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => null);
    if (found?.isDirectory() === true) continue;
    if (found !== null && !replace) return false;
    await rm(at, { force: true });
    await mkdir(at);
  }
  return true;
}
