import { join } from 'node:path';
import { commitIdentity } from '../../../shared/domain/configuration.js';
import type { GitRepository } from '../ports/git-repository.js';
import type { EffectServices } from './effect-services.js';
import { worktreeFolder } from './worktree-folder.js';

/** The commit on top, or why the work does not fit together. */
export type Stacked =
  | { readonly kind: 'stacked'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Replays commits onto a base, each without what lay below it, in order; what the base has already is left out. */
export async function stackCommits(
  { paths, state }: EffectServices,
  git: GitRepository,
  { base, commits, id }: { readonly base: string; readonly commits: readonly string[]; readonly id: string },
): Promise<Stacked> {
  const identity = commitIdentity(state().configuration);
  let onto = base;
  for (const [index, commit] of commits.entries()) {
    const scratch = join(paths.scratch, worktreeFolder(`${id}-${index}`));
    const result = await git.rebase({ commit, onto, closeoutId: `base-${id}-${index}`, scratch, identity });
    if (result.kind === 'conflict' || result.kind === 'refused') return result;
    if (result.kind === 'rebased') onto = result.commit;
  }
  return { kind: 'stacked', commit: onto };
}
