import type { CommandSpec } from '../command-spec.js';
import { machineChecks } from '../doctor/machine-checks.js';
import { workspaceChecks } from '../doctor/workspace-checks.js';
import type { Check } from '../doctor/check.js';
import type { Paint } from '../screens/show-card.js';
import { columnsOf, count } from '../terminal-text.js';

const marks = { ok: 'ok   ', note: 'note ', wrong: 'WRONG' } as const;

function doctorLines(checks: readonly Check[], paint: Paint): string[] {
  const rows = columnsOf(checks.map(({ status, name, says }) => [marks[status], name, says]));
  const wrong = checks.filter(({ status }) => status === 'wrong').length;
  return [
    ...checks.flatMap(({ remedy }, index) => [rows[index] ?? '', ...(remedy ? [paint('yellow', `       -> ${remedy}`)] : [])]),
    wrong === 0 ? 'Nothing stands in the way.' : `${count(wrong, 'thing')} to mend.`,
  ];
}

/** `muster doctor`: what is there, what is missing, and the command that mends it. */
export const doctorCommand: CommandSpec = {
  path: ['doctor'],
  says: 'look at this machine and the workspace, and say what is missing',
  hasJson: true,
  run: async (invocation) => {
    const { places } = invocation;
    const found = invocation.found();
    const workspace = await workspaceChecks(found, places);
    const checks = [...(await machineChecks(workspace.projectDir ?? places.cwd, workspace.configuration, places)), ...workspace.checks];
    const isSound = checks.every(({ status }) => status !== 'wrong');
    invocation.show({ isSound, checks }, (safe) => doctorLines(safe.checks, invocation.paint));
    return isSound ? 0 : 1;
  },
};
