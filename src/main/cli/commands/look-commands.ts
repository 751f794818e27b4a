import { publicRoles, internalRoles } from '../../../shared/domain/configuration.js';
import type { ShowView } from '../../../shared/contract/views.js';
import { CliError } from '../cli-error.js';
import type { CommandSpec } from '../command-spec.js';
import type { Invocation } from '../invocation.js';
import { showCard } from '../screens/show-card.js';
import type { Paint } from '../screens/show-card.js';
import { showBacklogItem, showBoard, showRequest, showSprint } from '../screens/show-others.js';
import { backlogLine, roleLines, showList, showStatus } from '../screens/show-status.js';
import { sprintStatus } from './sprint-commands.js';

function showAny(shown: ShowView, paint: Paint): string[] {
  switch (shown.kind) {
    case 'todo':
      return showCard(shown.card, paint);
    case 'request':
      return showRequest(shown.request, paint);
    case 'backlog':
      return showBacklogItem(shown.item, paint);
    case 'sprint':
      return showSprint(shown.sprint, paint);
  }
}

async function show(invocation: Invocation, id: string): Promise<number> {
  const as = await invocation.person();
  const shown = await invocation.read((client) => client.show({ id, as }));
  invocation.show(shown, (safe) => showAny(safe, invocation.paint));
  return 0;
}

async function showRequestOnly(invocation: Invocation, id: string): Promise<number> {
  const shown = await invocation.read((client) => client.show({ id }));
  if (shown.kind !== 'request') throw new CliError(`There is no request ${id}. \`muster list\` names the requests.`);
  invocation.show(shown.request, (safe) => showRequest(safe, invocation.paint));
  return 0;
}

async function status(invocation: Invocation): Promise<number> {
  const requestId = invocation.text('requestId');
  if (requestId) return showRequestOnly(invocation, requestId);
  if (invocation.has('sprint')) return sprintStatus(invocation);
  const seen = await invocation.read((client) => client.status());
  const role = invocation.text('agent');
  if (role) {
    const roles = seen.roles.filter((each) => each.role === role);
    invocation.show(roles, roleLines);
  } else if (invocation.has('backlog')) invocation.show(seen.backlog, (safe) => [backlogLine(safe)]);
  else invocation.show(seen, (safe) => showStatus(safe, invocation.paint));
  return 0;
}

/** Commands that only look; they take no lock and change nothing. */
export const lookCommands: readonly CommandSpec[] = [
  {
    path: ['status'],
    says: 'show the workspace at a glance',
    options: [
      { usage: '--agent <role>', says: 'only this role', choices: [...publicRoles, ...internalRoles] },
      { usage: '--request-id <id>', says: 'only this request' },
      { usage: '--sprint', says: 'only the sprint' },
      { usage: '--backlog', says: 'only the backlog, in one line' },
    ],
    hasJson: true,
    run: status,
  },
  {
    path: ['list'],
    says: 'list roles, backlog, sprints and requests',
    options: [{ usage: '--request-id <id>', says: 'only this request' }],
    hasJson: true,
    run: async (invocation) => {
      const requestId = invocation.text('requestId');
      if (requestId) return showRequestOnly(invocation, requestId);
      const list = await invocation.read((client) => client.list());
      invocation.show(list, (safe) => showList(safe, invocation.paint));
      return 0;
    },
  },
  {
    path: ['board'],
    says: 'show the board',
    hasJson: true,
    run: async (invocation) => {
      const board = await invocation.read((client) => client.board());
      const { columns, isTerminal } = invocation.places.stdout;
      invocation.show(board, (safe) => showBoard(safe, invocation.paint, isTerminal ? columns : Number.POSITIVE_INFINITY));
      return 0;
    },
  },
  {
    path: ['show'],
    says: 'tell everything about a card, a request, a backlog item or a sprint',
    arguments: [{ usage: '<id>', says: 'its id' }],
    hasJson: true,
    run: (invocation) => show(invocation, invocation.argument(0)),
  },
];
