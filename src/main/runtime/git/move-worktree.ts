import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorktreeRecord, WorktreeResult } from '../ports/git-repository.js';
import { checkpoint } from './checkpoints.js';
import type { GitContext } from './git-context.js';
import { RUNTIME_IDENTITY } from './git-context.js';
import { writeReadyMark } from './make-worktree.js';
import { splitNul } from './run-git.js';
import { placeOf } from './worktree-place.js';

const leftOver: readonly string[] = ['CHERRY_PICK_HEAD', 'MERGE_MSG', 'AUTO_MERGE', 'index.lock'];

/**
 * Moves a worktree's branch to `onto` and puts its own changes on top of it: merged where they fit, with both sides between markers
 * where they do not. The state before is the checkpoint `moved-<id>`, from which a repeated call begins again.
 */
export async function moveWorktree(
  context: GitContext,
  worktree: WorktreeRecord,
  move: { readonly onto: string; readonly id: string },
): Promise<WorktreeResult> {
  const { git } = context;
  const before = await checkpoint(context, worktree, `moved-${move.id}`);
  const place = await placeOf(context, worktree);
  for (const name of leftOver) await rm(join(place.gitDir, name), { force: true });
  const date = context.clock.now();
  const env = { ...RUNTIME_IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const work = (
    await git.must({ place, env, args: ['commit-tree', '--no-gpg-sign', before.tree, '-p', worktree.base], stdin: 'Work to be moved\n' })
  ).text.trim();
  if (worktree.branch !== null) context.movedRefs.set(worktree.branch, move.onto);
  await git.must({ place, env: RUNTIME_IDENTITY, args: ['reset', '--hard', '--quiet', move.onto] });
  await git.must({ place, args: ['clean', '-fd', '--quiet'], literalPaths: false });
  const picked = await git.run({ place, env, args: ['cherry-pick', '--no-commit', '--keep-redundant-commits', work] });
  const unmerged = splitNul((await git.must({ place, args: ['diff', '--name-only', '-z', '--diff-filter=U'], readsOnly: true })).text);
  if (picked.exitCode !== 0 && unmerged.length === 0) {
    return {
      kind: 'refused',
      reason: `Could not put the work of ${worktree.path} onto ${move.onto.slice(0, 12)}: ${picked.stderr.trim()} Its state is kept as the checkpoint moved-${move.id}.`,
    };
  }
  for (const name of leftOver) await rm(join(place.gitDir, name), { force: true });
  await git.must({ place, env: RUNTIME_IDENTITY, args: ['reset', '--mixed', '--quiet', move.onto] });
  const moved: WorktreeRecord = { ...worktree, base: move.onto };
  await writeReadyMark(place.gitDir, { branch: moved.branch, base: moved.base, gitFileSha256: moved.gitFileSha256 ?? '' });
  return {
    kind: 'ready',
    worktree: moved,
    notes: unmerged.length > 0 ? [`Both sides stand between markers in ${unmerged.join(', ')}.`] : [],
  };
}
