import { lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { filterFailure, pointerFiles } from './check-filters.js';
import type { GitContext } from './git-context.js';
import { shortBranchName } from '../../../shared/domain/branch-name.js';
import { objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { GitError } from './git-error.js';
import { forgetIndex } from './kept-index.js';
import type { ListedWorktree } from './list-worktrees.js';
import { readTextIfThere, worktreeAt } from './list-worktrees.js';
import type { GitPlace } from './run-git.js';
import { hashGitFile, isMissing, namesIn } from './worktree-place.js';

/** Why git keeps a worktree of the runtime; also how one is told from a person's. */
export const LOCK_REASON = 'muster';

/** Written into the administrative folder when a worktree is complete; without it, it is half made. */
export const READY_MARK = 'muster-ready';

/** What the mark says. */
export interface ReadyMark {
  readonly branch: string | null;
  readonly base: string;
  readonly gitFileSha256: string;
}

/** A complete checkout, or why there is none. */
export type MadeWorktree =
  | { readonly kind: 'made'; readonly place: GitPlace & { readonly workTree: string }; readonly gitFileSha256: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** The path with its existing parent's links resolved, as git will write it. */
export async function realTarget(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  return join(await realpath(dirname(path)), basename(path));
}

/** Whether the runtime made it: its own lock, or the one that git sets while it adds. */
export const isOurs = (worktree: ListedWorktree): boolean => worktree.lockReason === LOCK_REASON || worktree.lockReason === 'initializing';

/** Whether anything but an empty folder stands at a path. */
export async function isOccupied(path: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isDirectory() || namesIn(path).length > 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Reads the mark of a complete worktree; null when it is half made. */
export async function readReadyMark(adminDir: string): Promise<ReadyMark | null> {
  const text = await readTextIfThere(join(adminDir, READY_MARK));
  return text === null || !text.endsWith('}\n') ? null : (JSON.parse(text) as ReadyMark);
}

/** Removes a checkout of the runtime with its files; harmless to repeat after a kill. Branches and commits stay. */
export async function eraseWorktree(context: GitContext, path: string): Promise<void> {
  const { root, commonDir } = await context.layout();
  const listed = await worktreeAt(context, path);
  if (path === root || `${root}${sep}`.startsWith(`${path}${sep}`) || listed?.gitDir === commonDir) {
    throw new Error(`Could not remove ${path}: it is the project itself.`);
  }
  if (listed !== null) {
    await rm(join(listed.gitDir, READY_MARK), { force: true });
    await forgetIndex(context, { gitDir: listed.gitDir, workTree: path });
  }
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  if (listed === null) return;
  const args = ['worktree', 'remove', '--force', '--force', path];
  const removed = await context.git.run({ place: await objectsPlace(context), args });
  if (removed.exitCode !== 0 && (await worktreeAt(context, path)) !== null) throw new GitError(args, removed.exitCode, removed.stderr);
}

/** Makes a locked checkout at a free path, complete with content filters, or leaves nothing behind. */
export async function makeWorktree(
  context: GitContext,
  options: { readonly path: string; readonly branch: string | null; readonly createBranch: boolean; readonly base: string },
): Promise<MadeWorktree> {
  const { path, branch, base } = options;
  const { git } = context;
  const head =
    branch === null
      ? ['--detach', path, base]
      : options.createBranch
        ? ['--no-track', '-b', shortBranchName(branch), path, base]
        : [path, shortBranchName(branch)];
  const { root, gitDir } = await context.layout();
  const args = ['worktree', 'add', '--lock', '--reason', LOCK_REASON, ...head];
  const added = await context.lanes.run('worktree add', () => git.run({ place: { gitDir, workTree: root }, env: RUNTIME_IDENTITY, args }));
  const refuse = async (reason: string): Promise<MadeWorktree> => {
    await eraseWorktree(context, path);
    return { kind: 'refused', reason };
  };
  const failure = filterFailure(added.stderr, path);
  if (failure !== null) return refuse(failure);
  if (added.exitCode !== 0)
    return refuse(
      `Could not make the worktree ${path}: ${added.stderr.trim().split('\n').at(-1) ?? 'git gave no reason'}. Free the branch or the path, then try again.`,
    );
  const gitFileSha256 = hashGitFile(path);
  const listed = await worktreeAt(context, path);
  if (gitFileSha256 === null || listed === null) throw new GitError(args, added.exitCode, added.stderr, 'left no worktree behind');
  const place = { gitDir: listed.gitDir, workTree: path };
  const pointers = await pointerFiles(context, place, base);
  return pointers === null ? { kind: 'made', place, gitFileSha256 } : refuse(pointers);
}

/** Marks a checkout as complete. */
export async function writeReadyMark(adminDir: string, mark: ReadyMark): Promise<void> {
  await writeFile(join(adminDir, READY_MARK), `${JSON.stringify(mark)}\n`);
}
