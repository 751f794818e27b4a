import type { ActionsView, OperationView } from '../../../shared/contract/action-views.js';
import { columnsOf, oneLine, timeText } from '../terminal-text.js';
import { section } from './show-card.js';
import type { Paint } from './show-card.js';

const statusText = ({ status, returncode }: OperationView): string => {
  if (status === 'unknown') return 'may have happened';
  return returncode === null ? status : `${status}, exit ${returncode}`;
};

const who = ({ requestedBy }: OperationView): string => `${requestedBy.name}${requestedBy.via ? ` (${requestedBy.via})` : ''}`;

/** The actions that may be asked for, and the newest runs. */
export function showActions({ actions, operations }: ActionsView, paint: Paint): string[] {
  if (actions.length === 0 && operations.length === 0)
    return ['This workspace has no actions. Name them as `actions` in team_runtime.yaml, and accept them with `muster trust`.'];
  const rows = actions.map(({ name, command, params, network, timeoutSeconds, isRunnable }) => [
    name,
    command.join(' '),
    params.length > 0 ? `takes ${params.join(', ')}` : '',
    `at most ${timeoutSeconds} s${network ? ', with network' : ''}${isRunnable ? '' : '; managed: Muster does not run it'}`,
  ]);
  return [
    ...(actions.length > 0 ? columnsOf(rows) : ['This workspace has no actions now.']),
    ...section(
      paint,
      'Runs, newest first',
      columnsOf(operations.map((operation) => [operation.id, timeText(operation.createdAt), statusText(operation), who(operation)])),
    ),
  ];
}

/** One run of an action. */
export const showOperation = (operation: OperationView, paint: Paint): string[] => [
  `${paint('bold', operation.action)}  ${paint('dim', operation.id)}`,
  ...columnsOf([
    ['Status', statusText(operation)],
    ['Command', oneLine(operation.command.join(' '))],
    ['Asked by', `${who(operation)}, ${timeText(operation.createdAt)}`],
    ...(operation.requestId ? [['Request', operation.requestId]] : []),
    ...(operation.outcome ? [['Outcome', oneLine(operation.outcome)]] : []),
    ...(operation.outputSha256 ? [['Output', operation.logFile]] : []),
  ]),
];
