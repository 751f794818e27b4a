import type { Revision, State, Todo, WorkBelow } from './state.js';
import { currentRevision } from './state.js';

/** The newest revision that has a commit, if that is not on the target; null where it is, or there is none. */
export function unlandedRevision(todo: Todo): Revision | null {
  if (todo.status === 'completed') return null;
  const newest = todo.revisions.findLast(({ commit }) => commit !== null);
  return newest && !newest.isIntegrated ? newest : null;
}

/** Whether a todo was given up, so that nothing of it goes to the target any more. */
export const isGivenUp = ({ status }: Todo): boolean => ['cancelled', 'failed', 'carried_over'].includes(status);

/**
 * Work that a todo builds on and that waits for its approval, lowest first: of its dependencies and theirs, the newest revision that
 * has a commit (rules 4). Empty where every commit goes to the target at once.
 */
export function workBelow(todo: Todo, state: State): WorkBelow[] {
  const found: WorkBelow[] = [];
  const seen = new Set([todo.todoId]);
  const visit = ({ dependsOn }: Todo): void => {
    for (const todoId of dependsOn) {
      const other = seen.has(todoId) ? undefined : state.todos[todoId];
      seen.add(todoId);
      if (!other) continue;
      visit(other);
      const revision = isGivenUp(other) ? null : unlandedRevision(other);
      if (revision) found.push({ todoId, revision: revision.number });
    }
  };
  visit(todo);
  return found;
}

/** Whether that work, or what it became since, is on the target. */
const hasReachedTarget = (todo: Todo, since: number): boolean =>
  todo.status === 'completed' || todo.revisions.some(({ number, isIntegrated }) => isIntegrated && number >= since);

/** What lies below a todo's commit and is not on the target yet, lowest first: it goes there only after these. */
export function openBelow(todo: Todo, state: State): { readonly todo: Todo; readonly commit: string }[] {
  const below = currentRevision(todo).closeout?.below ?? workBelow(todo, state);
  return below.flatMap(({ todoId, revision }) => {
    const other = state.todos[todoId];
    const commit = other?.revisions[revision - 1]?.commit;
    return other && commit && !hasReachedTarget(other, revision) ? [{ todo: other, commit }] : [];
  });
}

/** The todos after which an approved one goes to the target, those that it names itself if there are any; empty where it may go. */
export function goesAfter(todo: Todo, state: State): Todo[] {
  const { isApproved, isIntegrated } = currentRevision(todo);
  if (todo.status !== 'committed' || !isApproved || isIntegrated) return [];
  const open = openBelow(todo, state).map((each) => each.todo);
  const named = open.filter(({ todoId }) => todo.dependsOn.includes(todoId));
  return named.length > 0 ? named : open;
}

/** Approved todos of a sprint that may go on when one of its todos reaches the target. */
export const approvedOnBranch = (sprintId: string, state: State): string[] =>
  (state.sprints[sprintId]?.todoIds ?? []).filter((todoId) => {
    const todo = state.todos[todoId];
    return todo?.status === 'committed' && currentRevision(todo).isApproved && !currentRevision(todo).isIntegrated;
  });

/** Work of the todo itself that was sent back before it was on the target: the present revision takes it over as its own. */
export function workTakenOver(todo: Todo): Revision | null {
  const earlier = todo.revisions.slice(0, todo.revision - 1).findLast(({ commit }) => commit !== null);
  return earlier && !earlier.isIntegrated ? earlier : null;
}
