import { dayOf } from '../kernel/time.js';
import { compareTodos, readiness } from './board.js';
import type { State, Todo } from './state.js';

/** Todos of a sprint, in the order of its record. */
export const todosOf = (state: State, sprintId: string): Todo[] =>
  (state.sprints[sprintId]?.todoIds ?? []).map((id) => state.todos[id]).filter((todo): todo is Todo => todo !== undefined);

/** How many todos may run at once: one without worktrees, else the limit. */
export function slots(state: State, sprintId: string): number {
  const terms = state.sprints[sprintId]?.terms;
  if (!terms || terms.kind === 'no-repository' || terms.isolation === 'in_place') return 1;
  return state.configuration?.limits.parallelTodos ?? 1;
}

/** The next todo that may start now, or null: not held, dependencies done, in queue order. */
export function nextInQueue(state: State, sprintId: string): Todo | null {
  const todos = todosOf(state, sprintId);
  const isReady = readiness(todos, state);
  let next: Todo | null = null;
  for (const todo of todos) {
    if (todo.status !== 'queued' || todo.isHeld || !isReady(todo)) continue;
    if (next === null || compareTodos(todo, next) < 0) next = todo;
  }
  return next;
}

/** Why the day's tokens do not allow another turn, or null. */
function dayCapReason(state: State, now: string, more: number): string | null {
  const limit = state.configuration?.limits.dayTokens ?? Number.MAX_SAFE_INTEGER;
  const isToday = state.spend.day === dayOf(now);
  const turns = state.configuration?.limits.dayTurns;
  if (isToday && turns != null && state.spend.turns >= turns)
    return `Today's ${state.spend.turns} turns reached the limit of ${turns} (limits.day_turns). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.`;
  const tokens = (isToday ? state.spend.tokens : 0) + more;
  if ((!isToday && more === 0) || tokens < limit) return null;
  return `Today's ${tokens} tokens reached the limit of ${limit} (limits.day_tokens). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.`;
}

/** What a person is told while nobody has accepted what the workspace would run (rules 6). */
export const restrictedReason = (state: State): string =>
  `This workspace is restricted until you trust what it runs: ${state.untrustedChanges.join(' ') || 'nobody has trusted it yet.'} Look at it and accept it with \`muster trust\`.`;

/**
 * Why no turn at all may be asked for now, or null: nobody has accepted what it would run, or the day's tokens are spent. `more`: tokens
 * that are about to be counted.
 */
export const turnBar = (state: State, now: string, more = 0): string | null =>
  state.isTrusted ? dayCapReason(state, now, more) : restrictedReason(state);

/** Why a card may not have another turn, or null. `more`: tokens that are about to be counted. */
export function cardCapReason(state: State, todo: Todo, more = 0): string | null {
  const limits = state.configuration?.limits;
  if (limits && todo.turnsSpent >= limits.cardTurns)
    return `The card used ${todo.turnsSpent} turns, which is the limit (limits.card_turns).`;
  const tokens = todo.tokensSpent + more;
  if (limits?.cardTokens && tokens >= limits.cardTokens) return `The card used ${tokens} tokens, which is the limit (limits.card_tokens).`;
  return null;
}
