import { askTurn, blockTodo } from '../advance.js';
import { cardCapReason, turnBar } from '../queue.js';
import type { Sprint, State, Turn } from '../state.js';
import type { DecideContext, Event } from '../vocabulary.js';
import { shortenedProblems } from './report-digest.js';

/** A sprint whose plan did not come together: blocked, its slot free, with the reason (sprint-runtime 6.4). */
export const stopPlanning = (sprint: Pick<Sprint, 'sprintId'>, reason: string): Event[] => [
  {
    type: 'sprint-changed',
    sprintId: sprint.sprintId,
    why: `planning is incomplete: ${reason}`,
    by: { kind: 'runtime', id: 'runtime' },
    changes: { status: 'blocked', closeoutStatus: 'planning_incomplete', pausedReason: reason },
  },
];

/** A request that waits for a person. */
export const stopRequest = (
  requestId: string,
  byRole: string,
  reason: string,
  ctx: DecideContext,
  requiredInputs: readonly string[] = [],
): Event[] => [
  {
    type: 'request-changed',
    requestId,
    why: reason,
    changes: { status: 'blocked', blocker: { at: ctx.now, reason, byRole, kind: 'role', requiredInputs: [...requiredInputs], logs: [] } },
  },
];

/** Stops what a turn was about, with the reason, in the way of its kind. */
export function stopSubject(turn: Turn, kind: 'turn' | 'contract', reason: string, logs: readonly string[], ctx: DecideContext): Event[] {
  const { subject } = turn;
  if (subject.kind === 'todo') return [blockTodo(subject.todoId, { kind, byRole: turn.role, reason, logs: [...logs] }, ctx)];
  return subject.kind === 'sprint' ? stopPlanning(subject, reason) : stopRequest(subject.requestId, turn.role, reason, ctx);
}

const sumOf = ({ input, output }: Turn['tokens']): number => input + output;

/** Whether no further turn may be asked for once `used` is counted; what the turn was about says so by itself when nothing is under way for it. */
export const isBarred = (state: State, used: Turn['tokens'], ctx: DecideContext): boolean => turnBar(state, ctx.now, sumOf(used)) !== null;

/**
 * A further turn at the same step, to mend JSON or a report; it counts on the card like any other, so a card at its cap is blocked, and
 * nothing is asked for beyond the day's. `used`: what the turn before it used, which is not counted yet.
 */
export function followUp(
  state: State,
  turn: Turn,
  purpose: 'repair' | 'return',
  problems: readonly string[],
  used: Turn['tokens'],
  ctx: DecideContext,
): Event[] {
  const cap = capBlock(state, turn, problems, used, ctx);
  if (cap) return [cap];
  if (isBarred(state, used, ctx)) return [];
  return [
    askTurn(
      state,
      {
        subject: turn.subject,
        role: turn.role,
        member: turn.member,
        step: turn.step,
        visit: turn.visit,
        purpose,
        problems,
        from: '',
        intent: '',
        body: '',
      },
      ctx,
    ),
  ];
}

/** Blocks the todo of a turn when its card may not have another one once `used` is counted; the last problem is told with the cap. */
export function capBlock(state: State, turn: Turn, problems: readonly string[], used: Turn['tokens'], ctx: DecideContext): Event | null {
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  const reason = todo ? cardCapReason(state, todo, sumOf(used)) : null;
  if (!todo || !reason) return null;
  return blockTodo(todo.todoId, { kind: 'cap', byRole: turn.role, reason: [reason, ...problems].join(' ') }, ctx);
}

function contractReturnsOf(state: State, turn: Turn): number {
  const { subject } = turn;
  if (subject.kind === 'todo') return state.todos[subject.todoId]?.workflow.contractReturns ?? 0;
  return subject.kind === 'sprint'
    ? (state.sprints[subject.sprintId]?.planning.contractReturns ?? 0)
    : (state.requests[subject.requestId]?.contractReturns ?? 0);
}

/** A valid report that breaks its contract goes back to its role, `contract_returns` times at the most; then a person is needed. */
export function contractEvents(state: State, turn: Turn, found: readonly string[], used: Turn['tokens'], ctx: DecideContext): Event[] {
  const problems = shortenedProblems(found);
  const limit = state.configuration?.limits.contractReturns ?? 2;
  if (contractReturnsOf(state, turn) < limit)
    return [
      { type: 'report-returned', subject: turn.subject, turnId: turn.turnId, problems },
      ...followUp(state, turn, 'return', problems, used, ctx),
    ];
  return stopSubject(
    turn,
    'contract',
    `${turn.member}'s report at ${turn.step} broke its contract ${limit + 1} times: ${problems.join(' ')}`,
    [],
    ctx,
  );
}
