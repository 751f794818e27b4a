import { basename, dirname, join, resolve } from 'node:path';
import { readTextAtOnce } from '../platform/read-at-once.js';
import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { readHeadFile } from './ref-files.js';
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
    return await readTextAtOnce(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function adminDirsByPath(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const adminDirs = namesIn(join(commonDir, 'worktrees')).map((name) => join(commonDir, 'worktrees', name));
  const links = await Promise.all(adminDirs.map((adminDir) => readTextIfThere(join(adminDir, 'gitdir'))));
  for (const [at, adminDir] of adminDirs.entries()) {
    const link = links[at] ?? null;
    if (link !== null) found.set(dirname(resolve(adminDir, link.trim())), adminDir);
  }
  return found;
}

function fieldOf(lines: readonly string[], key: string): string | null {
  const line = lines.find((candidate) => candidate === key || candidate.startsWith(`${key} `));
  return line === undefined ? null : line.slice(key.length + 1);
}

/** A checkout as the files of its git folder tell it; undefined: git is to be asked. */
async function fromFiles(commonDir: string, gitDir: string, path: string): Promise<ListedWorktree | undefined> {
  const head = readHeadFile(commonDir, gitDir);
  if (head === undefined) return undefined;
  const lock = gitDir === commonDir ? null : await readTextIfThere(join(gitDir, 'locked'));
  return { path, gitDir, branch: head.branch, head: head.commit, lockReason: lock === null ? null : lock.trim() };
}

/** The checkout that git has registered at a path; null when there is none. */
export async function worktreeAt(context: GitContext, path: string): Promise<ListedWorktree | null> {
  const { commonDir } = await context.layout();
  const adminDir = (await adminDirsByPath(commonDir)).get(path);
  const inFiles = adminDir === undefined ? undefined : await fromFiles(commonDir, adminDir, path);
  return inFiles ?? (await listWorktrees(context)).find((one) => one.path === path) ?? null;
}

async function listFromFiles(commonDir: string): Promise<readonly ListedWorktree[] | undefined> {
  // Elsewhere the main checkout's folder stands in the configuration.
  if (basename(commonDir) !== '.git') return undefined;
  const linked = await adminDirsByPath(commonDir);
  const found = await Promise.all([
    fromFiles(commonDir, commonDir, dirname(commonDir)),
    ...[...linked].map(([path, adminDir]) => fromFiles(commonDir, adminDir, path)),
  ]);
  const listed = found.flatMap((one) => one ?? []);
  return listed.length === found.length ? listed : undefined;
}

/** All checkouts as git and the administrative folders tell them now, the main one first. */
export async function listWorktrees(context: GitContext): Promise<readonly ListedWorktree[]> {
  const { commonDir } = await context.layout();
  const inFiles = await listFromFiles(commonDir);
  if (inFiles !== undefined) return inFiles;
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
