import type { BoardCardView, LiveEvent } from '../../shared/contract/views.js';
import { subjectIdOf } from '../../shared/domain/advance.js';
import { gatesOf, isOnBoard } from '../../shared/domain/board.js';
import type { State, Todo } from '../../shared/domain/state.js';
import type { Event, EventType } from '../../shared/domain/vocabulary.js';
import type { TurnActivity } from './ports/runner.js';
import type { Delta } from './runtime-api.js';
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
  'receipt-written': ({ todoId, receipt }, state) => `${named(state, todoId)} has a receipt: ${spaced(receipt.badge)}.`,
  'todo-uncommitted': ({ todoId, reason }, state) => `${named(state, todoId)} is not committed: ${reason}`,
  'todo-committed': ({ todoId, commit, isIntegrated }, state) =>
    `${named(state, todoId)} is ${isIntegrated ? 'on the target branch' : 'on its own branch'} as ${commit.slice(0, 10)}.`,
  'verdict-given': ({ todoId, kind, revision, by, comment }, state) =>
    `${named(state, todoId)}, revision ${revision}: ${kind.replaceAll('-', ' ')} by ${whoWords(by)}${comment ? `: ${comment}` : ''}`,
  'problem-found': ({ problem }) => `Problem${problem.path ? ` with ${problem.path}` : ''}: ${problem.reason}`,
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
  if ('sprintId' in event) return event.sprintId;
  return 'sprint' in event ? event.sprint.sprintId : '';
}

/** Events after which queued cards may wait for something else. */
const freesOthers: readonly EventType[] = ['todo-started', 'todo-committed', 'todo-ended', 'halted', 'halt-lifted', 'configuration-loaded'];

function touchedTodos({ events }: Delta, state: State): Todo[] {
  const ids = new Set(events.map((event) => subjectOfEvent(event, state)));
  if (events.some(({ type }) => freesOthers.includes(type))) {
    const sprint = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
    for (const todoId of sprint?.todoIds ?? []) if (state.todos[todoId]?.status === 'queued') ids.add(todoId);
  }
  return [...ids].map((id) => state.todos[id]).filter((todo): todo is Todo => todo !== undefined);
}

/** What a durable record changed, with the cards as they are now: one change costs one change. */
export function liveChange(delta: Delta, state: State): LiveEvent {
  const todos = touchedTodos(delta, state);
  const gates = gatesOf(state);
  const cards: BoardCardView[] = [];
  const goneCards: string[] = [];
  for (const todo of todos) {
    if (isOnBoard(todo, state)) cards.push(boardCardView(todo, state, gates));
    else goneCards.push(todo.todoId);
  }
  const changed = delta.events.find((event) => event.type === 'sprint-changed' || event.type === 'sprint-started');
  const sprintId = changed ? subjectOfEvent(changed, state) : state.activeSprintId;
  const sprint = sprintId ? state.sprints[sprintId] : undefined;
  const isProblem = delta.events.some(({ type }) => type === 'problem-found' || type === 'problem-cleared');
  if (changed && sprint?.endedAt) goneCards.push(...goneWith(sprint.todoIds, state, goneCards));
  return {
    kind: 'change',
    seq: delta.seq,
    at: delta.at,
    lines: delta.events.flatMap((event) => {
      const text = eventWords(event, state);
      return text === null ? [] : [{ text, subjectId: subjectOfEvent(event, state) }];
    }),
    cards,
    goneCards,
    sprint: sprint ? sprintHeadView(sprint, state) : null,
    problems: isProblem ? problemsView(state) : null,
    halt: state.halt,
  };
}

const goneWith = (todoIds: readonly string[], state: State, known: readonly string[]): string[] =>
  todoIds.filter((id) => !known.includes(id) && state.todos[id] !== undefined && !isOnBoard(state.todos[id], state));

/** Live output of a turn, with what it is about. */
export function liveActivity({ turnId, kind, text }: TurnActivity, state: State): LiveEvent {
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
