import { join } from 'node:path';
import { executingFields } from '../../shared/domain/configuration.js';
import type { Configuration, ExecutingFields } from '../../shared/domain/configuration.js';
import { openGitRepository } from './git/git-repository-adapter.js';
import type { Clock } from './ports/clock.js';
import type { HooksFolder } from './ports/git-repository.js';
import { standingHooks } from './receipts/hook-files.js';
import { projectRoot } from './workspace/find-workspace.js';
import { workspaceState } from './workspace/state-folder.js';

async function hooksFolderOf(workspaceDir: string, configuration: Configuration, clock: Clock): Promise<HooksFolder | null> {
  const emptyHooksDir = join(workspaceState(workspaceDir).root, 'no-hooks');
  const git = openGitRepository({ projectPath: projectRoot(workspaceDir, configuration.project), clock, emptyHooksDir });
  return (await git.inspect()).kind === 'repository' ? git.hooksFolder() : null;
}

/** The project's git hooks as they stand; null where there is no repository. */
export async function projectHooks(
  workspaceDir: string,
  configuration: Configuration,
  clock: Clock,
): Promise<{ readonly folder: string; readonly run: readonly string[]; readonly leftOut: readonly string[] } | null> {
  const folder = await hooksFolderOf(workspaceDir, configuration, clock);
  return folder === null ? null : { folder: folder.path, ...(await standingHooks(folder)) };
}

/** Everything that a workspace would run on this machine, as a person trusts it: the configuration's part and the project's git hooks. */
export async function whatWouldRun(workspaceDir: string, configuration: Configuration, clock: Clock): Promise<ExecutingFields> {
  // Also where they are turned off: turning them off and on again is no new thing to trust.
  const folder = await hooksFolderOf(workspaceDir, configuration, clock);
  return executingFields(configuration, folder?.kind === 'in-checkout' ? folder.path : null);
}
