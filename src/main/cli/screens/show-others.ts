import type { BoardView, SprintHeadView } from '../../../shared/contract/board-views.js';
import type { BacklogItemView, BacklogView, RequestView, SprintView } from '../../../shared/contract/views.js';
import { columnsOf, count, cut, oneLine, spaced, timeText } from '../terminal-text.js';
import { actionLines, badgeText, byRoleText, columnNames, historyLines, reportLines, section, turnLines } from './show-card.js';
import type { Paint } from './show-card.js';

/** `3 done, 1 in progress`; what there is none of is left out. */
export const tallyText = (tally: Readonly<Record<string, number>>): string =>
  Object.entries(tally)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${spaced(name)}`)
    .join(', ') || 'none';

/** `7 turns, 900 tokens (developer 700, qa 200)`, who used most first. */
export function spentText({
  turnsSpent,
  tokensSpent,
  tokensByRole,
}: Pick<SprintHeadView, 'turnsSpent' | 'tokensSpent' | 'tokensByRole'>): string {
  return `${count(turnsSpent, 'turn')}, ${count(tokensSpent, 'token')}${byRoleText(tokensByRole)}`;
}

/** A sprint in a line. */
export function sprintLine(sprint: SprintHeadView): string {
  const step = sprint.planningStep ? ` (${spaced(sprint.planningStep)})` : '';
  const stopping = sprint.isStopping ? ', stopping' : '';
  return `${sprint.id} "${oneLine(sprint.milestone)}": ${sprint.status}${step}${stopping}; todos: ${tallyText(sprint.tally)}`;
}

/** The board: a list of cards for each column, with who acts next. */
export function showBoard(board: BoardView, paint: Paint, width: number): string[] {
  const lines = [
    ...(board.sprint ? [`Sprint ${sprintLine(board.sprint)}`] : ['No sprint yet. `muster sprint start --milestone "…"` starts one.']),
    ...(board.halt ? [paint('yellow', `Everything is stopped: ${board.halt.reason} \`muster sprint resume\` goes on.`)] : []),
  ];
  for (const column of board.columns) {
    lines.push('', paint('bold', `${columnNames[column.id]} (${column.cards.length})`));
    const rows = columnsOf(
      column.cards.map((card) => [
        card.id,
        cut(oneLine(card.title), 48),
        card.badges.map((badge) => `[${badgeText(badge)}]`).join(' '),
        card.waitingFor,
      ]),
    );
    lines.push(...rows.map((row) => `  ${cut(row, Math.max(60, width - 2))}`));
  }
  return [...lines, ...problemLines(board.problems, paint)];
}

/** Problems with their paths, under a heading; nothing where there are none. */
export const problemLines = (problems: BoardView['problems'], paint: Paint): string[] =>
  section(
    paint,
    count(problems.length, 'problem'),
    problems.map(({ id, path, reason }) => `[${id}] ${path ? `${path}: ` : ''}${oneLine(reason)}`),
  );

/** The backlog in its order of work. */
export function showBacklog(backlog: BacklogView, width = Number.POSITIVE_INFINITY): string[] {
  if (backlog.items.length === 0) return ['The backlog is empty. `muster backlog add "…"` or `muster request "…"` fills it.'];
  const rows = backlog.items.map((item) => [
    item.id,
    item.priorityRank > 0 ? `#${item.priorityRank}` : '-',
    spaced(item.status),
    item.kind,
    cut(oneLine(item.title), 48),
    item.reworkOf ? `(rework of ${item.reworkOf})` : '',
  ]);
  return columnsOf([['id', 'rank', 'status', 'kind', 'title'], ...rows]).map((row) => cut(row, Math.max(60, width)));
}

/** Everything about one backlog item. */
export function showBacklogItem(item: BacklogItemView, paint: Paint): string[] {
  const why = item.blockedReason || item.droppedReason;
  return [
    `${paint('bold', item.title)}  ${paint('dim', item.id)}`,
    ...columnsOf([
      ['Status', `${spaced(item.status)}${why ? `: ${oneLine(why)}` : ''}`],
      ['Kind', `${item.kind}, from ${item.source}`],
      ['Rank', item.priorityRank > 0 ? String(item.priorityRank) : 'none'],
      ...(item.scope ? [['Scope', oneLine(item.scope)]] : []),
      ...(item.milestone ? [['Milestone', oneLine(item.milestone)]] : []),
      ...(item.sprintId ? [['Sprint', item.sprintId]] : []),
      ...(item.requestId ? [['Request', item.requestId]] : []),
      ...(item.reworkOf ? [['Rework of', item.reworkOf]] : []),
      ...(item.dependsOn.length > 0 ? [['Depends on', item.dependsOn.join(', ')]] : []),
      ...(item.todoIds.length > 0 ? [['Todos', item.todoIds.join(', ')]] : []),
    ]),
    ...section(paint, 'Summary', item.summary ? item.summary.split('\n') : []),
    ...section(
      paint,
      'Acceptance criteria',
      item.acceptanceCriteria.map((criterion) => `- ${oneLine(criterion)}`),
    ),
  ];
}

/** Everything about one request. */
export function showRequest(request: RequestView, paint: Paint): string[] {
  return [
    `${paint('bold', oneLine(request.scope))}  ${paint('dim', request.id)}`,
    ...columnsOf([
      ['Status', `${request.status}, with the ${request.currentRole}`],
      ...(request.waitingFor ? [['Next', request.waitingFor]] : []),
      [
        'Asked by',
        `${request.requestedBy.name}${request.requestedBy.via ? ` (${request.requestedBy.via})` : ''}, ${timeText(request.createdAt)}`,
      ],
      ...(request.outcome ? [['Outcome', oneLine(request.outcome)]] : []),
    ]),
    ...section(paint, 'What was asked', request.body.split('\n')),
    ...section(
      paint,
      'What is needed',
      request.blocker ? [oneLine(request.blocker.reason), ...request.blocker.requiredInputs.map((input) => `- ${oneLine(input)}`)] : [],
    ),
    ...section(paint, 'Backlog items', columnsOf(request.backlog.map(({ id, status, title }) => [id, spaced(status), oneLine(title)]))),
    ...section(paint, 'Turns', turnLines(request.turns)),
    ...section(paint, 'What the roles reported (their word, not a proof)', request.reports.flatMap(reportLines)),
    ...section(paint, 'Answers', historyLines(request.inputs)),
    ...section(paint, 'What you can do', actionLines(request.actions)),
  ];
}

/** Everything about one sprint. */
export function showSprint(sprint: SprintView, paint: Paint): string[] {
  return [
    `${paint('bold', oneLine(sprint.milestone))}  ${paint('dim', sprint.id)}`,
    ...columnsOf([
      ['View', sprint.isActive ? 'active' : 'latest'],
      [
        'Status',
        `${sprint.status}${sprint.isStopping ? ', stopping after the work in hand' : ''}${sprint.pausedReason ? `: ${oneLine(sprint.pausedReason)}` : ''}`,
      ],
      [
        'Phase',
        `${spaced(sprint.phase)}${sprint.planningStep ? `, ${spaced(sprint.planningStep)} (round ${sprint.planningIteration})` : ''}`,
      ],
      ['Started', `${timeText(sprint.startedAt)} by ${sprint.startedBy.name}`],
      ...(sprint.endedAt ? [['Ended', timeText(sprint.endedAt)]] : []),
      ...(sprint.closeoutStatus ? [['Closeout', spaced(sprint.closeoutStatus)]] : []),
      ['Target', sprint.target ? `${sprint.target}, ${spaced(sprint.isolation)}, ${spaced(sprint.integrate)}` : 'no repository'],
      ['Proven by', sprint.verify.join(', ') || 'nothing: no verification command is configured'],
      ['Spent', spentText(sprint)],
    ]),
    ...section(paint, 'Brief', sprint.brief ? sprint.brief.split('\n') : []),
    ...section(
      paint,
      'Requirements',
      sprint.requirements.map((each) => `- ${oneLine(each)}`),
    ),
    ...section(
      paint,
      `Todos (${tallyText(sprint.tally)})`,
      columnsOf(sprint.todos.map((todo) => [todo.id, columnNames[todo.column], oneLine(todo.title), todo.waitingFor])),
    ),
    ...section(paint, 'Planning turns', turnLines(sprint.turns)),
    ...section(paint, 'What you can do', actionLines(sprint.actions)),
  ];
}
