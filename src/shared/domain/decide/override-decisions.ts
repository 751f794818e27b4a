import { ok } from '../../kernel/result.js';
import { redCommands } from '../receipt.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { Actor, State, Todo } from '../state.js';
import { currentRevision } from '../state.js';
import { findTodo, haltRefusal } from './handler.js';
import type { Handlers } from './handler.js';
import { mayReview, staleRevision } from './review-decisions.js';
import { inSprint, resumeEvents } from './todo-decisions.js';

const name = (todo: Todo): string => `${todo.todoId} "${todo.title}"`;

/** Names of the commands whose red result the card waits at; none where it waits for something else. */
function waitsAtRed(todo: Todo): readonly string[] {
  const { closeout, receipt } = currentRevision(todo);
  const isAtVerify = todo.status === 'blocked' && todo.workflow.step === 'closeout' && closeout?.stage === 'verify';
  if (!isAtVerify || receipt === null || receipt.closeoutId !== closeout.closeoutId) return [];
  return receipt.override === null ? redCommands(receipt) : [];
}

function nothingRed(todo: Todo): Decision {
  const isAgain = todo.status !== 'blocked' && redCommands(currentRevision(todo).receipt ?? { commands: [] }).length > 0;
  const why = isAgain
    ? 'its last verification was red, and the team is at work on that again. It can be overridden when it is blocked by one'
    : 'it is not blocked by a red verification';
  return refuse('nothing-red', `There is nothing to override on ${name(todo)}: ${why}.`);
}

/** A person alone takes it upon themselves, and one who may give a verdict on the revision (rules 5). */
function mayOverride(state: State, todo: Todo, actor: Actor): Decision | null {
  if (actor.kind !== 'person')
    return refuse('may-not-review', 'Only a person lets a red verification pass, not a role, a file or the program.');
  return mayReview(state, currentRevision(todo), actor);
}

/** Red work that a person lands with a reason: it is verified as before, and its receipt says *not verified*, who and why. */
export const overrideHandlers: Handlers<'override-verification'> = {
  'override-verification': (state, { todoId, revision, reason }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const commands = waitsAtRed(todo);
    const refusal =
      staleRevision(todo, revision) ??
      (commands.length === 0 ? nothingRed(todo) : null) ??
      mayOverride(state, todo, ctx.actor) ??
      (reason.trim() === ''
        ? refuse('comment-required', `Say why the red verification of ${name(todo)} may pass: the reason stands in its receipt.`)
        : null) ??
      haltRefusal(state) ??
      inSprint(state, todo);
    if (refusal) return refusal;
    return ok([
      { type: 'verification-overridden', todoId, commands, reason: reason.trim(), by: ctx.actor },
      ...resumeEvents(state, todo, `${ctx.actor.id} let its red verification pass`, ctx),
    ]);
  },
};
