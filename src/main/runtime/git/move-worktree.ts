import type { WorktreeRecord, WorktreeResult } from '../ports/git-repository.js';
import { checkpoint } from './checkpoints.js';
import type { GitContext } from './git-context.js';
import { RUNTIME_IDENTITY } from './git-context.js';
import { writeReadyMark } from './make-worktree.js';
import { putOnTop } from './put-on-top.js';
import { placeOf } from './worktree-place.js';

/** The work's commit is named between the markers of a conflict: with a date of its own a repeated call would leave other files, which are then taken for a person's. */
const WORK_DATE = '2000-01-01T00:00:00Z';

/**
 * Moves a worktree's branch to `onto` and puts its own changes on top of it: merged where they fit, with both sides between markers
 * where they do not. The state before is the checkpoint `moved-<id>`, from which a repeated call begins again.
 */
export async function moveWorktree(
  context: GitContext,
  worktree: WorktreeRecord,
  move: { readonly onto: string; readonly id: string },
): Promise<WorktreeResult> {
  const { onto } = move;
  const before = await checkpoint(context, worktree, `moved-${move.id}`);
  const place = await placeOf(context, worktree);
  const env = { ...RUNTIME_IDENTITY, GIT_AUTHOR_DATE: WORK_DATE, GIT_COMMITTER_DATE: WORK_DATE };
  const args = ['commit-tree', '--no-gpg-sign', before.tree, '-p', worktree.base];
  const work = (await context.git.must({ place, env, args, stdin: 'Work to be moved\n' })).text.trim();
  if (worktree.branch !== null) context.movedRefs.set(worktree.branch, onto);
  const put = await putOnTop(context, place, { onto, work });
  if ('failure' in put) {
    return {
      kind: 'refused',
      reason: `Could not put the work of ${worktree.path} onto ${onto.slice(0, 12)}: ${put.failure} Its state is kept as the checkpoint moved-${move.id}.`,
    };
  }
  const moved: WorktreeRecord = { ...worktree, base: onto };
  await writeReadyMark(place.gitDir, { branch: moved.branch, base: moved.base, gitFileSha256: moved.gitFileSha256 ?? '' });
  return {
    kind: 'ready',
    worktree: moved,
    notes: put.unmerged.length > 0 ? [`Both sides stand between markers in ${put.unmerged.join(', ')}.`] : [],
  };
}
