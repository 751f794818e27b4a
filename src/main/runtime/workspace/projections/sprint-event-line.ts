import { plainLine } from '../../../../shared/domain/plain-text.js';
import type { State, TurnSubject } from '../../../../shared/domain/state.js';
import type { Event } from '../../../../shared/domain/vocabulary.js';
import { snakeCased } from './record-shape.js';

/** A durable record as the projections need it; `Delta` of the runtime is one. */
export interface NotedDelta {
  readonly seq: number;
  readonly at: string;
  readonly events: readonly Event[];
}

/** One line of `sprints/<id>.events.jsonl`; `seq` and `n` (place in its record) tell lines apart, so that none is written twice. */
export interface SprintEventLine {
  readonly sprintId: string;
  readonly seq: number;
  readonly n: number;
  /** JSON without its line break. */
  readonly text: string;
}

function sprintOfSubject(subject: TurnSubject | undefined, state: State): string {
  if (subject?.kind === 'sprint') return subject.sprintId;
  return subject?.kind === 'todo' ? (state.todos[subject.todoId]?.sprintId ?? '') : '';
}

function sprintOf(event: Event, state: State): string {
  if (event.type === 'sprint-started') return event.sprint.sprintId;
  if (event.type === 'todo-created') return event.todo.sprintId;
  if (event.type === 'turn-asked') return sprintOfSubject(event.turn.subject, state);
  if (event.type === 'report-accepted' || event.type === 'report-returned') return sprintOfSubject(event.subject, state);
  if ('sprintId' in event) return event.sprintId;
  if ('todoId' in event) return state.todos[event.todoId]?.sprintId ?? '';
  return 'turnId' in event ? sprintOfSubject(state.turns[event.turnId]?.subject, state) : '';
}

function summaryOf(event: Event): string {
  if (event.type === 'report-accepted') return event.digest.summary;
  if (event.type === 'todo-blocked' || event.type === 'revert-blocked') return event.blocker.reason;
  if (event.type === 'step-entered') return `${event.move.step} (${event.move.row})`;
  if (event.type === 'sprint-started') return event.sprint.milestoneTitle;
  if (event.type === 'todo-created') return event.todo.title;
  if ('why' in event) return event.why;
  if ('reason' in event) return event.reason;
  return 'comment' in event ? event.comment : '';
}

/** The lines that a durable record adds to the sprints' event files. */
export function sprintEventLines(delta: NotedDelta, state: State): SprintEventLine[] {
  return delta.events.flatMap((event, n) => {
    const sprintId = sprintOf(event, state);
    if (sprintId === '' || event.type === 'sprint-archived' || event.type === 'sprint-archive-asked') return [];
    const { type, ...payload } = event;
    const line = {
      timestamp: delta.at,
      seq: delta.seq,
      n,
      type: type.replaceAll('-', '_'),
      summary: plainLine(summaryOf(event), 220),
      payload: snakeCased(payload),
    };
    return [{ sprintId, seq: delta.seq, n, text: JSON.stringify(line) }];
  });
}
