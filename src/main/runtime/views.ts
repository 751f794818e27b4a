import type { BoardView } from '../../shared/contract/board-views.js';
import type {
  BacklogItemView,
  BacklogView,
  ListView,
  RequestHeadView,
  RoleStatusView,
  ShowView,
  SpendView,
  SprintView,
  StatusView,
} from '../../shared/contract/views.js';
import { subjectIdOf } from '../../shared/domain/advance.js';
import { compareBacklog } from '../../shared/domain/backlog.js';
import { columnOf, columns, compareTodos, gatesOf, isOnBoard, waitingFor } from '../../shared/domain/board.js';
import { roleSettings } from '../../shared/domain/configuration.js';
import { roster } from '../../shared/domain/roster.js';
import type { BacklogItem, Request, Sprint, State, Todo, Turn } from '../../shared/domain/state.js';
import { dayOf } from '../../shared/kernel/time.js';
import type { Runtime } from './runtime-api.js';
import { sprintActions } from './views-actions.js';
import type { Viewer } from './views-actions.js';
import { cardView, requestView } from './views-card.js';
import { boardCardView, needsPerson, problemsView, sprintHeadView, turnsOf, whoView } from './views-parts.js';

const todosOnBoard = (state: State): Todo[] => Object.values(state.todos).filter((todo) => isOnBoard(todo, state));

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string, keys: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = Object.fromEntries(keys.map((key) => [key, 0]));
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
};

/** The active sprint, else the one that started last, else null. */
export function currentSprint(state: State): Sprint | null {
  if (state.activeSprintId) return state.sprints[state.activeSprintId] ?? null;
  const byStart = Object.values(state.sprints).sort(
    (a, b) => a.startedAt.localeCompare(b.startedAt) || a.sprintId.localeCompare(b.sprintId),
  );
  return byStart.at(-1) ?? null;
}

/** The board: every column, cards in their order. */
export function boardView(state: State): BoardView {
  const todos = todosOnBoard(state).sort(compareTodos);
  const sprint = currentSprint(state);
  const gates = gatesOf(state);
  return {
    sprint: sprint && sprintHeadView(sprint, state),
    halt: state.halt,
    columns: columns.map((id) => ({
      id,
      cards: todos.filter((todo) => columnOf(todo) === id).map((todo) => boardCardView(todo, state, gates)),
    })),
    problems: problemsView(state),
  };
}

const backlogStatuses = ['pending', 'selected', 'blocked', 'done', 'carried_over', 'dropped'];
const requestStatuses = ['queued', 'delegated', 'blocked', 'completed', 'failed', 'cancelled'];
const backlogCounts = (state: State): Record<string, number> =>
  countBy(Object.values(state.backlog), ({ status }) => status, backlogStatuses);

/** The workspace at a glance. */
export function statusView(runtime: Runtime, isRunning: boolean, now: string): StatusView {
  const state = runtime.state();
  const sprint = currentSprint(state);
  const todos = todosOnBoard(state);
  return {
    workspace: runtime.workspaceDir,
    project: runtime.projectDir,
    isRunning,
    isTrusted: state.isTrusted,
    untrustedChanges: [...state.untrustedChanges],
    halt: state.halt,
    writeProblem: runtime.writeProblem() ?? '',
    sprint: sprint && sprintHeadView(sprint, state),
    roles: rolesView(state),
    backlog: backlogCounts(state),
    requests: countBy(Object.values(state.requests), ({ status }) => status, requestStatuses),
    board: countBy(todos, columnOf, columns),
    needsYou: todos
      .filter((todo) => needsPerson(todo, state))
      .sort(compareTodos)
      .map((todo) => ({ id: todo.todoId, title: todo.title, waitingFor: waitingFor(todo, state) })),
    effects: runtime.running().map(({ effectId, type, lane }) => ({ id: effectId, type, lane })),
    spend: spendView(state, now),
    problems: problemsView(state),
  };
}

const openTurnsOf = (state: State): readonly Turn[] => Object.values(state.turns).filter((turn) => turn.status !== 'ended');

/** Every role of the roster, and what it works on; `open` are the turns that have not ended, given by who has them already. */
export function rolesView(state: State, open = openTurnsOf(state)): RoleStatusView[] {
  return roster.map(({ role, isPublic }) => {
    const turn =
      open.find((candidate) => candidate.role === role && candidate.status === 'running') ??
      open.find((candidate) => candidate.role === role);
    const settings = state.configuration ? roleSettings(state.configuration, role) : null;
    return {
      role,
      isPublic,
      status: turn === undefined ? 'idle' : turn.status === 'running' ? 'working' : 'waiting',
      subjectId: turn ? subjectIdOf(turn.subject) : '',
      step: turn?.step ?? '',
      member: turn?.member ?? role,
      runner: turn?.runner || (settings?.runner ?? ''),
      model: settings?.model ?? '',
      reasoning: settings?.reasoning ?? '',
      sessionId: turn?.sessionId ?? '',
    };
  });
}

/** A request in a line. */
export const requestHeadView = ({ requestId, status, currentRole, scope, createdAt }: Request): RequestHeadView => ({
  id: requestId,
  status,
  currentRole,
  scope,
  createdAt,
});

/** What was spent on the day of an instant. */
export function spendView({ spend, configuration }: State, now: string): SpendView {
  const day = dayOf(now);
  const isToday = spend.day === day;
  return {
    day,
    turns: isToday ? spend.turns : 0,
    tokens: isToday ? spend.tokens : 0,
    limit: configuration?.limits.dayTokens ?? 0,
  };
}

/** Roles, sprints and requests by name. */
export function listView(state: State): ListView {
  return {
    roles: rolesView(state),
    backlog: backlogCounts(state),
    sprints: Object.values(state.sprints)
      .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
      .map((sprint) => sprintHeadView(sprint, state)),
    requests: Object.values(state.requests)
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map(requestHeadView),
  };
}

const todosOfItem = (item: BacklogItem, state: State): string[] =>
  Object.values(state.todos).flatMap(({ backlogId, todoId }) => (backlogId === item.backlogId ? [todoId] : []));

/** A backlog item, with the todos that executed it; they are given by who has them already. */
export function backlogItemView(item: BacklogItem, state: State, todoIds = todosOfItem(item, state)): BacklogItemView {
  return {
    id: item.backlogId,
    title: item.title,
    summary: item.summary,
    kind: item.kind,
    source: item.source,
    scope: item.scope,
    status: item.status,
    priorityRank: item.priorityRank,
    acceptanceCriteria: [...item.acceptanceCriteria],
    dependsOn: [...item.dependsOn],
    milestone: item.milestoneTitle,
    sprintId: item.selectedInSprintId || item.plannedInSprintId,
    requestId: item.origin.requestId,
    reworkOf: item.reworkOf,
    blockedReason: item.blockedReason,
    droppedReason: item.droppedReason,
    todoIds,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
  };
}

/** The backlog in its order of work; what is done or dropped comes last. */
export function backlogView(state: State): BacklogView {
  const isOver = (item: BacklogItem): number => (['done', 'dropped'].includes(item.status) ? 1 : 0);
  const items = Object.values(state.backlog).sort((a, b) => isOver(a) - isOver(b) || compareBacklog(a, b));
  const todoIds = new Map<string, string[]>();
  for (const { backlogId, todoId } of Object.values(state.todos)) todoIds.set(backlogId, [...(todoIds.get(backlogId) ?? []), todoId]);
  return {
    counts: backlogCounts(state),
    items: items.map((item) => backlogItemView(item, state, todoIds.get(item.backlogId) ?? [])),
  };
}

/** Everything about one sprint. */
export function sprintView(sprint: Sprint, state: State, viewer: Viewer): SprintView {
  const gates = gatesOf(state);
  const todos = sprint.todoIds.map((todoId) => state.todos[todoId]).filter((todo): todo is Todo => todo !== undefined);
  return {
    ...sprintHeadView(sprint, state),
    isActive: state.activeSprintId === sprint.sprintId,
    requestedMilestone: sprint.requestedMilestone,
    brief: sprint.brief,
    requirements: [...sprint.requirements],
    startedBy: whoView(sprint.startedBy),
    closeoutStatus: sprint.closeoutStatus,
    planningIteration: sprint.planning.iteration,
    isolation: sprint.terms.isolation,
    integrate: sprint.terms.integrate,
    target: sprint.terms.targetRef,
    verify: sprint.terms.verify.map(({ name }) => name),
    documents: Object.entries(sprint.documents).map(([name, { version, by, at }]) => ({ name, version, by, at })),
    todos: todos.sort(compareTodos).map((todo) => boardCardView(todo, state, gates)),
    turns: turnsOf(state, sprint.sprintId),
    activity: sprint.activity.map((entry) => ({ ...entry })),
    actions: sprintActions(sprint, state, viewer),
  };
}

/** What an id stands for, or null: a todo, a request, a backlog item or a sprint. */
export function showView(id: string, state: State, viewer: Viewer): ShowView | null {
  const todo = state.todos[id];
  if (todo) return { kind: 'todo', card: cardView(todo, state, viewer) };
  const request = state.requests[id];
  if (request) return { kind: 'request', request: requestView(request, state, viewer) };
  const item = state.backlog[id];
  if (item) return { kind: 'backlog', item: backlogItemView(item, state) };
  const sprint = state.sprints[id];
  return sprint ? { kind: 'sprint', sprint: sprintView(sprint, state, viewer) } : null;
}
