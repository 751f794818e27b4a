import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import type { CommitResult, WorktreeRecord } from '../ports/git-repository.js';
import { filterFailure } from './check-filters.js';
import { changedFiles } from './compare-trees.js';
import { findCloseout, withCloseoutTrailer } from './find-closeout.js';
import type { GitContext } from './git-context.js';
import { authorEnv, closeoutRef, fullBranchName, RUNTIME_IDENTITY } from './git-context.js';
import { GitError } from './git-error.js';
import { identityRefusal } from './inspect.js';
import { isAncestor, treeOf } from './read-objects.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';
import { writeCommit } from './sign-commit.js';
import type { BuiltTree } from './write-tree.js';
import { branchOf, buildTree, headOf } from './write-tree.js';
import { inspectWorktree } from './worktree-place.js';

/** What is to be committed; see the port. */
export interface CommitRequest {
  readonly message: string;
  readonly closeoutId: string;
  readonly parent: string;
  readonly signTimeoutMs: number;
  readonly identity?: CommitIdentity | null;
  readonly paths?: readonly string[];
}

type Place = GitPlace & { readonly workTree: string };

const refused = (reason: string): CommitResult => ({ kind: 'refused', reason });

async function pathsIn(context: GitContext, place: GitPlace, ...args: string[]): Promise<readonly string[]> {
  return splitNul((await context.git.must({ place, args, readsOnly: true })).text);
}

/** Why nothing may be committed there now; null when it may. */
async function refusalOf(context: GitContext, worktree: WorktreeRecord, place: Place, request: CommitRequest): Promise<string | null> {
  const branch = worktree.branch === null ? null : fullBranchName(worktree.branch);
  const current = await branchOf(context, place);
  if (current !== branch) {
    const name = (ref: string | null): string => ref ?? 'no branch';
    return `Could not commit the work in ${worktree.path}: it was switched to ${name(current)}. Switch it back to ${name(branch)}, then try again.`;
  }
  const stages = await pathsIn(context, place, 'ls-files', '-u', '-z');
  const unmerged = [...new Set(stages.map((line) => line.slice(line.indexOf('\t') + 1)))];
  if (unmerged.length > 0)
    return `Could not commit the work in ${worktree.path}: ${unmerged.join(', ')} has unresolved conflicts. Resolve them, then try again.`;
  const tip = await headOf(context, place);
  if (tip === null || (tip !== request.parent && !(await isAncestor(context, request.parent, tip)))) {
    return `Could not commit the work in ${worktree.path}: its branch does not come from ${request.parent.slice(0, 12)}. Look at \`git log\` there, then start the work again.`;
  }
  return null;
}

async function acceptedPaths(
  context: GitContext,
  worktree: WorktreeRecord,
  place: Place,
  request: CommitRequest,
): Promise<(path: string) => boolean> {
  if (request.paths !== undefined) {
    const wanted = new Set(request.paths);
    return (path) => wanted.has(path);
  }
  if (worktree.gitFileSha256 !== null) return () => true;
  const staged = new Set(await pathsIn(context, place, 'diff-index', '--cached', '--name-only', '--no-renames', '-z', request.parent));
  return (path) => !staged.has(path);
}

async function treeToCommit(
  context: GitContext,
  place: Place,
  parent: string,
  accepts: (path: string) => boolean,
): Promise<BuiltTree | { readonly refusal: string }> {
  try {
    return await buildTree(context, place, parent, accepts);
  } catch (error) {
    const failure = error instanceof GitError ? filterFailure(error.stderr, place.workTree) : null;
    if (failure === null) throw error;
    return { refusal: failure };
  }
}

/** Whether the files still are what that commit made of its parent. What a person staged meanwhile, or the index from before it, says nothing here. */
async function stillHolds(context: GitContext, place: Place, parent: string, { commit, tree }: { commit: string; tree: string }) {
  const paths = new Set((await changedFiles(context, parent, commit)).map(({ path }) => path));
  return (await buildTree(context, place, parent, (path) => paths.has(path))).tree === tree;
}

/** The commit that an earlier, perhaps killed call made; a refusal when the closeout's id is on another one. */
async function alreadyMade(
  context: GitContext,
  worktree: WorktreeRecord,
  place: Place,
  request: CommitRequest,
  tree: string,
): Promise<CommitResult | null> {
  const tip = await headOf(context, place);
  const found = tip === null ? null : await findCloseout(context, tip, request.closeoutId);
  if (found === null) return null;
  const { parent } = request;
  const isInPlace = worktree.gitFileSha256 === null;
  const isOnTop = found.commit === tip && found.parent === parent;
  if (isOnTop && (found.tree === tree || (isInPlace && (await stillHolds(context, place, parent, found)))))
    return committed(context, parent, found.commit, found.tree);
  return refused(
    `Could not commit closeout ${request.closeoutId}: ${found.commit.slice(0, 12)} carries its trailer but has another parent or other files. Look at that commit, then start a new revision.`,
  );
}

async function committed(context: GitContext, parent: string, commit: string, tree: string): Promise<CommitResult> {
  return { kind: 'committed', commit, tree, paths: (await changedFiles(context, parent, commit)).map((file) => file.path) };
}

/** Lets the checkout's index follow the commit: all of it in a worktree, only the committed paths where a person works too. */
async function followIndex(
  context: GitContext,
  worktree: WorktreeRecord,
  place: Place,
  commit: string,
  paths: readonly string[],
): Promise<void> {
  if (worktree.gitFileSha256 !== null) {
    const followed = await context.git.run({ place, args: ['read-tree', '--reset', commit] });
    // Flags that hide changes make git refuse; such an index is made anew.
    if (followed.exitCode !== 0) {
      await rm(join(place.gitDir, 'index'), { force: true });
      await context.git.must({ place, args: ['read-tree', commit] });
    }
  } else {
    const stdin = paths.map((path) => `${path}\0`).join('');
    await context.git.must({ place, args: ['reset', '-q', '--pathspec-from-file=-', '--pathspec-file-nul', commit], stdin });
  }
  await context.git.run({ place, args: ['update-index', '-q', '--refresh'] });
}

async function moveBranch(
  context: GitContext,
  worktree: WorktreeRecord,
  place: Place,
  commit: string,
  from: string,
  closeoutId: string,
): Promise<void> {
  const keep = ['update-ref', closeoutRef(closeoutId), commit];
  await context.git.must({ place, env: RUNTIME_IDENTITY, args: keep });
  if (worktree.branch !== null) context.movedRefs.set(fullBranchName(worktree.branch), commit);
  const target = worktree.branch === null ? ['--no-deref', 'HEAD'] : [fullBranchName(worktree.branch)];
  await context.git.must({ place, args: ['update-ref', '-m', `closeout ${closeoutId}`, ...target, commit, from] });
}

/** Makes the one commit of a closeout; see the port. What a kill leaves is adopted or overwritten by the next call. */
export async function commitAll(context: GitContext, worktree: WorktreeRecord, request: CommitRequest): Promise<CommitResult> {
  const state = await inspectWorktree(context, worktree);
  if (state.kind !== 'as-recorded') return refused(state.reason);
  const { place } = state;
  const refusal = await refusalOf(context, worktree, place, request);
  if (refusal !== null) return refused(refusal);
  const accepts = await acceptedPaths(context, worktree, place, request);
  const built = await treeToCommit(context, place, request.parent, accepts);
  if ('refusal' in built) return refused(built.refusal);
  if (built.nestedRepositories.length > 0 && worktree.gitFileSha256 !== null) {
    return refused(
      `Could not commit the work in ${worktree.path}: ${built.nestedRepositories.join(', ')} is a repository of its own. Remove its .git folder or the whole folder, then try again.`,
    );
  }
  const made = await alreadyMade(context, worktree, place, request, built.tree);
  if (made !== null) {
    if (made.kind === 'committed') await followIndex(context, worktree, place, made.commit, made.paths);
    return made;
  }
  if (built.tree === (await treeOf(context, request.parent))) return { kind: 'nothing-to-commit' };
  const nameless = await identityRefusal(context, place, request.identity ?? null);
  if (nameless !== null) return refused(nameless);
  const message = withCloseoutTrailer(request.message, request.closeoutId);
  const written = await writeCommit(context, place, {
    tree: built.tree,
    parent: request.parent,
    message,
    signTimeoutMs: request.signTimeoutMs,
    env: authorEnv(request.identity ?? null),
  });
  if (written.kind === 'refused') return written;
  const result = await committed(context, request.parent, written.commit, built.tree);
  await moveBranch(context, worktree, place, written.commit, (await headOf(context, place)) ?? request.parent, request.closeoutId);
  if (result.kind === 'committed') await followIndex(context, worktree, place, written.commit, result.paths);
  return result;
}
