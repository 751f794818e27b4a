import type { State } from '../../../../shared/domain/state.js';
import type { Event, EventType } from '../../../../shared/domain/vocabulary.js';
import type { ProjectionRef } from './projection-table.js';
import { documentRef, sprintRefs } from './projection-table.js';

/** What an event leaves to be written: files, and the entities whose parts in larger files are made anew. */
export interface Affected {
  readonly refs: readonly ProjectionRef[];
  readonly entities: readonly string[];
}

type Reaction<T extends EventType> = (event: Extract<Event, { type: T }>, state: State) => Affected;

const backlogViews: readonly ProjectionRef[] = [
  { kind: 'backlog', id: '' },
  { kind: 'completed-backlog', id: '' },
];

const none: Affected = { refs: [], entities: [] };

const item = (backlogId: string): Affected => ({ refs: [{ kind: 'backlog-item', id: backlogId }, ...backlogViews], entities: [backlogId] });

const request = (requestId: string): Affected => ({ refs: [{ kind: 'request', id: requestId }], entities: [requestId] });

const sprint = (sprintId: string, state: State): Affected => ({ refs: sprintRefs(sprintId, state), entities: [sprintId] });

const todo = (todoId: string, state: State): Affected => {
  const found = state.todos[todoId];
  return found ? { refs: sprintRefs(found.sprintId, state), entities: [todoId] } : none;
};

function turn(turnId: string, state: State): Affected {
  const subject = state.turns[turnId]?.subject;
  if (!subject) return none;
  if (subject.kind === 'todo') return todo(subject.todoId, state);
  return subject.kind === 'sprint' ? sprint(subject.sprintId, state) : request(subject.requestId);
}

const ofTodo = (event: { readonly todoId: string }, state: State): Affected => todo(event.todoId, state);
const ofTurn = (event: { readonly turnId: string }, state: State): Affected => turn(event.turnId, state);
const ofSprint = (event: { readonly sprintId: string }, state: State): Affected => sprint(event.sprintId, state);
const nothing = (): Affected => none;

const ofOperation = ({ operationId }: { readonly operationId: string }): Affected => ({
  refs: [{ kind: 'operation', id: operationId }],
  entities: [],
});

const currentSprint: ProjectionRef = { kind: 'current-sprint', id: '' };

const table: { readonly [T in EventType]: Reaction<T> } = {
  'configuration-loaded': nothing,
  'runtime-started': nothing,
  halted: nothing,
  'halt-lifted': nothing,
  'problem-found': nothing,
  'disk-freed': nothing,
  'problem-cleared': nothing,
  'effect-begun': nothing,
  'effect-settled': nothing,
  'effect-cancelled': nothing,
  'effect-parked': nothing,
  'outcome-superseded': ({ turnId = '' }, state) => turn(turnId, state),
  'envelope-consumed': nothing,
  'intake-taken': nothing,
  'operation-asked': ({ operation }) => ({ refs: [{ kind: 'operation', id: operation.operationId }], entities: [] }),
  'operation-begun': ofOperation,
  'operation-ended': ofOperation,
  'backlog-item-added': (event) => item(event.item.backlogId),
  'backlog-item-changed': (event) => item(event.backlogId),
  'request-accepted': (event) => request(event.request.requestId),
  'request-changed': (event) => request(event.requestId),
  'sprint-started': (event, state) => {
    const found = sprint(event.sprint.sprintId, state);
    return { ...found, refs: [...found.refs, { kind: 'kickoff', id: event.sprint.sprintId }, currentSprint] };
  },
  'sprint-changed': (event, state) => {
    const found = sprint(event.sprintId, state);
    return { ...found, refs: [...found.refs, currentSprint] };
  },
  'planning-step-entered': ofSprint,
  'document-authored': (event, state) => {
    const found = sprint(event.sprintId, state);
    return { ...found, refs: [...found.refs, documentRef(event.sprintId, event.name)] };
  },
  'todo-created': (event, state) => todo(event.todo.todoId, state),
  'todo-started': ofTodo,
  'worktree-asked': ofTodo,
  'worktree-ready': ofTodo,
  'step-entered': ofTodo,
  'step-resumed': ofTodo,
  'evidence-asked': ofTodo,
  'evidence-gathered': ofTodo,
  'todo-blocked': ofTodo,
  'todo-paused': ofTodo,
  'todo-requeued': ofTodo,
  'todo-ended': ofTodo,
  'todo-reordered': ofTodo,
  'todo-assigned': ofTodo,
  'changed-by-hand': ofTodo,
  'input-given': ofTodo,
  'turn-asked': (event, state) => turn(event.turn.turnId, state),
  'turn-asked-again': ofTurn,
  'turn-prepared': ofTurn,
  'turn-spawned': ofTurn,
  'turn-session': (event, state) => {
    const found = turn(event.turnId, state);
    const role = state.turns[event.turnId]?.role;
    return role ? { ...found, refs: [...found.refs, { kind: 'role-session', id: role }] } : found;
  },
  'turn-failed-attempt': ofTurn,
  'turn-ended': ofTurn,
  'report-accepted': ({ subject }, state) =>
    subject.kind === 'todo'
      ? todo(subject.todoId, state)
      : subject.kind === 'sprint'
        ? sprint(subject.sprintId, state)
        : request(subject.requestId),
  'report-returned': (event, state) => turn(event.turnId, state),
  'closeout-started': ofTodo,
  'closeout-advanced': ofTodo,
  'receipt-written': ofTodo,
  'verification-overridden': ofTodo,
  'setup-accepted': ofTodo,
  'todo-uncommitted': ofTodo,
  'todo-committed': ofTodo,
  'verdict-given': ofTodo,
  'revert-asked': ofTodo,
  'revert-blocked': ofTodo,
  'revert-dropped': ofTodo,
  'todo-reverted': ofTodo,
  'revision-opened': ofTodo,
  'worktree-removal-asked': nothing,
  'worktree-removed': ofTodo,
  'sprint-archive-asked': nothing,
  'sprint-archived': () => ({ refs: [{ kind: 'sprint-history-index', id: '' }], entities: [] }),
};

/** What an accepted event leaves to be written, given the state after it; it never looks at more than the event names. */
export function affectedBy(event: Event, state: State): Affected {
  const reaction = table[event.type] as Reaction<EventType>;
  return reaction(event, state);
}
