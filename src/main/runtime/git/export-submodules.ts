import { join } from 'node:path';
import type { SubmoduleAt } from '../ports/git-repository.js';
import { writeOut } from './export-tree.js';
import type { GitContext } from './git-context.js';
import { submodulesOf } from './read-objects.js';
import { splitNul } from './run-git.js';
import { namesIn } from './worktree-place.js';

/** A repository whose tree is written, and where git keeps those of its submodules: the project has such a place for each worktree. */
interface Holder {
  readonly gitDir: string;
  readonly stores: readonly string[];
  readonly treeish: string;
  readonly to: string;
}

const next = 'Run `git submodule update --init --recursive` in the project, then retry.';

/** Names of submodules by their path, as `.gitmodules` of the tree has them. */
async function namesByPath(context: GitContext, { gitDir, treeish }: Holder): Promise<ReadonlyMap<string, string>> {
  const args = ['config', '--blob', `${treeish}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const said = await context.git.run({ place: { gitDir, workTree: null }, args, readsOnly: true });
  const pairs = splitNul(said.exitCode === 0 ? said.text : '').map((entry): readonly [string, string] => {
    const end = entry.indexOf('\n');
    return [entry.slice(end + 1), entry.slice('submodule.'.length, end - '.path'.length)];
  });
  return new Map(pairs);
}

/** A name is part of a path, and an agent may have written it; git takes no such name either. */
const isSafeName = (name: string): boolean =>
  name !== '' && name.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..');

async function hasCommit(context: GitContext, gitDir: string, commit: string): Promise<boolean> {
  const args = ['cat-file', '-e', `${commit}^{commit}`];
  return (await context.git.run({ place: { gitDir, workTree: null }, args, readsOnly: true })).exitCode === 0;
}

async function findHolder(
  context: GitContext,
  { stores, to }: Holder,
  { path, commit }: SubmoduleAt,
  name: string,
): Promise<Holder | null> {
  const repositories = stores.map((store) => join(store, name));
  for (const gitDir of repositories) {
    if (!(await hasCommit(context, gitDir, commit))) continue;
    return { gitDir, stores: repositories.map((repository) => join(repository, 'modules')), treeish: commit, to: join(to, path) };
  }
  return null;
}

async function writeSubmodules(context: GitContext, holder: Holder): Promise<string | null> {
  const submodules = await submodulesOf(context, holder.treeish, holder.gitDir);
  const names = submodules.length === 0 ? new Map<string, string>() : await namesByPath(context, holder);
  for (const submodule of submodules) {
    const what = `Could not put the submodule ${submodule.path} into the clean checkout`;
    const name = names.get(submodule.path);
    if (name === undefined || !isSafeName(name))
      return `${what}: .gitmodules does not say which one belongs there. Name it there, or take it out of the work.`;
    const found = await findHolder(context, holder, submodule, name);
    if (found === null) return `${what}: this machine has no commit ${submodule.commit.slice(0, 12)} of it. ${next}`;
    await writeOut(context, found.gitDir, found.treeish, found.to);
    const failure = await writeSubmodules(context, found);
    if (failure !== null) return failure;
  }
  return null;
}

/** Puts the files of all submodules of a tree into a folder that `exportTree` filled; see the port. */
export async function exportSubmodules(context: GitContext, treeish: string, to: string): Promise<string | null> {
  const { commonDir } = await context.layout();
  const worktrees = join(commonDir, 'worktrees');
  const gitDirs = [commonDir, ...namesIn(worktrees).map((name) => join(worktrees, name))];
  const stores = gitDirs.map((gitDir) => join(gitDir, 'modules'));
  return writeSubmodules(context, { gitDir: commonDir, stores, treeish, to });
}
