import { DomainStage, lead, runtime } from '../../tests/unit/domain/domain-stage.js';
import { item } from '../../tests/unit/domain/report-shapes.js';
import { plannedSprint, settleWell } from '../../tests/unit/domain/sprint-play.js';

const dayS = 86_400;

/** Plays a whole sprint of `todos` todos through the real rules, in a world in which all goes well, to APPROVED. */
export function playSprint(stage: DomainStage, todos: number): void {
  plannedSprint(
    stage,
    Array.from({ length: todos }, (_, index) => item(`Piece ${stage.records.length}-${index}`, { priorityRank: 1 })),
  );
  for (let next = stage.pending()[0]; next; next = stage.pending()[0]) settleWell(stage, next);
  for (const todo of Object.values(stage.state.todos)) {
    if (todo.status === 'committed' && !todo.revisions[todo.revision - 1]?.isApproved)
      stage.do({ type: 'approve', todoId: todo.todoId, revision: todo.revision, comment: '' }, lead);
  }
}

/** Lets the week pass after which worktrees go, so that the next sprint's start puts this one aside. */
export function passAWeek(stage: DomainStage): void {
  stage.later(8 * dayS);
  stage.do({ type: 'runtime-start' }, runtime);
  for (let next = stage.pending()[0]; next; next = stage.pending()[0]) settleWell(stage, next);
}

/** Events of everything that a stage recorded. */
export const eventsOf = (stage: DomainStage): number =>
  stage.records.reduce((sum, { body }) => sum + (JSON.parse(body) as { events: unknown[] }).events.length, 0);
