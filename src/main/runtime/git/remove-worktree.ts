import type { WorktreeRecord } from '../ports/git-repository.js';
import { readCheckpoint } from './checkpoints.js';
import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { isAncestor, tipOf, treeOf } from './read-objects.js';
import { worktreeAt } from './list-worktrees.js';
import { eraseWorktree, isOurs } from './make-worktree.js';
import { buildTreeOverHead } from './write-tree.js';
import { inspectWorktree } from './worktree-place.js';

/** What became of it. */
export type RemoveResult = { readonly kind: 'removed' | 'absent' } | { readonly kind: 'refused'; readonly reason: string };

/** Whether a commit stays reachable from a branch other than `except` or from refs/muster. */
async function isKept(context: GitContext, commit: string, except: string | null): Promise<boolean> {
  const args = ['for-each-ref', `--contains=${commit}`, '--format=%(refname)', 'refs/heads', 'refs/muster'];
  const refs = (await context.git.must({ place: await objectsPlace(context), args, readsOnly: true })).text.split('\n');
  return refs.some((ref) => ref !== '' && ref !== except);
}

async function refusalOfFiles(context: GitContext, worktree: WorktreeRecord, checkpointId: string | null): Promise<string | null> {
  const state = await inspectWorktree(context, worktree);
  if (state.kind === 'git-file-replaced') return state.reason;
  if (state.kind !== 'as-recorded') return null;
  const { tree, head } = await buildTreeOverHead(context, state.place);
  const isClean = head !== null && (await treeOf(context, head)) === tree;
  const kept = checkpointId === null ? null : await readCheckpoint(context, checkpointId);
  if (isClean || kept?.tree === tree) return null;
  return `Could not remove the worktree ${worktree.path}: it has changes that no checkpoint holds. Keep a checkpoint or discard them, then try again.`;
}

async function refusalOfCommits(
  context: GitContext,
  worktree: WorktreeRecord,
  head: string | null,
  deleteBranch: boolean,
): Promise<string | null> {
  const tip = worktree.branch === null ? null : await tipOf(context, worktree.branch);
  for (const commit of new Set([head, tip])) {
    if (commit === null || (await isKept(context, commit, deleteBranch ? worktree.branch : null))) continue;
    return `Could not remove the worktree ${worktree.path}: its commit ${commit.slice(0, 12)} is on no other branch. Integrate it or keep a checkpoint, then try again.`;
  }
  return null;
}

async function deleteBranchOf(context: GitContext, worktree: WorktreeRecord): Promise<void> {
  if (worktree.branch === null) return;
  const tip = await tipOf(context, worktree.branch);
  if (tip === null) return;
  context.movedRefs.set(worktree.branch, null);
  await context.git.must({ place: await objectsPlace(context), args: ['update-ref', '-d', worktree.branch, tip] });
}

/** Removes a worktree if nothing is lost by it; see the port. Finishes a removal that was killed. */
export async function removeWorktree(
  context: GitContext,
  worktree: WorktreeRecord,
  options: { readonly checkpoint: string | null; readonly deleteBranch: boolean },
): Promise<RemoveResult> {
  if (worktree.gitFileSha256 === null) return { kind: 'refused', reason: `Could not remove ${worktree.path}: it is the project itself.` };
  const listed = await worktreeAt(context, worktree.path);
  if (listed !== null && !isOurs(listed))
    return {
      kind: 'refused',
      reason: `Could not remove the worktree ${worktree.path}: somebody unlocked it or put their own there. Remove it by hand with \`git worktree remove\`.`,
    };
  const isDoomed = listed === null ? null : await refusalOfFiles(context, worktree, options.checkpoint);
  if (isDoomed !== null) return { kind: 'refused', reason: isDoomed };
  const head = listed?.head ?? null;
  const realHead = head !== null && (await isAncestor(context, head, head)) ? head : null;
  const refusal = await refusalOfCommits(context, worktree, realHead, options.deleteBranch);
  if (refusal !== null) return { kind: 'refused', reason: refusal };
  if (listed !== null) await eraseWorktree(context, worktree.path);
  if (options.deleteBranch) await deleteBranchOf(context, worktree);
  return { kind: listed === null ? 'absent' : 'removed' };
}
