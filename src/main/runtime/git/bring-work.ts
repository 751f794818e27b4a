import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroughtWork, WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { readTextIfThere } from './list-worktrees.js';
import { putOnTop } from './put-on-top.js';
import { placeOf } from './worktree-place.js';

/** Written into the administrative folder when the work is there; what is done in the worktree from then on is not undone by a repeat. */
const BROUGHT_MARK = 'muster-brought';

/** Puts what a commit changes into a fresh worktree, on top of its base and not committed; see the port. */
export async function bringWork(context: GitContext, worktree: WorktreeRecord, commit: string): Promise<BroughtWork> {
  const place = await placeOf(context, worktree);
  const mark = await readTextIfThere(join(place.gitDir, BROUGHT_MARK));
  if (mark?.endsWith('}\n')) return JSON.parse(mark) as BroughtWork;
  const put = await putOnTop(context, place, { onto: worktree.base, work: commit });
  if ('failure' in put)
    return {
      kind: 'refused',
      reason: `Could not put the work of ${commit.slice(0, 12)} into ${worktree.path}: ${put.failure} Look at that commit, then retry.`,
    };
  const brought: BroughtWork = { kind: 'brought', unmerged: put.unmerged };
  await writeFile(join(place.gitDir, BROUGHT_MARK), `${JSON.stringify(brought)}\n`);
  return brought;
}
