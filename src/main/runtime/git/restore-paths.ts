import { lstat, rm, rmdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { splitNul } from './run-git.js';
import { placeOf } from './worktree-place.js';
import { withPrivateIndex } from './write-tree.js';

const nulList = (paths: readonly string[]): Buffer => Buffer.from(paths.map((path) => `${path}\0`).join(''), 'utf8');

/** Whether a folder on the way to the path is a link (or no folder): what stands behind it is not the worktree's. */
async function isBehindLink(root: string, path: string): Promise<boolean> {
  for (let folder = dirname(path); folder.startsWith(`${root}${sep}`); folder = dirname(folder)) {
    const found = await lstat(folder).catch(() => null);
    if (found?.isSymbolicLink()) return true;
  }
  return false;
}

async function removePath(root: string, path: string): Promise<void> {
  if (await isBehindLink(root, path)) return;
  await rm(path, { recursive: true, force: true });
  await removeEmptyFolders(root, path);
}

async function removeEmptyFolders(root: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder.startsWith(`${root}${sep}`); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      // Something else is in it, or it is gone with an earlier path.
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Makes these paths of a worktree equal a tree: what it has is written, what it has not is removed with the folders that this
 * leaves empty. Every other file stays as it is, and so do the checkout's index and HEAD.
 */
export async function restorePaths(context: GitContext, worktree: WorktreeRecord, tree: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const place = await placeOf(context, worktree);
  // A link that stands for a folder goes before what was in that folder.
  const shortestFirst = [...paths].sort((a, b) => a.length - b.length);
  for (const path of shortestFirst) await removePath(worktree.path, join(worktree.path, path));
  await withPrivateIndex(context, place, async (env) => {
    await context.git.must({ place, env, args: ['read-tree', '--reset', tree] });
    const listed = await context.git.must({ place, env, args: ['ls-files', '-z'], readsOnly: true });
    const inTree = new Set(splitNul(listed.text));
    const known = paths.filter((path) => inTree.has(path));
    if (known.length > 0) await context.git.must({ place, env, args: ['checkout-index', '-f', '-z', '--stdin'], stdin: nulList(known) });
  });
}
