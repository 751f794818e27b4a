import { join, resolve } from 'node:path';
import { runnerIds } from '../../../shared/domain/configuration.js';
import { generatedFolderName } from '../../runtime/workspace/find-workspace.js';
import type { InitReport } from '../../runtime/workspace/scaffold.js';
import { initWorkspace } from '../../runtime/workspace/scaffold.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import type { Invocation } from '../invocation.js';

function reportLines(report: InitReport): string[] {
  const { created, refreshed, offered, problems, guess, exclude } = report;
  const guesses = [...guess.setupReasons, ...guess.verifyReasons];
  return [
    `Scaffolded ${created.length} workspace files at ${report.workspaceDir}`,
    ...(refreshed.length > 0 ? [`Brought ${refreshed.length} shipped files up to date.`] : []),
    ...offered.map((path) => `Kept your ${path}; the newer text is beside it as ${path}.new.`),
    ...problems,
    `Project: ${report.projectDir}${report.branch ? `, target branch ${report.branch}` : ''}`,
    ...(report.isConfigurationNew
      ? guesses.map((reason) => `Guessed ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`)
      : ['team_runtime.yaml was there and is kept as it is.']),
    ...(report.isConfigurationNew && guess.verify.length === 0
      ? ['No verification command was found. Name one as `verify` in team_runtime.yaml, so that DONE can be proven.']
      : []),
    exclude.message,
    'Next: look at what it would run with `muster trust`, then `muster run`.',
  ];
}

/** A named project gets the workspace inside it, where commands given in the project find it; `--workspace-root` wins. */
function workspaceFor(invocation: Invocation, project: string | null): string {
  if (project === null || invocation.text('workspaceRoot')) return invocation.found().dir;
  return join(project, generatedFolderName);
}

/** `muster init`: makes a workspace, and shows what was guessed about the project. */
export const initCommand: CommandSpec = {
  path: ['init'],
  says: 'make a workspace for a project',
  options: [
    { usage: '--project <path>', says: 'the project, in which the workspace is made (default: the folder around the workspace)' },
    { usage: '--runner <runner>', says: 'what runs the turns', choices: runnerIds },
    { usage: '--rehearsal <path>', says: 'the rehearsal for the rehearsal runner, relative to the workspace' },
    { usage: '--no-discord', says: 'do without Discord' },
  ],
  hasJson: true,
  run: async (invocation) => {
    const { cwd, clock } = invocation.places;
    const named = invocation.text('project');
    const project = named ? resolve(cwd, named) : null;
    const rehearsal = invocation.text('rehearsal');
    const runner = runnerIds.find((each) => each === invocation.text('runner'));
    const made = await initWorkspace({
      workspaceDir: workspaceFor(invocation, project),
      project,
      clock,
      ...(runner === undefined ? {} : { runner }),
      ...(rehearsal ? { rehearsal } : {}),
      isDiscordOn: invocation.options['discord'] !== false,
    });
    if (!made.ok) throw new CliError(made.error);
    invocation.show(made.value, reportLines);
    return made.value.failed.length > 0 ? 1 : 0;
  },
};
