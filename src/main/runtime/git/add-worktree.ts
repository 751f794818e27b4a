import { lstat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { StandingWorktree, WorktreeRecord, WorktreeResult } from '../ports/git-repository.js';
import { copyIgnored } from './copy-ignored.js';
import type { GitContext } from './git-context.js';
import { findRepository, fullBranchName } from './git-context.js';
import { isAncestor, tipOf } from './read-objects.js';
import type { ListedWorktree } from './list-worktrees.js';
import { worktreeAt } from './list-worktrees.js';
import { eraseWorktree, isOccupied, isOurs, makeWorktree, readReadyMark, realTarget, writeReadyMark } from './make-worktree.js';
import type { GitPlace } from './run-git.js';
import { branchOf, headOf } from './write-tree.js';
import { hashGitFile, isMissing } from './worktree-place.js';

/** What a worktree should be. */
export interface WorktreeRequest {
  readonly path: string;
  readonly branch: string | null;
  readonly base: string;
  readonly copy: readonly string[];
  readonly submodules: boolean;
}

const refused = (reason: string): WorktreeResult => ({ kind: 'refused', reason });

/** Why no worktree can be made from this project at all; null when one can. */
async function refusalOfProject(context: GitContext, request: WorktreeRequest): Promise<string | null> {
  const found = await findRepository(context.git, context.projectPath);
  if (found.kind === 'none')
    return `Could not make a worktree: ${context.projectPath} is not in a git repository. Run \`git init\` there and make a first commit.`;
  if (found.kind === 'bare')
    return `Could not make a worktree: ${context.projectPath} is a bare repository, which has no files to work on. Open a clone of it.`;
  if ((await tipOf(context, 'HEAD')) === null && (await tipOf(context, request.base)) === null) {
    return `Could not make a worktree: ${found.layout.root} has no commit yet. Make the first commit there, then start again.`;
  }
  if ((await tipOf(context, request.base)) === null)
    return `Could not make a worktree: the commit ${request.base} does not exist in ${found.layout.root}. Choose another base.`;
  const { root } = found.layout;
  if (`${request.path}${sep}`.startsWith(`${root}${sep}`))
    return `Could not make a worktree at ${request.path}: it lies inside the project. Choose a folder outside of ${root}.`;
  return null;
}

/** The worktree that stands there as asked, `null` when the path is free (a half-made one is cleaned away), or a refusal. */
async function adopt(context: GitContext, request: WorktreeRequest, branch: string | null): Promise<WorktreeResult | null> {
  const { path, base } = request;
  const listed = await worktreeAt(context, path);
  if (listed === null)
    return (await isOccupied(path))
      ? refused(`Could not make a worktree at ${path}: something else stands there. Move it away, then try again.`)
      : null;
  if (!isOurs(listed))
    return refused(
      `Could not make a worktree at ${path}: somebody else's worktree stands there. Remove it with \`git worktree remove\`, then try again.`,
    );
  const mark = await readReadyMark(listed.gitDir);
  const isThere = await lstat(path).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
  if (mark === null || !isThere) {
    await eraseWorktree(context, path);
    return null;
  }
  if (mark.branch !== branch || mark.base !== base)
    return refused(`Could not make a worktree at ${path}: one for another branch or commit stands there. Remove it first.`);
  if (hashGitFile(path) !== mark.gitFileSha256)
    return refused(`Could not use the worktree at ${path}: its .git file was replaced. Look at it, remove the worktree, then try again.`);
  if ((await branchOf(context, { gitDir: listed.gitDir, workTree: null })) !== branch)
    return refused(
      `Could not use the worktree at ${path}: it was switched to another branch. Switch it back${branch === null ? '' : ` to ${branch}`}, then try again.`,
    );
  return { kind: 'ready', worktree: { path, branch, base, gitFileSha256: mark.gitFileSha256 }, notes: [] };
}

/** Whether the branch has to be made; a refusal when it stands where this work does not belong. */
async function planBranch(
  context: GitContext,
  branch: string | null,
  base: string,
): Promise<{ readonly create: boolean; readonly notes: readonly string[] } | { readonly refusal: string }> {
  const tip = branch === null ? null : await tipOf(context, branch);
  if (tip === null) return { create: true, notes: [] };
  if (tip === base) return { create: false, notes: [] };
  if (await isAncestor(context, base, tip))
    return { create: false, notes: [`The branch ${branch} has commits already; the worktree goes on from them.`] };
  return {
    refusal: `Could not make a worktree: the branch ${branch} exists and does not come from ${base.slice(0, 12)}. Rename or delete it, then try again.`,
  };
}

async function initialiseSubmodules(context: GitContext, place: GitPlace & { readonly workTree: string }): Promise<string | null> {
  const hasModules = await lstat(join(place.workTree, '.gitmodules')).then(
    () => true,
    () => false,
  );
  if (!hasModules) return null;
  const done = await context.git.run({ place, args: ['submodule', 'update', '--init', '--recursive'] });
  if (done.exitCode === 0) return null;
  return `Could not initialise the submodules of ${place.workTree}: ${done.stderr.trim().split('\n').at(-1) ?? 'git gave no reason'}. Run \`git submodule update --init\` in the project to see why.`;
}

/** Makes, finishes or adopts a locked worktree; see the port. Repeating it after a kill at any point is safe. */
export async function addWorktree(context: GitContext, options: WorktreeRequest): Promise<WorktreeResult> {
  const request = { ...options, path: await realTarget(options.path) };
  const branch = request.branch === null ? null : fullBranchName(request.branch);
  const refusal = await refusalOfProject(context, request);
  if (refusal !== null) return refused(refusal);
  const standing = await adopt(context, request, branch);
  if (standing !== null) return standing;
  const plan = await planBranch(context, branch, request.base);
  if ('refusal' in plan) return refused(plan.refusal);
  if (branch !== null && plan.create) context.movedRefs.set(branch, request.base);
  const made = await makeWorktree(context, { path: request.path, branch, createBranch: plan.create, base: request.base });
  if (made.kind === 'refused') return made;
  const failure = request.submodules ? await initialiseSubmodules(context, made.place) : null;
  if (failure !== null) {
    await eraseWorktree(context, request.path);
    return refused(failure);
  }
  const copyNotes = await copyIgnored(context, made.place, request.copy);
  const worktree: WorktreeRecord = { path: request.path, branch, base: request.base, gitFileSha256: made.gitFileSha256 };
  await writeReadyMark(made.place.gitDir, { branch, base: request.base, gitFileSha256: made.gitFileSha256 });
  return { kind: 'ready', worktree, notes: [...plan.notes, ...copyNotes] };
}

async function completeAt(context: GitContext, path: string): Promise<ListedWorktree | null> {
  const listed = await worktreeAt(context, await realTarget(path));
  return listed !== null && (await isOccupied(listed.path)) && (await readReadyMark(listed.gitDir)) !== null ? listed : null;
}

/** Whether a complete worktree of the runtime stands at a path. */
export const hasWorktree = async (context: GitContext, path: string): Promise<boolean> => (await completeAt(context, path)) !== null;

/** What stands where a worktree was made; see the port. In place it is the project's own checkout, which is always there. */
export async function standing(context: GitContext, worktree: WorktreeRecord): Promise<StandingWorktree> {
  if (worktree.gitFileSha256 === null) {
    const place = { gitDir: (await context.layout()).gitDir, workTree: null };
    return { kind: 'there', branch: await branchOf(context, place), head: await headOf(context, place) };
  }
  const listed = await completeAt(context, worktree.path);
  return listed === null ? { kind: 'gone' } : { kind: 'there', branch: listed.branch, head: listed.head };
}
