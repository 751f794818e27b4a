import { commitIdentity } from '../../shared/domain/configuration.js';
import type { Configuration } from '../../shared/domain/configuration.js';
import { refuse } from '../../shared/domain/refusal.js';
import type { SprintTerms } from '../../shared/domain/state.js';
import type { Refusal } from '../../shared/domain/vocabulary.js';
import type { Result } from '../../shared/kernel/result.js';
import { ok } from '../../shared/kernel/result.js';
import type { GitRepository, ProjectFacts } from './ports/git-repository.js';

const notReady = (message: string): Result<SprintTerms, Refusal> => refuse('project-not-ready', message);

function repositoryRefusal(facts: Extract<ProjectFacts, { kind: 'repository' }>, configuration: Configuration): string | null {
  if (facts.isUnborn || facts.head === null)
    return `The repository ${facts.root} has no commit yet. Make the first one with the files that belong to it: \`git -C "${facts.root}" add --all\`, then \`git -C "${facts.root}" commit -m "First commit"\`.`;
  if (facts.branch === null && configuration.git.target === null) {
    return `The project has a detached HEAD, so there is no branch for the work to land on. Check a branch out (\`git switch main\`), make one (\`git switch -c my-branch\`), or name one as git.target in team_runtime.yaml.`;
  }
  if (facts.identity === null && commitIdentity(configuration) === null)
    return 'Git does not know who commits. Tell it: `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`, or name somebody as git.identity in team_runtime.yaml.';
  if (configuration.git.isolation === 'in_place' && facts.dirtyPaths.length > 0)
    return `Working in place needs a clean tree, and these differ: ${facts.dirtyPaths.slice(0, 5).join(', ')}. Commit or stash them.`;
  return null;
}

const fullRef = (name: string): string => (name.startsWith('refs/') ? name : `refs/heads/${name}`);

/** The terms that a sprint is started on: target, verification and setup as they stand now (rules 4, 5), or why it cannot start. */
export async function sprintTerms(
  facts: ProjectFacts | null,
  git: GitRepository | null,
  configuration: Configuration,
  hash: (commands: readonly { readonly name: string; readonly argv: readonly string[] }[]) => string,
): Promise<Result<SprintTerms, Refusal>> {
  const { git: settings, verify } = configuration;
  const verifyHash = hash(verify.map(({ name, command }) => ({ name, argv: command })));
  const common = {
    isolation: settings.isolation,
    integrate: settings.integrate,
    verify: [...verify],
    verifyHash,
    protect: [...configuration.verifyProtect],
    setup: settings.worktree.setup.map((argv) => [...argv]),
    setupTimeoutSeconds: settings.worktree.timeoutSeconds,
    copy: [...settings.worktree.copy],
    submodules: settings.submodules,
  };
  if (!facts || !git || facts.kind === 'no-repository') return ok({ kind: 'no-repository', targetRef: '', baseCommit: '', ...common });
  if (facts.kind === 'bare')
    return notReady('The project is a bare repository, which has no files to work on. Clone it and use the clone.');
  const refusal = repositoryRefusal(facts, configuration);
  if (refusal) return notReady(refusal);
  const targetRef = settings.target === null ? (facts.branch ?? '') : fullRef(settings.target);
  const baseCommit = await git.tipOf(targetRef);
  if (baseCommit === null)
    return notReady(`The target branch ${targetRef} does not exist. Make it, or change git.target in team_runtime.yaml.`);
  if (settings.isolation === 'in_place' && targetRef !== facts.branch)
    return notReady(`Working in place needs the target branch ${targetRef} checked out; now it is ${facts.branch ?? 'a detached HEAD'}.`);
  return ok({ kind: 'repository', targetRef, baseCommit, ...common });
}
