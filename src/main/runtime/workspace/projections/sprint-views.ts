import type { Revert } from '../../../../shared/domain/closeout.js';
import type { ReportDigest, Sprint, State, Todo } from '../../../../shared/domain/state.js';
import type { BlockSource } from './block-cache.js';
import { bullets, code, facts, inline, page, quoted } from './markdown.js';
import { badgeWord, receiptBlock, reportBlock, selectedBlock, sprintFacts, todoBlock, todosIn } from './sprint-blocks.js';

const shownActivities = 12;
const keptActivities = 20;

const activityLines = (sprint: Sprint, count: number): string =>
  sprint.activity
    .slice(-count)
    .reverse()
    .map(
      (entry) =>
        `- ${entry.at} ${[entry.type, entry.role, entry.todoId]
          .filter((part) => part !== '')
          .map((part) => inline(part))
          .join(', ')}: ${inline(entry.summary)}`,
    )
    .join('\n');

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`);

const blocks = (todos: readonly Todo[], make: (todo: Todo) => string): string => todos.map(make).join('\n\n');

/** `current_sprint.md`. */
export function renderCurrentSprint(state: State, block: BlockSource): string {
  const sprint = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
  if (!sprint) return page('# Current sprint', 'No sprint is active.');
  const todos = todosIn(sprint, state);
  const references = Object.keys(sprint.documents).map((name) => `shared_workspace/sprints/${sprint.folder}/${name}`);
  return page(
    '# Current sprint',
    sprintFacts(sprint),
    section('Kickoff brief', sprint.brief === '' ? '' : quoted(sprint.brief)),
    section('Requirements', bullets(sprint.requirements)),
    section(
      'Todos',
      blocks(todos, (todo) => block('todo-block', todo.todoId, () => todoBlock(todo, state))),
    ),
    section('Reference artifacts', references.map((path) => `- ${code(path)}`).join('\n')),
    section('Recent activity', activityLines(sprint, shownActivities)),
  );
}

/** `index.md` of a sprint's folder: its files, and what its todos name as their artifacts. */
export function renderSprintIndex(sprint: Sprint, state: State, block: BlockSource): string {
  const generated = ['index.md', 'kickoff.md', 'todo_backlog.md', 'iteration_log.md', 'report.md'];
  const authored = Object.entries(sprint.documents)
    .filter(([name]) => !generated.includes(name))
    .map(([name, document]) => `- ${code(name)}, version ${document.version} by ${inline(document.by)}, ${document.at}`);
  const artifacts = todosIn(sprint, state)
    .map((todo) => block('todo-artifacts', todo.todoId, () => artifactLines(todo)))
    .filter((lines) => lines !== '');
  return page(
    `# ${inline(sprint.name)}`,
    sprintFacts(sprint),
    section('Files', [...generated.map((name) => `- ${code(name)}`), ...authored].join('\n')),
    section('Artifacts of the todos', artifacts.join('\n')),
  );
}

function artifactLines(todo: Todo): string {
  const paths = [...new Set(todo.reports.flatMap((report) => report.artifacts))];
  return paths.length === 0 ? '' : `- ${inline(todo.title)}\n${paths.map((path) => `  - ${code(path)}`).join('\n')}`;
}

/** `todo_backlog.md`: what the sprint selected. */
export function renderTodoBacklog(sprint: Sprint, state: State, block: BlockSource): string {
  const todos = todosIn(sprint, state);
  if (todos.length === 0) return page('# Selected items', 'Nothing is selected yet.');
  return page(
    '# Selected items',
    blocks(todos, (todo) => block('selected-block', todo.todoId, () => selectedBlock(todo))),
  );
}

const reportLines = (reports: readonly ReportDigest[]): string => reports.map(reportBlock).join('\n');

/** `iteration_log.md`: the planner's rounds, and every report on every todo. */
export function renderIterationLog(sprint: Sprint, state: State, block: BlockSource): string {
  const traces = todosIn(sprint, state)
    .filter((todo) => todo.reports.length > 0)
    .map((todo) => block('trace-block', todo.todoId, () => `### ${inline(todo.title)}\n\n${reportLines(todo.reports)}`));
  return page(
    '# Iteration log',
    section('Planning iterations', sprint.reports.length > 0 ? reportLines(sprint.reports) : 'None yet.'),
    section('Workflow validation trace', traces.length > 0 ? traces.join('\n\n') : 'Nothing was reported yet.'),
  );
}

function revertLine(number: number, { at, by, comment, commit, closeout, blocker, revertedAt }: Revert): string {
  const stand = revertedAt !== null ? `undone by ${code(closeout.rebased ?? '')}` : blocker ? inline(blocker.reason) : 'under way';
  return `- ${at} revert of ${code(commit)} (revision ${number}) by ${inline(by.id)}: ${inline(comment)}; ${stand}`;
}

function resultBlock(todo: Todo): string {
  const receipts = todo.revisions
    .flatMap(({ receipt, revert }) => [receipt, revert?.receipt])
    .flatMap((receipt) => (receipt ? [receiptBlock(receipt)] : []));
  const reverts = todo.revisions.flatMap(({ number, revert }) => (revert ? [revertLine(number, revert)] : []));
  const verdicts = todo.revisions
    .flatMap((revision) => revision.verdicts)
    .map(
      (verdict) =>
        `- ${verdict.at} ${verdict.kind} by ${inline(verdict.by.id)} on revision ${verdict.revision}${verdict.comment ? `: ${inline(verdict.comment)}` : ''}`,
    );
  const claim = todo.reports.at(-1)?.summary ?? '';
  const head = facts([
    ['todo_id', code(todo.todoId)],
    ['status', todo.status],
    ['blocked', inline(todo.blocker?.reason ?? '')],
    ['the role says', inline(claim)],
  ]);
  return [`### ${inline(todo.title)}`, '', head, ...receipts, ...verdicts, ...reverts].join('\n');
}

function glance(sprint: Sprint, todos: readonly Todo[]): string {
  const byStatus = new Map<string, number>();
  const byBadge = new Map<string, number>();
  for (const todo of todos) {
    byStatus.set(todo.status, (byStatus.get(todo.status) ?? 0) + 1);
    const badge = todo.revisions.at(-1)?.receipt?.badge;
    if (badge) byBadge.set(badgeWord(badge), (byBadge.get(badgeWord(badge)) ?? 0) + 1);
  }
  const counts = (map: ReadonlyMap<string, number>): string => [...map].map(([name, count]) => `${count} ${name}`).join(', ');
  return [
    sprintFacts(sprint),
    facts([
      ['todos', counts(byStatus) || 'none'],
      ['receipts', counts(byBadge) || 'none'],
    ]),
  ].join('\n');
}

/** `report.md`: how the sprint stands or ended; what a role says stands beside the receipt that the runtime wrote. */
export function renderSprintReport(sprint: Sprint, state: State, block: BlockSource): string {
  const todos = todosIn(sprint, state);
  return page(
    `# Report: ${inline(sprint.name)}`,
    section('At a glance', glance(sprint, todos)),
    section(
      'Todos',
      blocks(todos, (todo) => block('result-block', todo.todoId, () => resultBlock(todo))),
    ),
  );
}

/** `sprint_history/<id>.md` of a sprint that has ended. */
export function renderSprintHistory(sprint: Sprint, state: State, block: BlockSource): string {
  const todos = todosIn(sprint, state);
  return page(
    `# ${inline(sprint.name)}`,
    sprintFacts(sprint),
    section('Todo list', todos.map((todo) => `- ${inline(todo.title)} (${todo.status})`).join('\n')),
    section('Last activities', activityLines(sprint, keptActivities)),
    section(
      'Report',
      blocks(todos, (todo) => block('result-block', todo.todoId, () => resultBlock(todo))),
    ),
  );
}

/** `sprint_history/index.md`: the seven columns of sprint-runtime 1.4, newest first. */
export function renderSprintHistoryIndex(state: State): string {
  const ended = Object.values(state.sprints)
    .filter((sprint) => sprint.endedAt !== null)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const rows = ended.map((sprint) => {
    const commit =
      todosIn(sprint, state)
        .flatMap((todo) => todo.revisions.flatMap((revision) => revision.commit ?? []))
        .at(-1) ?? '';
    const count = Object.values(sprint.tally).reduce((sum, each) => sum + each, 0) || sprint.todoIds.length;
    return `| ${[sprint.sprintId, sprint.status, inline(sprint.milestoneTitle), sprint.startedAt, sprint.endedAt ?? '', count, commit].join(' | ')} |`;
  });
  const head =
    '| sprint_id | status | milestone | started_at | ended_at | todo_count | commit_sha |\n| --- | --- | --- | --- | --- | --- | --- |';
  return page('# Sprint history', [head, ...rows].join('\n'));
}

/** `kickoff.md`: what was asked, word for word; it depends on nothing that changes later. */
export function renderKickoff(sprint: Sprint, state: State): string {
  const request = state.requests[sprint.sourceRequestId];
  return page(
    `# Kickoff: ${inline(sprint.requestedMilestone)}`,
    facts([
      ['sprint_id', code(sprint.sprintId)],
      ['started_at', sprint.startedAt],
      ['source_request_id', sprint.sourceRequestId === '' ? '' : code(sprint.sourceRequestId)],
    ]),
    section('Request', request ? quoted(request.body) : ''),
    section('Brief', sprint.brief === '' ? '' : quoted(sprint.brief)),
    section('Requirements', bullets(sprint.requirements)),
  );
}
