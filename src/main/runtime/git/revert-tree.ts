import type { RevertRequest, RevertResult } from '../ports/git-repository.js';
import { filterFailure } from './check-filters.js';
import type { GitContext } from './git-context.js';
import { GitError } from './git-error.js';
import { treeOf } from './read-objects.js';
import { describeConflict, inScratch, unmergedFiles } from './scratch-checkout.js';
import type { ScratchPlace } from './scratch-checkout.js';

async function undo(context: GitContext, place: ScratchPlace, { commit, onto }: RevertRequest): Promise<RevertResult> {
  const args = ['revert', '--no-commit', '--no-edit', commit];
  const done = await context.git.run({ place, args, config: ['rerere.enabled=false'], env: { GIT_LFS_SKIP_SMUDGE: '1' } });
  if (done.exitCode !== 0) {
    const files = await unmergedFiles(context, place);
    if (files.length > 0) return describeConflict(context, place, { base: commit, onto }, files);
    const failure = filterFailure(done.stderr, place.workTree);
    if (failure === null) throw new GitError(args, done.exitCode, done.stderr);
    return { kind: 'refused', reason: failure };
  }
  const tree = (await context.git.must({ place, args: ['write-tree'] })).text.trim();
  return tree === (await treeOf(context, onto)) ? { kind: 'empty' } : { kind: 'reverted', tree };
}

/** The tree of `onto` without what `commit` brought, made with `git revert` in a scratch checkout; no ref moves, and nothing stays. */
export const revertTree = (context: GitContext, request: RevertRequest): Promise<RevertResult> =>
  inScratch(context, { path: request.scratch, base: request.onto, what: 'revert' }, (place) => undo(context, place, request));
