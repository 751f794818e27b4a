import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntegrateResult } from '../ports/git-repository.js';
import { changedFiles } from './compare-trees.js';
import type { GitContext } from './git-context.js';
import { shortBranchName } from '../../../shared/domain/branch-name.js';
import { fullBranchName, objectsPlace } from './git-context.js';
import { GitError } from './git-error.js';
import { dirtyPathsOf } from './inspect.js';
import type { ListedWorktree } from './list-worktrees.js';
import { listWorktrees, readTextIfThere } from './list-worktrees.js';
import { isAncestor, tipOf } from './read-objects.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';
import { branchOf } from './write-tree.js';
import { isMissing } from './worktree-place.js';

/** Files of a git folder that mean that somebody is in the middle of something, and what it is. */
export const RUNNING_OPERATIONS: readonly (readonly [file: string, what: string])[] = [
  ['index.lock', 'another git command is running (or was killed)'],
  ['MERGE_HEAD', 'a merge is not finished'],
  ['rebase-merge', 'a rebase is not finished'],
  ['rebase-apply', 'a rebase or `git am` is not finished'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick is not finished'],
  ['REVERT_HEAD', 'a revert is not finished'],
];

/** What is to be moved. */
export interface IntegrateRequest {
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );

const waiting = (where: string, why: string, files: readonly string[]): IntegrateResult => ({
  kind: 'waiting',
  reason: `Waiting for your working tree ${where}: ${why}. Finish that there; the work is integrated afterwards.`,
  files,
});

async function runningOperation(worktree: ListedWorktree): Promise<IntegrateResult | null> {
  for (const [file, what] of RUNNING_OPERATIONS) {
    if (await isThere(join(worktree.gitDir, file))) return waiting(worktree.path, what, [join(worktree.gitDir, file)]);
  }
  return null;
}

/** A checkout that has the branch in use without standing on it: a rebase or bisect of it. */
async function usesBranch(worktree: ListedWorktree, target: string): Promise<string | null> {
  for (const file of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    const name = await readTextIfThere(join(worktree.gitDir, file));
    if (name !== null && fullBranchName(name.trim()) === target) return file;
  }
  return null;
}

/** Files of a person's that the change would touch: changed, staged, untracked and ignored ones. */
async function overlappingFiles(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  request: IntegrateRequest,
): Promise<readonly string[]> {
  const [dirty, changes] = await Promise.all([dirtyPathsOf(context, place), changedFiles(context, request.from, request.to)]);
  const touched = new Set(changes.map((change) => change.path));
  const overlapping = new Set(dirty.filter((path) => touched.has(path)));
  for (const { path, change } of changes) {
    if (change === 'added' && (await isThere(join(place.workTree, path)))) overlapping.add(path);
  }
  if (overlapping.size === 0) return [];
  const unlike = await pathsUnlike(context, place, request.to);
  const isStandingThere = new Set(await stagedPaths(context, place, request.from));
  return [...overlapping].filter((path) => unlike.has(path) || !isStandingThere.has(path)).sort();
}

async function stagedPaths(context: GitContext, place: GitPlace, commit: string): Promise<readonly string[]> {
  const args = ['diff-index', '--cached', '--name-only', '--no-renames', '-z', '--ignore-submodules=dirty', commit];
  return splitNul((await context.git.must({ place, args, readsOnly: true })).text);
}

/** Paths whose file or index entry is not as in the commit; the others are what a merge that was killed at its end has left. */
async function pathsUnlike(context: GitContext, place: GitPlace, commit: string): Promise<ReadonlySet<string>> {
  const args = ['diff-index', '--name-only', '--no-renames', '-z', '--ignore-submodules=dirty', commit];
  const onDisk = splitNul((await context.git.must({ place, args, readsOnly: true })).text);
  return new Set([...onDisk, ...(await stagedPaths(context, place, commit))]);
}

/** Paths that git lists below "would be overwritten", one per line behind a tab. */
const listedPaths = (stderr: string): readonly string[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.slice(1));

async function mergeThere(context: GitContext, worktree: ListedWorktree, request: IntegrateRequest): Promise<IntegrateResult> {
  const place = { gitDir: worktree.gitDir, workTree: worktree.path };
  if (!(await isThere(worktree.path)))
    return waiting(worktree.path, 'the folder is not there, but git has the branch checked out in it', []);
  const busy = await runningOperation(worktree);
  if (busy !== null) return busy;
  const overlapping = await overlappingFiles(context, place, request);
  if (overlapping.length > 0) return waiting(worktree.path, `it has own changes in ${overlapping.join(', ')}`, overlapping);
  if ((await branchOf(context, place)) !== request.target) return waiting(worktree.path, 'it was just switched to another branch', []);
  const args = ['merge', '--ff-only', '--no-overwrite-ignore', '--no-stat', '-q', request.to];
  const merged = await context.git.run({ place, args, config: ['merge.ff=only'], retryLocks: false });
  const tip = await tipOf(context, request.target);
  if (tip === request.to) return { kind: 'integrated', commit: request.to };
  if (tip !== null && tip !== request.from) return { kind: 'tip-moved', tip };
  const files = listedPaths(merged.stderr);
  if (files.length > 0) return waiting(worktree.path, `it has own changes in ${files.join(', ')}`, files);
  const lock = /Unable to create '([^']*\.lock)'/.exec(merged.stderr)?.[1];
  if (lock !== undefined) return waiting(worktree.path, 'another git command is running (or was killed)', [lock]);
  const why = splitNul(merged.stderr.trim().replaceAll('\n', ' '))[0] ?? 'git gave no reason';
  return {
    kind: 'refused',
    reason: `Could not move ${shortBranchName(request.target)} forward in ${worktree.path}: ${why} Look at that working tree, then try again.`,
  };
}

async function moveRef(context: GitContext, request: IntegrateRequest): Promise<IntegrateResult> {
  const args = ['update-ref', '-m', 'integrate', request.target, request.to, request.from];
  const moved = await context.git.run({ place: await objectsPlace(context), args });
  if (moved.exitCode === 0) return { kind: 'integrated', commit: request.to };
  const tip = await tipOf(context, request.target);
  if (tip !== null && tip !== request.from) return { kind: 'tip-moved', tip };
  throw new GitError(args, moved.exitCode, moved.stderr);
}

/**
 * Moves the target from `from` to `to`, which must come from it. Where the target is checked out, the files go with it or nothing
 * happens; nothing of a person's is ever stashed, reset or overwritten. Repeating it after a kill is safe.
 */
export async function integrate(context: GitContext, options: IntegrateRequest): Promise<IntegrateResult> {
  const request = { ...options, target: fullBranchName(options.target) };
  const { target, from, to } = request;
  const tip = await tipOf(context, target);
  if (tip === null)
    return {
      kind: 'refused',
      reason: `Could not integrate into ${shortBranchName(target)}: the branch does not exist. Choose another target.`,
    };
  if (await isAncestor(context, to, tip)) return { kind: 'integrated', commit: to };
  if (tip !== from) return { kind: 'tip-moved', tip };
  if (!(await isAncestor(context, from, to)))
    return {
      kind: 'refused',
      reason: `Could not integrate into ${shortBranchName(target)}: ${to.slice(0, 12)} does not come from its tip. Rebase it first.`,
    };
  context.movedRefs.set(target, to);
  const worktrees = await listWorktrees(context);
  const holder = worktrees.find((worktree) => worktree.branch === target);
  if (holder !== undefined) return mergeThere(context, holder, request);
  for (const worktree of worktrees) {
    const file = await usesBranch(worktree, target);
    if (file !== null)
      return waiting(worktree.path, `a rebase or bisect of ${shortBranchName(target)} is not finished`, [join(worktree.gitDir, file)]);
  }
  return moveRef(context, request);
}
