import { stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { CreateInput, ProjectGuessView } from '../../shared/contract/host-views.js';
import { generatedFolderName, isWorkspace } from '../runtime/workspace/find-workspace.js';
import { initWorkspace, lookAtProject } from '../runtime/workspace/scaffold.js';
import { stateHome } from '../runtime/workspace/state-folder.js';
import { refused } from './app-session.js';
import { typedPath } from './typed-path.js';
import type { WorkspaceHost } from './workspace-host.js';

/** What making a workspace for a project would write. Changes nothing; throws a refusal for what is no path. */
export async function guessWorkspace(typed: string): Promise<ProjectGuessView> {
  const project = typedPath(typed);
  const workspace = join(project, generatedFolderName);
  const refusals = await reasonsAgainst(project);
  if (refusals.length > 0) return { project, workspace, isMade: false, target: '', setup: [], verify: [], notes: [], refusals };
  const { guess, repository } = await lookAtProject(project);
  return {
    project,
    workspace,
    isMade: isWorkspace(workspace),
    target: repository?.branch ?? '',
    setup: guess.setup.map((argv) => [...argv]),
    verify: guess.verify.map(({ command }) => [...command]),
    notes: [
      ...guess.setupReasons,
      ...guess.verifyReasons,
      ...(guess.verify.length === 0 ? ['No verification command was found. Name one, so that DONE can be proven.'] : []),
      ...(repository
        ? []
        : ['It is no git repository: work in it completes without commits and receipts. Run `git init` there to have them.']),
    ],
    refusals,
  };
}

async function reasonsAgainst(project: string): Promise<string[]> {
  const found = await stat(project).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error)
    return [
      found.code === 'ENOENT' || found.code === 'ENOTDIR'
        ? `There is no folder ${project}. Make it, or name another one.`
        : `${project} cannot be looked at: ${found.message}. Name another folder.`,
    ];
  if (!found.isDirectory()) return [`${project} is a file, not a folder. Name the folder of the repository.`];
  if (dirname(project) === project) return [`${project} is the root of the file system. Name the folder of one repository.`];
  if (`${project}${sep}`.startsWith(`${stateHome()}${sep}`))
    return [`${project} belongs to Muster itself. Name the folder of your repository.`];
  return [];
}

/** Makes a workspace for a project, with what the person changed of the guess, and opens it. Throws a refusal. */
export async function createWorkspace(host: WorkspaceHost, input: CreateInput): Promise<void> {
  const { project, workspace: usual, refusals } = await guessWorkspace(input.project);
  if (refusals.length > 0) throw refused('bad-input', refusals.join(' '));
  const workspaceDir = input.workspace === undefined ? usual : typedPath(input.workspace);
  const made = await initWorkspace({
    workspaceDir,
    project,
    clock: host.options.clock,
    isDiscordOn: false,
    given: {
      ...(input.setup ? { setup: input.setup } : {}),
      ...(input.verify ? { verify: input.verify } : {}),
      ...(input.target === undefined ? {} : { target: input.target }),
    },
  });
  if (!made.ok) throw refused('bad-input', made.error);
  if (made.value.failed.length > 0)
    throw refused('bad-input', `Could not write all of the workspace ${workspaceDir}: ${made.value.problems.join(' ')}`);
  const opened = await host.open(workspaceDir);
  if (!opened.ok) throw refused('no-workspace', opened.error);
}
