import type { LiveActivity, LiveChange, RunningTurnView } from '../../shared/contract/live-events.js';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { subjectIdOf } from '../../shared/domain/advance.js';
import { isOnBoard } from '../../shared/domain/board.js';
import { diskText } from '../../shared/domain/disk-text.js';
import type { State, Todo, Turn } from '../../shared/domain/state.js';
import type { Event, EventType } from '../../shared/domain/vocabulary.js';
import type { TurnActivity } from './ports/runner.js';
import { LiveIndex } from './live-index.js';
import type { Delta } from './runtime-api.js';
import { backlogItemView, currentSprint, requestHeadView, rolesView, spendView } from './views.js';
import { boardCardView, problemsView, sprintHeadView, whoWords } from './views-parts.js';

const spaced = (word: string): string => word.replaceAll('_', ' ');

type Words<T extends EventType> = (event: Extract<Event, { type: T }>, state: State) => string | null;

const named = (state: State, todoId: string): string => {
  const todo = state.todos[todoId];
  return todo ? `${todoId} "${todo.title}"` : todoId;
};

const turnWords = (state: State, turnId: string): string => {
  const turn = state.turns[turnId];
  if (!turn) return turnId;
  return `${turn.isRehearsal ? '[rehearsal] ' : ''}${turn.member} at ${spaced(turn.step)} of ${subjectIdOf(turn.subject)}`;
};

const words: { readonly [T in EventType]?: Words<T> } = {
  halted: ({ reason }) => `Everything is stopped: ${reason}`,
  'halt-lifted': ({ by }) => `Work goes on, by ${whoWords(by)}.`,
  'backlog-item-added': ({ item, by }) => `${whoWords(by)} added ${item.backlogId} "${item.title}" to the backlog.`,
  'request-accepted': ({ request }) => `Request ${request.requestId}: ${request.scope}`,
  'request-changed': ({ requestId, changes, why }) => (changes.status ? `Request ${requestId} is ${changes.status}: ${why}` : null),
  'operation-asked': ({ operation }) =>
    `The action "${operation.action}" was asked for by ${whoWords(operation.requestedBy)}: ${operation.operationId}.`,
  'operation-begun': ({ operationId }, state) => `The action "${state.operations[operationId]?.action ?? ''}" runs: ${operationId}.`,
  'operation-ended': ({ outcome }) => outcome,
  'sprint-started': ({ sprint }) => `Sprint ${sprint.sprintId} "${sprint.milestoneTitle}" started.`,
  'sprint-changed': ({ sprintId, changes, why }) => {
    if (!changes.status) return why ? `Sprint ${sprintId}: ${why}` : null;
    const reason = why.startsWith(`${changes.status}: `) ? why.slice(changes.status.length + 2) : why;
    return `Sprint ${sprintId} is ${changes.status}${reason ? `: ${reason}` : ''}`;
  },
  'planning-step-entered': ({ sprintId, planning }) => `Sprint ${sprintId} plans: ${spaced(planning.step)}.`,
  'todo-created': ({ todo }) => `${todo.todoId} "${todo.title}" is queued.`,
  'todo-started': ({ todoId }, state) => `${named(state, todoId)} started.`,
  'step-entered': ({ todoId, move }, state) => `${named(state, todoId)}: ${spaced(move.step)}, by ${move.owner}.`,
  'step-resumed': ({ todoId, workflow, why }, state) => `${named(state, todoId)} goes on at ${spaced(workflow.step)}: ${why}`,
  'input-given': ({ todoId, text, by }, state) => (by.kind === 'runtime' ? `${named(state, todoId)}: ${text.split('\n')[0] ?? ''}` : null),
  'todo-blocked': ({ todoId, blocker }, state) => `${named(state, todoId)} is blocked: ${blocker.reason}`,
  'todo-paused': ({ todoId, reason }, state) => `${named(state, todoId)} is paused: ${reason}`,
  'todo-requeued': ({ todoId, reason }, state) => `${named(state, todoId)} is queued again: ${reason}`,
  'todo-ended': ({ todoId, status, reason }, state) => `${named(state, todoId)} is ${spaced(status)}: ${reason}`,
  'turn-prepared': ({ turnId }, state) => `${turnWords(state, turnId)} begins.`,
  'turn-failed-attempt': ({ turnId, message }, state) => `${turnWords(state, turnId)} failed: ${message}`,
  'report-accepted': ({ digest, subject }) =>
    `${digest.role} reported ${digest.status} at ${spaced(digest.step)}${subject.kind === 'todo' ? ` of ${subject.todoId}` : ''}: ${digest.summary}`,
  'report-returned': ({ turnId, problems }, state) => `${turnWords(state, turnId)}: the report came back: ${problems.join(' ')}`,
  'closeout-started': ({ todoId }, state) => `${named(state, todoId)}: closeout.`,
  'closeout-advanced': ({ todoId, stage, changes }, state) =>
    changes.waiting
      ? `${named(state, todoId)} waits for your working tree: ${changes.waiting.reason}`
      : stage === 'done'
        ? null
        : `${named(state, todoId)}: ${stage}.`,
  'receipt-written': ({ todoId, receipt }, state) =>
    `${receipt.reverts ? 'The revert of ' : ''}${named(state, todoId)} has a receipt: ${spaced(receipt.badge)}.`,
  'setup-accepted': ({ todoId, by }, state) => `${named(state, todoId)}: ${whoWords(by)} accepted its setup.`,
  'verification-overridden': ({ todoId, reason, by }, state) =>
    `${named(state, todoId)}: ${whoWords(by)} let its red verification pass: ${reason}`,
  'todo-uncommitted': ({ todoId, reason }, state) => `${named(state, todoId)} is not committed: ${reason}`,
  'todo-committed': ({ todoId, commit, isIntegrated }, state) =>
    `${named(state, todoId)} is ${isIntegrated ? 'on the target branch' : 'on its own branch'} as ${commit.slice(0, 10)}.`,
  'revert-asked': ({ todoId, commit, comment, by }, state) =>
    `${named(state, todoId)}: ${whoWords(by)} has commit ${commit.slice(0, 10)} reverted: ${comment}`,
  'revert-blocked': ({ blocker }) => blocker.reason,
  'revert-dropped': ({ todoId, reason, by }, state) => `${named(state, todoId)} stays as it is, by ${whoWords(by)}: ${reason}`,
  'todo-reverted': ({ todoId, commit }, state) => `${named(state, todoId)} is reverted on the target branch by ${commit.slice(0, 10)}.`,
  'verdict-given': ({ todoId, kind, revision, by, comment }, state) =>
    `${named(state, todoId)}, revision ${revision}: ${kind.replaceAll('-', ' ')} by ${whoWords(by)}${comment ? `: ${comment}` : ''}`,
  'problem-found': ({ problem }) => `Problem${problem.path ? ` with ${problem.path}` : ''}: ${problem.reason}`,
  'disk-freed': ({ bytes, what }) => `${diskText(bytes)} of the disk were freed: ${what}.`,
  'problem-cleared': ({ problemId, path, by }) => (by ? `Dismissed by ${whoWords(by)}: ${problemId}.` : `Mended: ${path || problemId}.`),
};

/** An event as one sentence, or null where people need none. */
export function eventWords(event: Event, state: State): string | null {
  const say = words[event.type] as Words<EventType> | undefined;
  return say ? say(event, state) : null;
}

/** Id of what an event is about: todo, sprint, request, backlog item; empty where there is none. */
export function subjectOfEvent(event: Event, state: State): string {
  const turnId = 'turnId' in event ? event.turnId : event.type === 'turn-asked' ? event.turn.turnId : '';
  const turn = turnId === '' ? undefined : state.turns[turnId];
  if (turn) return subjectIdOf(turn.subject);
  if ('todoId' in event) return event.todoId;
  if ('todo' in event) return event.todo.todoId;
  if ('subject' in event) return event.subject.kind === 'todo' ? event.subject.todoId : '';
  if ('requestId' in event) return event.requestId;
  if ('request' in event && typeof event.request === 'object') return event.request.requestId;
  if ('operationId' in event) return state.operations[event.operationId]?.requestId ?? '';
  if ('operation' in event) return event.operation.requestId;
  if ('sprintId' in event) return event.sprintId;
  return 'sprint' in event ? event.sprint.sprintId : '';
}

/** Events after which every queued card may wait for something else, and those after which the ones do that depend on a card. */
const freesAll: readonly EventType[] = ['halted', 'halt-lifted', 'configuration-loaded'];
const freesDependents: readonly EventType[] = ['todo-committed', 'todo-ended', 'revision-opened', 'verdict-given'];

/** Whether what a card depends on can be what it waits for: until it starts, and when it is approved before the other. */
const mayWaitForOthers = (todo: Todo | undefined): boolean => todo?.status === 'queued' || todo?.status === 'committed';

/** Cards that events are about, and those that wait for something else because of them. */
function touchedTodos({ events }: Delta, state: State, index: LiveIndex): Todo[] {
  const subjects = new Set(events.map((event) => subjectOfEvent(event, state)));
  const ids = new Set([...subjects, ...index.take(events, subjects, state)]);
  if (events.some(({ type }) => freesAll.includes(type))) for (const id of index.queuedOf(state.activeSprintId)) ids.add(id);
  for (const event of events)
    if (freesDependents.includes(event.type))
      for (const id of index.dependentsOf(subjectOfEvent(event, state))) if (mayWaitForOthers(state.todos[id])) ids.add(id);
  return [...ids].map((id) => state.todos[id]).filter((todo): todo is Todo => todo !== undefined);
}

const turnEvents: readonly EventType[] = [
  'turn-asked',
  'turn-asked-again',
  'turn-prepared',
  'turn-spawned',
  'turn-session',
  'turn-failed-attempt',
  'turn-ended',
];

/**
 * What a durable record changed, with everything that it names as it is now: one change costs one change. `index` has taken every
 * change before this one.
 */
export function liveChange(delta: Delta, state: State, index = new LiveIndex(state)): LiveChange {
  const { events } = delta;
  const touched = touchedTodos(delta, state, index);
  const has = (...types: readonly EventType[]): boolean => events.some(({ type }) => types.includes(type));
  return {
    kind: 'change',
    seq: delta.seq,
    at: delta.at,
    lines: events.flatMap((event) => {
      const text = eventWords(event, state);
      return text === null ? [] : [{ text, subjectId: subjectOfEvent(event, state) }];
    }),
    ...changedCards(touched, delta, state, index),
    ...changedSprints(touched, delta, state, index),
    ...changedBacklog(delta, state, index),
    requests: changedRequests(delta, state),
    roles: changedRoles(delta, state, index),
    turns: has(...turnEvents, 'todo-ended') ? runningTurns(state, index.openTurns(state)) : null,
    spend: has('turn-ended', 'configuration-loaded') ? spendView(state, delta.at) : null,
    isTrusted: has('configuration-loaded') ? state.isTrusted : null,
    problems: has('problem-found', 'problem-cleared') ? problemsView(state) : null,
    halt: state.halt,
  };
}

function changedCards(touched: readonly Todo[], delta: Delta, state: State, { gates }: LiveIndex): Pick<LiveChange, 'cards' | 'goneCards'> {
  const cards: BoardCardView[] = [];
  const gone = new Set<string>();
  for (const todo of touched) {
    if (isOnBoard(todo, state)) cards.push(boardCardView(todo, state, gates));
    else gone.add(todo.todoId);
  }
  for (const event of delta.events) {
    if (event.type !== 'sprint-changed' && event.type !== 'sprint-archived') continue;
    const sprint = state.sprints[event.sprintId];
    if (!sprint?.endedAt) continue;
    for (const id of sprint.todoIds) {
      const todo = state.todos[id];
      if (todo === undefined ? event.type === 'sprint-archived' : !isOnBoard(todo, state)) gone.add(id);
    }
  }
  return { cards, goneCards: [...gone] };
}

/** The head of the active sprint goes with every change, as a card's move is in its tally; that of an ended one with its cards. */
function changedSprints(
  touched: readonly Todo[],
  { events }: Delta,
  state: State,
  index: LiveIndex,
): Pick<LiveChange, 'sprint' | 'sprintHeads'> {
  const changed = events.flatMap((event) =>
    event.type === 'sprint-changed' || event.type === 'sprint-started' ? [subjectOfEvent(event, state)] : [],
  );
  const ofCards = new Set(touched.map(({ sprintId }) => sprintId));
  const main = changed[0] ?? state.activeSprintId ?? (ofCards.size > 0 ? currentSprint(state)?.sprintId : null);
  const headOf = (id: string | null | undefined) => {
    const sprint = id ? state.sprints[id] : undefined;
    return sprint ? [sprintHeadView(sprint, state, index.tallyOf(sprint, state))] : [];
  };
  const others = new Set([...changed, ...ofCards].filter((id) => id !== main));
  return { sprint: headOf(main)[0] ?? null, sprintHeads: [...others].flatMap(headOf) };
}

function changedBacklog({ events }: Delta, state: State, index: LiveIndex): Pick<LiveChange, 'backlogItems' | 'goneBacklogItems'> {
  const ids = new Set(
    events.flatMap((event) => {
      if (event.type === 'backlog-item-added') return [event.item.backlogId];
      if (event.type === 'backlog-item-changed') return [event.backlogId];
      return event.type === 'todo-created' ? [event.todo.backlogId] : [];
    }),
  );
  const there = [...ids].flatMap((id) => (state.backlog[id] ? [backlogItemView(state.backlog[id], state, index.todosOf(id))] : []));
  return { backlogItems: there, goneBacklogItems: [...ids].filter((id) => state.backlog[id] === undefined) };
}

function changedRequests({ events }: Delta, state: State): LiveChange['requests'] {
  const ids = new Set(events.map((event) => subjectOfEvent(event, state)));
  return [...ids].flatMap((id) => (state.requests[id] ? [requestHeadView(state.requests[id])] : []));
}

/** Roles whose turns changed; all of them after a configuration was loaded or a todo was ended with its turn. */
function changedRoles({ events }: Delta, state: State, index: LiveIndex): LiveChange['roles'] {
  const changed = events.filter(({ type }) => turnEvents.includes(type));
  const all = events.some(({ type }) => type === 'configuration-loaded' || type === 'todo-ended');
  if (!all && changed.length === 0) return [];
  const names = new Set(
    changed.flatMap((event) =>
      event.type === 'turn-asked' ? [event.turn.role] : 'turnId' in event ? [state.turns[event.turnId]?.role] : [],
    ),
  );
  return rolesView(state, index.openTurns(state)).filter(({ role }) => all || names.has(role));
}

/** Turns that run now, among `turns`. */
export const runningTurns = (state: State, turns: readonly Turn[] = Object.values(state.turns)): RunningTurnView[] =>
  turns.flatMap((turn) =>
    turn.status === 'running'
      ? [
          {
            id: turn.turnId,
            role: turn.role,
            member: turn.member,
            step: turn.step,
            subjectId: subjectIdOf(turn.subject),
            runner: turn.runner,
            isRehearsal: turn.isRehearsal,
            startedAt: turn.startedAt,
          },
        ]
      : [],
  );

/** Live output of a turn, with what it is about. */
export function liveActivity({ turnId, kind, text }: TurnActivity, state: State): LiveActivity {
  const turn = state.turns[turnId];
  return {
    kind: 'activity',
    turnId,
    subjectId: turn ? subjectIdOf(turn.subject) : '',
    member: turn?.member ?? '',
    isRehearsal: turn?.isRehearsal ?? false,
    activity: kind,
    text,
  };
}
