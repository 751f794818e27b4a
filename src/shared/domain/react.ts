import type { State, Todo } from './state.js';
import { closeoutInWork } from './closeout.js';
import { currentRevision } from './state.js';
import type { Event, EventType } from './vocabulary.js';
import type { Effect } from './effect.js';

/** Pause before a waiting working tree is looked at again. */
const workingTreeRetryMs = 2_000;

type Reaction<T extends EventType> = (event: Extract<Event, { type: T }>, state: State) => Effect[];

const laneOf = (todo: Pick<Todo, 'todoId'>): string => `todo:${todo.todoId}`;

function turnEffect(turnId: string, state: State): Effect[] {
  const subject = state.turns[turnId]?.subject;
  if (!subject) return [];
  const lane =
    subject.kind === 'todo'
      ? `todo:${subject.todoId}`
      : subject.kind === 'sprint'
        ? `sprint:${subject.sprintId}`
        : `request:${subject.requestId}`;
  return [{ type: 'run-turn', lane, turnId }];
}

function closeoutEffect(todo: Todo): Effect[] {
  const revision = currentRevision(todo);
  const closeout = closeoutInWork(revision);
  if (!closeout) return [];
  const at = { todoId: todo.todoId, revision: todo.revision, closeoutId: closeout.closeoutId };
  switch (closeout.stage) {
    case 'commit':
    case 'rebase':
      if (revision.revert) return [{ type: 'revert', lane: laneOf(todo), ...at, commit: revision.revert.commit }];
      return [{ type: closeout.stage, lane: laneOf(todo), ...at }];
    case 'verify':
      return [{ type: 'verify', lane: laneOf(todo), ...at, commit: closeout.rebased ?? '', base: closeout.onto ?? revision.base }];
    case 'integrate':
      return closeout.rebased && closeout.onto
        ? [
            {
              type: 'integrate',
              // One that waits for a person looks again by itself and holds up nobody else.
              lane: closeout.waiting ? laneOf(todo) : 'repo',
              ...at,
              from: closeout.onto,
              to: closeout.rebased,
              delayMs: closeout.waiting ? workingTreeRetryMs : 0,
            },
          ]
        : [];
    case 'approval':
    case 'done':
      return [];
  }
}

const reactions: { readonly [T in EventType]?: Reaction<T> } = {
  'worktree-asked': ({ todoId, branch, onto }, state) => {
    const todo = state.todos[todoId];
    return todo ? [{ type: 'add-worktree', lane: laneOf(todo), todoId, revision: todo.revision, branch, onto }] : [];
  },
  'turn-asked': ({ turn }, state) => turnEffect(turn.turnId, state),
  'turn-asked-again': ({ turnId }, state) => turnEffect(turnId, state),
  'evidence-asked': ({ todoId }, state) => {
    const todo = state.todos[todoId];
    return todo ? [{ type: 'gather-evidence', lane: laneOf(todo), todoId, revision: todo.revision }] : [];
  },
  'closeout-advanced': ({ todoId }, state) => {
    const todo = state.todos[todoId];
    return todo ? closeoutEffect(todo) : [];
  },
  'worktree-removal-asked': ({ todoId, revision }, state) => {
    const todo = state.todos[todoId];
    return todo ? [{ type: 'remove-worktree', lane: 'repo', sprintId: todo.sprintId, todoId, revision }] : [];
  },
  // One at a time: two commands on the project's folder could be in each other's way.
  'operation-asked': ({ operation }) => [{ type: 'run-action', lane: 'path:project', operationId: operation.operationId }],
  'sprint-archive-asked': ({ sprintId }) => [{ type: 'archive-sprint', lane: `sprint:${sprintId}`, sprintId }],
};

/** The effects that an event asks for, given the state after it. Their list is journaled with the event and never derived again. */
export function effectsOf(event: Event, state: State): Effect[] {
  const reaction = reactions[event.type] as Reaction<EventType> | undefined;
  return reaction ? reaction(event, state) : [];
}
