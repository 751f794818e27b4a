import { isAbsolute, relative, sep } from 'node:path';
import type { State } from '../../shared/domain/state.js';
import type { GitRepository } from './ports/git-repository.js';

/** Tells whether somebody else moved the project's HEAD since the last call, which replaces the files of a workspace inside it. */
export function headWatch(
  git: Pick<GitRepository, 'inspect'>,
  projectDir: string,
  workspaceDir: string,
  state: () => State,
): () => Promise<boolean> {
  const way = relative(projectDir, workspaceDir);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return () => Promise.resolve(false);
  let last: string | null = null;
  return async () => {
    const facts = await git.inspect();
    const head = facts.kind === 'repository' ? facts.head : null;
    const isOurs = Object.values(state().todos).some((todo) =>
      todo.revisions.some(({ commit, revert }) => head !== null && [commit, revert?.closeout.rebased].includes(head)),
    );
    const hasMoved = last !== null && head !== last && !isOurs;
    last = head;
    return hasMoved;
  };
}
