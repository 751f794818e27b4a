import { ok } from '../../kernel/result.js';
import { moveFactsOf, planMove } from '../card-moves.js';
import type { MoveStep } from '../card-moves.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { State, Todo } from '../state.js';
import type { DecideContext } from '../vocabulary.js';
import { findTodo } from './handler.js';
import type { CommandOf, Handlers } from './handler.js';
import { reviewHandlers, staleRevision } from './review-decisions.js';
import { startRefusal, todoHandlers } from './todo-decisions.js';

type Move = CommandOf<'move-card'>;

/** Every step of a plan with the command that it is. */
const steps: { readonly [S in MoveStep]: (state: State, move: Move, ctx: DecideContext) => Decision } = {
  'start-next': (state, move, ctx) => todoHandlers['start-next'](state, { ...move, type: 'start-next' }, ctx),
  requeue: (state, move, ctx) => todoHandlers.requeue(state, { ...move, type: 'requeue' }, ctx),
  'request-changes': (state, move, ctx) => reviewHandlers['request-changes'](state, { ...move, type: 'request-changes' }, ctx),
  'ask-for-review': (state, move, ctx) => reviewHandlers['ask-for-review'](state, { ...move, type: 'ask-for-review' }, ctx),
  'withdraw-review': (state, move, ctx) => reviewHandlers['withdraw-review'](state, { ...move, type: 'withdraw-review' }, ctx),
  approve: (state, move, ctx) => reviewHandlers.approve(state, { ...move, type: 'approve' }, ctx),
  'take-back': (state, move, ctx) => reviewHandlers['take-back'](state, { ...move, type: 'take-back' }, ctx),
};

/** The start of a card as it will be once its first step is done: queued, and no longer in the way of itself. */
function startAfterwards(state: State, todo: Todo, ctx: DecideContext): Decision {
  const queued: Todo = { ...todo, status: 'queued', isHeld: false, activity: { kind: 'idle' } };
  const afterwards: State = { ...state, todos: { ...state.todos, [todo.todoId]: queued } };
  return startRefusal(afterwards, queued, ctx) ?? ok([{ type: 'todo-started', todoId: todo.todoId }]);
}

/** A move on the board is what the table of moves says it is, all of it or nothing (rules 3). */
export const moveHandlers: Handlers<'move-card'> = {
  'move-card': (state, move, ctx) => {
    const found = findTodo(state, move.todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const planned = planMove(moveFactsOf(todo), move.to);
    if (!planned.ok) return planned;
    const stale = staleRevision(todo, move.revision);
    if (stale) return stale;
    const { steps: wanted, needs, question } = planned.value;
    if (needs === 'confirmation' && !move.isConfirmed) return refuse('confirmation-required', `${question} Say yes to do it.`);
    const [first, second] = wanted;
    if (!first) return ok([]);
    const begun = steps[first](state, move, ctx);
    if (!begun.ok || second !== 'start-next') return begun;
    const started = startAfterwards(state, todo, ctx);
    return started.ok ? ok([...begun.value, ...started.value]) : started;
  },
};
