import type { ListView, RoleStatusView, StatusView } from '../../../shared/contract/views.js';
import { columnsOf, count, oneLine, spaced, timeText } from '../terminal-text.js';
import { section } from './show-card.js';
import type { Paint } from './show-card.js';
import { problemLines, spentText, sprintLine, tallyText } from './show-others.js';

/** One line for each role: what it does now, and what runs it. */
export const roleLines = (roles: readonly RoleStatusView[]): string[] =>
  columnsOf(
    roles.map((role) => [
      role.role,
      role.status,
      role.subjectId ? `${spaced(role.step)} of ${role.subjectId}` : '-',
      `runner=${role.runner || 'N/A'}`,
      `model=${role.isPublic ? role.model || 'N/A' : 'N/A'}`,
      `reasoning=${role.reasoning || 'N/A'}`,
      `session=${role.sessionId || 'N/A'}`,
    ]),
  );

/** `backlog_pending=1 backlog_selected=0 …` for scripts that read lines. */
export const backlogLine = (backlog: StatusView['backlog']): string =>
  ['pending', 'selected', 'blocked', 'done', 'carried_over'].map((status) => `backlog_${status}=${backlog[status] ?? 0}`).join(' ');

/** The workspace at a glance. */
export function showStatus(status: StatusView, paint: Paint): string[] {
  const { spend } = status;
  return [
    ...columnsOf([
      ['Workspace', status.workspace],
      ['Project', status.project],
      ['Muster', status.isRunning ? 'runs' : 'does not run; `muster run` starts it'],
      ['Trust', status.isTrusted ? 'given' : 'not given; look at what it would run with `muster trust`'],
      ['Sprint', status.sprint ? sprintLine(status.sprint) : 'none; `muster sprint start --milestone "…"` starts one'],
      ...(status.sprint ? [['Spent', spentText(status.sprint)]] : []),
      ...(status.sprint?.pausedReason ? [['Paused', oneLine(status.sprint.pausedReason)]] : []),
      ['Board', tallyText(status.board)],
      ['Backlog', tallyText(status.backlog)],
      ['Requests', tallyText(status.requests)],
      ['Today', `${count(spend.turns, 'turn')}, ${count(spend.tokens, 'token')} of ${spend.limit}`],
      ...(status.halt ? [['Stopped', `${oneLine(status.halt.reason)} \`muster sprint resume\` goes on.`]] : []),
      ...(status.writeProblem ? [['Journal', oneLine(status.writeProblem)]] : []),
    ]),
    ...section(paint, 'Roles', roleLines(status.roles)),
    ...section(
      paint,
      'Waits for you',
      columnsOf(status.needsYou.map(({ id, title, waitingFor }) => [id, oneLine(title), oneLine(waitingFor)])),
    ),
    ...section(paint, 'Under way', columnsOf(status.effects.map(({ type, lane, id }) => [spaced(type), lane, id]))),
    ...problemLines(status.problems, paint),
  ];
}

/** Roles, the backlog in a line, sprints and requests. */
export const showList = (list: ListView, paint: Paint): string[] => [
  paint('bold', 'Roles'),
  ...roleLines(list.roles).map((line) => `  ${line}`),
  ...section(paint, 'Backlog', [backlogLine(list.backlog)]),
  ...section(paint, 'Sprints', list.sprints.map(sprintLine)),
  ...section(
    paint,
    'Requests',
    columnsOf(
      list.requests.map(({ id, status, currentRole, scope, createdAt }) => [id, status, currentRole, timeText(createdAt), oneLine(scope)]),
    ),
  ),
];
