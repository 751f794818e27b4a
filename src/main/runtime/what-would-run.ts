import { join } from 'node:path';
import { executingFields } from '../../shared/domain/configuration.js';
import type { Configuration, ExecutingFields } from '../../shared/domain/configuration.js';
import { openGitRepository } from './git/git-repository-adapter.js';
import type { Clock } from './ports/clock.js';
import { projectRoot } from './workspace/find-workspace.js';
import { workspaceState } from './workspace/state-folder.js';

/** Where in the project's checkout git finds hooks; null where they are the person's own, and where there is no repository. */
async function hooksPathIn(projectDir: string, emptyHooksDir: string, clock: Clock): Promise<string | null> {
  const git = openGitRepository({ projectPath: projectDir, clock, emptyHooksDir });
  if ((await git.inspect()).kind !== 'repository') return null;
  const folder = await git.hooksFolder();
  return folder.kind === 'in-checkout' ? folder.path : null;
}

/** Everything that a workspace would run on this machine, as a person trusts it: the configuration's part and the project's git hooks. */
export async function whatWouldRun(workspaceDir: string, configuration: Configuration, clock: Clock): Promise<ExecutingFields> {
  const emptyHooksDir = join(workspaceState(workspaceDir).root, 'no-hooks');
  const projectDir = projectRoot(workspaceDir, configuration.project);
  const hooksPath = configuration.git.hooks.run ? await hooksPathIn(projectDir, emptyHooksDir, clock) : null;
  return executingFields(configuration, hooksPath);
}
