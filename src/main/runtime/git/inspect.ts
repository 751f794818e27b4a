import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import type { ProjectFacts } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { findRepository } from './git-context.js';
import type { GitPlace } from './run-git.js';
import { oneLine, splitNul } from './run-git.js';

/** The configured name and e-mail address; null when one of them is not configured (a guess from the host name does not count). */
export async function configuredIdentity(context: GitContext, place: GitPlace): Promise<CommitIdentity | null> {
  const ask = async (key: string): Promise<string> => {
    const answer = await context.git.run({ place, args: ['config', '--get', key], readsOnly: true });
    return oneLine(answer.text).trim();
  };
  const [name, email] = await Promise.all([ask('user.name'), ask('user.email')]);
  return name === '' || email === '' ? null : { name, email };
}

/** Why nobody can be named in a new commit; null when somebody can. */
export async function identityRefusal(context: GitContext, place: GitPlace, given: CommitIdentity | null): Promise<string | null> {
  if (given !== null || (await configuredIdentity(context, place)) !== null) return null;
  return 'Could not commit: git does not know who you are. Run `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`, or name somebody as git.identity in team_runtime.yaml, then try again.';
}

/** Whether a boolean key is on. */
export async function isConfigured(context: GitContext, place: GitPlace, key: string): Promise<boolean> {
  const answer = await context.git.run({ place, args: ['config', '--type=bool', '--get', key], readsOnly: true });
  return answer.text.trim() === 'true';
}

/** Paths that differ from HEAD or from the index, untracked ones included, ignored ones not; changes inside submodules do not count. */
export async function dirtyPathsOf(context: GitContext, place: GitPlace): Promise<readonly string[]> {
  const args = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=dirty'];
  const status = await context.git.must({ place, args, readsOnly: true });
  return splitNul(status.text).map((line) => line.slice(3));
}

/** What the project folder is, as the checks before a sprint need it. */
export async function inspect(context: GitContext): Promise<ProjectFacts> {
  const { git, projectPath } = context;
  const found = await findRepository(git, projectPath);
  if (found.kind === 'none') return { kind: 'no-repository' };
  if (found.kind === 'bare') return { kind: 'bare' };
  const { root, gitDir } = found.layout;
  const place = { gitDir, workTree: root };
  const ask = (...args: string[]) => git.run({ place, args, readsOnly: true });
  const [branch, head, shallow, isSparse, modules, identity, dirtyPaths] = await Promise.all([
    ask('symbolic-ref', '-q', 'HEAD'),
    ask('rev-parse', '-q', '--verify', 'HEAD^{commit}'),
    ask('rev-parse', '--is-shallow-repository'),
    isConfigured(context, place, 'core.sparseCheckout'),
    ask('ls-files', '-z', '--', '.gitmodules'),
    configuredIdentity(context, place),
    dirtyPathsOf(context, place),
  ]);
  return {
    kind: 'repository',
    root,
    isUnborn: head.exitCode !== 0,
    isShallow: shallow.text.trim() === 'true',
    isSparse,
    hasSubmodules: modules.text !== '',
    branch: branch.exitCode === 0 ? oneLine(branch.text) : null,
    head: head.exitCode === 0 ? head.text.trim() : null,
    identity,
    dirtyPaths,
  };
}
