import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationView } from '../../../shared/contract/action-views.js';
import type { MusterClient } from '../../../shared/contract/contract.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import type { Invocation } from '../invocation.js';
import { showActions, showOperation } from '../screens/show-actions.js';
import { terminalText } from '../terminal-text.js';

const lookAgainMs = 200;

function paramsOf(invocation: Invocation): Record<string, string> {
  const params: Record<string, string> = {};
  for (const given of invocation.list('param')) {
    const at = given.indexOf('=');
    const name = given.slice(0, at);
    if (at < 1) throw new CliError(`A parameter is given as \`--param name=value\`, not "${given}".`, 2);
    if (Object.hasOwn(params, name)) throw new CliError(`The parameter "${name}" is given twice.`, 2);
    params[name] = given.slice(at + 1);
  }
  return params;
}

async function untilEnded(client: MusterClient, operationId: string): Promise<OperationView> {
  for (;;) {
    const operation = await client.actions.show({ operationId });
    if (operation.status !== 'waiting' && operation.status !== 'running') return operation;
    await sleep(lookAgainMs);
  }
}

function run(invocation: Invocation): Promise<number> {
  const params = paramsOf(invocation);
  return invocation.write(async (client, { isLive, person }) => {
    const actionName = invocation.argument(0);
    const sender = { as: person, commandId: `cli-${invocation.places.ids.hex(24)}` };
    const answer = await client.actions.run({ actionName, params, ...sender });
    const operationId = answer.createdIds[0] ?? '';
    if (isLive && invocation.has('wait')) {
      const ended = await untilEnded(client, operationId);
      invocation.show(ended, (safe) => showOperation(safe, invocation.paint));
      return ended.status === 'completed' ? 0 : 1;
    }
    invocation.show({ ...answer, runsNow: isLive }, () => [
      terminalText(`The action "${actionName}" is asked for. \`muster action show ${operationId}\` tells what becomes of it.`),
      ...(isLive ? [] : ['Accepted; runs when Muster runs (`muster run`).']),
    ]);
    return 0;
  });
}

/** Actions of the configuration: which there are, run one, look at a run. */
export const actionCommands: readonly CommandSpec[] = [
  {
    path: ['action', 'run'],
    says: 'run an action that team_runtime.yaml names, in the jail, in the project',
    arguments: [{ usage: '<name>', says: 'its name' }],
    options: [
      { usage: '--param <name=value>', says: 'a value for a parameter; may be repeated', isRepeated: true },
      { usage: '--wait', says: 'wait until it has ended; exit code 1 unless it ended well' },
    ],
    hasJson: true,
    isPersons: true,
    gives: ['execute-action'],
    run,
  },
  {
    path: ['action', 'list'],
    says: 'list the actions, and the newest runs',
    hasJson: true,
    run: async (invocation) => {
      const seen = await invocation.read((client) => client.actions.list());
      invocation.show(seen, (safe) => showActions(safe, invocation.paint));
      return 0;
    },
  },
  {
    path: ['action', 'show'],
    says: 'tell what became of a run',
    arguments: [{ usage: '<id>', says: 'as `muster action list` shows it' }],
    hasJson: true,
    run: async (invocation) => {
      const shown = await invocation.read((client) => client.actions.show({ operationId: invocation.argument(0) }));
      invocation.show(shown, (safe) => showOperation(safe, invocation.paint));
      return 0;
    },
  },
];
