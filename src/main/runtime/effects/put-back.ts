import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';

const namedAtMost = 10;

/** What a role may change of the project, as its settings say. */
export interface PathRights {
  /** False where no path at all may be changed. */
  readonly mayWrite: boolean;
  mayChange(path: string): boolean;
}

/** What was done about the files that a turn changed. */
export interface PutBack {
  /** The worktree's tree afterwards. */
  readonly tree: string;
  readonly notes: readonly string[];
}

/** Puts back what the role may not change, and only that: the rest is the turn's result. `before` and `after` are trees. */
export async function putBack(
  git: GitRepository,
  worktree: WorktreeRecord,
  trees: { readonly before: string; readonly after: string },
  role: string,
  rights: PathRights,
): Promise<PutBack> {
  const changed = (await git.changedFiles(trees.before, trees.after)).map(({ path }) => path);
  const foreign = changed.filter((path) => !rights.mayChange(path));
  if (foreign.length === 0) return { tree: trees.after, notes: [] };
  await git.restorePaths(worktree, trees.before, foreign);
  const named = foreign.slice(0, namedAtMost).join(', ');
  const more = foreign.length > namedAtMost ? ` and ${foreign.length - namedAtMost} more` : '';
  const what = rights.mayWrite ? 'may not change these files of the project' : 'may not change files of the project';
  return { tree: await git.writeTree(worktree), notes: [`The ${role} ${what}; put back: ${named}${more}.`] };
}
