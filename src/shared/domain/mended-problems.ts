import type { Problem, State } from './state.js';
import type { Event } from './vocabulary.js';

/** Problems whose cause is gone with this event, given the state after it. */
export function mendedProblems(event: Event, state: State): Problem[] {
  const isOver = isOverAfter(event, state);
  return isOver ? Object.values(state.problems).filter(isOver) : [];
}

const parkedFor =
  (subjectId: string) =>
  (problem: Problem): boolean =>
    problem.subjectId === subjectId && problem.problemId.startsWith('parked-');

function isOverAfter(event: Event, state: State): ((problem: Problem) => boolean) | null {
  switch (event.type) {
    case 'step-resumed':
    case 'todo-requeued':
    case 'todo-ended':
    case 'todo-committed':
    case 'revision-opened':
    case 'revert-asked':
    case 'revert-dropped':
    case 'worktree-removal-asked':
      return parkedFor(event.todoId);
    case 'request-changed':
      return event.changes.status && event.changes.status !== 'blocked' ? parkedFor(event.requestId) : null;
    case 'sprint-changed':
      return event.changes.status && event.changes.status !== 'blocked' ? parkedFor(event.sprintId) : null;
    case 'sprint-archive-asked':
      return parkedFor(event.sprintId);
    case 'worktree-removed':
      return event.note === '' ? ({ problemId }) => problemId === `worktree-${event.todoId}-r${event.revision}` : null;
    case 'sprint-archived': {
      const todoIds = new Set(state.sprints[event.sprintId]?.todoIds);
      return ({ subjectId = '' }) => subjectId === event.sprintId || todoIds.has(subjectId);
    }
    default:
      return null;
  }
}
