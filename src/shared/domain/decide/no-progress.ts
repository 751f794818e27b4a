import { blockTodo } from '../advance.js';
import type { ReportDigest, State, Todo, Turn } from '../state.js';
import type { DecideContext, Event } from '../vocabulary.js';

/** What a report says, without when and in which turn it was said. */
const saidIn = ({ status, summary, transition, artifacts, error }: ReportDigest): string =>
  JSON.stringify([
    status,
    summary,
    transition.outcome,
    transition.targetStep,
    transition.category,
    transition.unresolved,
    artifacts,
    error,
  ]);

/** Steps whose work is, or is about, the files: a turn of another role that left them as they were is no progress. */
const stepsOnFiles: readonly string[] = ['developer_build', 'developer_revision', 'architect_review', 'qa_validation'];

/** The role's accepted report before this one at the same step of the same revision. */
function reportBefore(todo: Todo, digest: ReportDigest): ReportDigest | undefined {
  const isSamePlace = ({ role, step, revision }: ReportDigest): boolean =>
    role === digest.role && step === digest.step && revision === digest.revision;
  return todo.reports.findLast((other) => other.turnId !== digest.turnId && isSamePlace(other));
}

/** Whether a person said something, or the files were changed by hand, since that report: then a repeat is not the role's doing alone. */
const wasHelped = (todo: Todo, before: ReportDigest): boolean => todo.inputs.some(({ at }) => at > before.at);

/**
 * Blocks a todo whose role left the same tree and the same report as in its turn before at this step. From the build on, turns of
 * other roles in between do not count: what they asked for was not done. Before it, what another role said is progress, as advice
 * and documents are no files of the project. Where no tree is known (no repository) nothing is blocked.
 */
export function noProgress(
  state: State,
  todo: Todo,
  turn: Turn,
  digest: ReportDigest,
  outputTree: string,
  ctx: DecideContext,
): Event | null {
  const before = reportBefore(todo, digest);
  const treeBefore = before ? (state.turns[before.turnId]?.outputTree ?? '') : '';
  if (!before || outputTree === '' || treeBefore !== outputTree) return null;
  if (saidIn(before) !== saidIn(digest) || wasHelped(todo, before)) return null;
  if (!stepsOnFiles.includes(digest.step) && todo.reports.at(-1) !== before) return null;
  const step = turn.step.replaceAll('_', ' ');
  return blockTodo(
    todo.todoId,
    {
      kind: 'no-progress',
      byRole: turn.role,
      reason: `${turn.member} made no progress at ${step}: it left the same files and the same report as in its turn before. Answer it with what it should do otherwise, retry it or cancel it.`,
    },
    ctx,
  );
}
