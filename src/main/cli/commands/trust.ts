import type { ExecutingFields } from '../../../shared/domain/configuration.js';
import { loadConfiguration } from '../../runtime/workspace/configuration.js';
import { projectRoot } from '../../runtime/workspace/find-workspace.js';
import { findRepository } from '../../runtime/workspace/project-guess-git.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import { grantTrust, readTrust } from '../../runtime/workspace/trust.js';
import { whatWouldRun } from '../../runtime/what-would-run.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import { columnsOf, safeForTerminal } from '../terminal-text.js';

function placeWords({ isolation }: ExecutingFields, hasRepository: boolean): string {
  if (!hasRepository) return 'changed in place: it is no git repository, so nothing can be put back';
  return isolation === 'in_place' ? 'changed in place' : 'in worktrees of its own';
}

/** What the workspace would run on this machine, line by line. */
export function trustLines(fields: ExecutingFields, projectDir: string, hasRepository: boolean): string[] {
  const { setup, copy, verify, actions, runners } = fields;
  const byRunner = new Map<string, string[]>();
  for (const [role, { runner, network }] of Object.entries(runners)) {
    const key = `${runner}${network ? ', with network' : ''}`;
    byRunner.set(key, [...(byRunner.get(key) ?? []), role]);
  }
  return columnsOf([
    ['Project', `${projectDir}, ${placeWords(fields, hasRepository)}`],
    ...setup.map((argv) => ['Setup', argv.join(' ')]),
    ...(copy.length > 0 ? [['Copies', copy.join(', ')]] : []),
    ...verify.map(({ name, command, timeoutSeconds, network }) => [
      'Verify',
      `${name}: ${command.join(' ')} (at most ${timeoutSeconds} s${network ? ', with network' : ''})`,
    ]),
    ...Object.entries(actions).map(([name, { command, network, lifecycle, timeoutSeconds }]) => [
      'Action',
      `${name}: ${command.join(' ')} (${lifecycle === 'managed' ? 'managed: Muster does not run it' : `in the project, at most ${timeoutSeconds} s`}${network ? ', with network' : ''})`,
    ]),
    ...[...byRunner].map(([runner, roles]) => ['Turns', `${runner}: ${roles.join(', ')}`]),
    ...(fields.rehearsal ? [['Rehearsal', fields.rehearsal]] : []),
    ...(fields.hooksPath === undefined
      ? []
      : [['Git hooks', `${fields.hooksPath}: pre-commit and commit-msg of the checkout, in the jail`]]),
  ]);
}

/** `muster trust`: shows what the workspace would run, and accepts it when a person says so. */
export const trustCommand: CommandSpec = {
  path: ['trust'],
  says: 'show what the workspace would run on this machine, and accept it',
  options: [{ usage: '--yes', says: 'accept it without being asked' }],
  hasJson: true,
  isPersons: true,
  run: async (invocation) => {
    await invocation.person();
    const dir = invocation.workspaceDir();
    const loaded = await loadConfiguration(dir);
    if (!loaded.ok) throw new CliError(loaded.error.message);
    const fields = await whatWouldRun(dir, loaded.value.configuration, invocation.places.clock);
    const places = workspaceState(dir);
    const before = await readTrust(places, fields);
    const projectDir = projectRoot(dir, fields.project);
    const hasRepository = (await findRepository(projectDir)) !== null;
    if (!invocation.isJson) {
      invocation.say(`${dir} would run:`, ...trustLines(safeForTerminal(fields), projectDir, hasRepository).map((line) => `  ${line}`));
      if (before.kind === 'restricted') invocation.say(...before.reasons);
    }
    const isWanted = before.kind === 'restricted' && (invocation.has('yes') || (await invocation.places.confirm('Trust it?')));
    if (isWanted) await grantTrust(places, fields, invocation.places.clock);
    const isTrusted = before.kind === 'trusted' || isWanted;
    if (invocation.isJson) invocation.show({ isTrusted, fields, reasons: before.kind === 'restricted' ? before.reasons : [] }, () => []);
    else
      invocation.say(isTrusted ? (isWanted ? 'Trusted now.' : 'It is trusted.') : 'Nothing was accepted. `muster trust --yes` accepts it.');
    return isTrusted ? 0 : 1;
  },
};
