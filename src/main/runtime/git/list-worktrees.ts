import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { isMissing, namesIn } from './worktree-place.js';

/** One checkout of the repository, the main one included. */
export interface ListedWorktree {
  readonly path: string;
  readonly gitDir: string;
  /** Full ref; null when detached. */
  readonly branch: string | null;
  readonly head: string | null;
  /** Reason of the lock; null when it is not locked. */
  readonly lockReason: string | null;
}

/** Text of a small file; null when there is none. */
export async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function adminDirsByPath(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await namesIn(join(commonDir, 'worktrees'))) {
    const adminDir = join(commonDir, 'worktrees', name);
    const link = await readTextIfThere(join(adminDir, 'gitdir'));
    if (link !== null) found.set(dirname(resolve(adminDir, link.trim())), adminDir);
  }
  return found;
}

function fieldOf(lines: readonly string[], key: string): string | null {
  const line = lines.find((candidate) => candidate === key || candidate.startsWith(`${key} `));
  return line === undefined ? null : line.slice(key.length + 1);
}

/** All checkouts as `git worktree list` and the administrative folders tell them. */
export async function listWorktrees(context: GitContext): Promise<readonly ListedWorktree[]> {
  const { commonDir } = await context.layout();
  const output = await context.git.must({
    place: await objectsPlace(context),
    args: ['worktree', 'list', '--porcelain', '-z'],
    readsOnly: true,
  });
  const adminDirs = await adminDirsByPath(commonDir);
  return output.text
    .split('\0\0')
    .filter((block) => block !== '')
    .map((block, at) => {
      const lines = block.split('\0').filter((line) => line !== '');
      const path = fieldOf(lines, 'worktree') ?? '';
      return {
        path,
        gitDir: at === 0 ? commonDir : (adminDirs.get(path) ?? commonDir),
        branch: fieldOf(lines, 'branch'),
        head: fieldOf(lines, 'HEAD'),
        lockReason: fieldOf(lines, 'locked'),
      };
    });
}
