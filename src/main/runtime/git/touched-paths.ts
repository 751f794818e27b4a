import type { WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { splitNul } from './run-git.js';
import { placeOf } from './worktree-place.js';
import { headOf, withPrivateIndex } from './write-tree.js';

/**
 * Paths of a worktree whose files may differ from HEAD, untracked ones included and ignored ones not. No content of a file gets
 * into the repository by it, so that it can be asked before something is looked for in those files.
 */
export async function touchedPaths(context: GitContext, worktree: WorktreeRecord): Promise<readonly string[]> {
  const place = await placeOf(context, worktree);
  const head = await headOf(context, place);
  return withPrivateIndex(context, place, async (env) => {
    const { git } = context;
    await git.must({ place, env, args: head === null ? ['read-tree', '--empty'] : ['read-tree', '--reset', head] });
    const [changed, untracked] = await Promise.all([
      git.must({ place, env, args: ['diff-files', '-z', '--name-only', '--ignore-submodules=all'], readsOnly: true }),
      git.must({ place, env, args: ['ls-files', '-z', '--others', '--exclude-standard'], readsOnly: true }),
    ]);
    return [...splitNul(changed.text), ...splitNul(untracked.text).filter((path) => !path.endsWith('/'))];
  });
}
