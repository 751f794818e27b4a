import type { WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { readable } from './byte-path.js';
import type { Look } from './kept-index.js';
import { lookAt } from './kept-index.js';
import { splitNul } from './run-git.js';
import { placeOf } from './worktree-place.js';
import { headOf, withPrivateIndex } from './write-tree.js';

/** What `touchedPaths` says, with the tree of the same look when git has all of it already; see the port. */
export async function lookOver(
  context: GitContext,
  worktree: WorktreeRecord,
): Promise<{ readonly touched: readonly string[]; readonly tree: string | null }> {
  const look = await lookAt(context, await placeOf(context, worktree));
  if (look === null) return { touched: await touchedPaths(context, worktree), tree: null };
  const isAsKept = look.isPlain && look.removed.length === 0 && look.written.length === 0;
  return { touched: touchedBy(look), tree: isAsKept ? look.kept.tree : null };
}

const touchedBy = (look: Look): readonly string[] => [...new Set([...look.differing, ...look.removed, ...look.written])].map(readable);

/**
 * Paths of a worktree whose files may differ from HEAD, untracked ones included and ignored ones not. No content of a file gets
 * into the repository by it, so that it can be asked before something is looked for in those files.
 */
export async function touchedPaths(context: GitContext, worktree: WorktreeRecord): Promise<readonly string[]> {
  const place = await placeOf(context, worktree);
  const look = await lookAt(context, place);
  if (look !== null) return touchedBy(look);
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
