import { ok } from '../../kernel/result.js';
import { blockTodo } from '../advance.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { State, Todo } from '../state.js';
import type { DecideContext, Event, SetupAsked } from '../vocabulary.js';

const list = (paths: readonly string[]): string =>
  paths.length > 5 ? `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more` : paths.join(', ');

/** What a person is asked before setup runs with what was changed; `end` is what else can be done. */
export const setupQuestion = (state: State, todo: Todo, what: string, { paths }: SetupAsked, end: string): string => {
  const commands = (state.sprints[todo.sprintId]?.terms.setup ?? []).map((argv) => argv.join(' ')).join('; ');
  return `${what} changes ${list(paths)}; its setup would run with the network: ${commands}. Accept it with \`muster answer ${todo.todoId} yes\`, or ${end}.`;
};

/** Blocks a todo whose work changes what setup reads: setup has the network, so a person is asked before it runs (rules 4). */
export function askForSetup(state: State, todo: Todo, asked: SetupAsked, ctx: DecideContext): Event {
  const reason = setupQuestion(state, todo, 'The work', asked, 'request changes');
  return blockTodo(todo.todoId, { kind: 'setup-question', byRole: 'runtime', reason, setupKey: asked.key }, ctx);
}

/** The events of a person's yes to that question; the same setup is not asked for again. */
export function acceptSetup(todo: Todo, key: string, text: string, ctx: DecideContext): Decision {
  const { todoId, title } = todo;
  if (ctx.actor.kind !== 'person')
    return refuse('may-not', `Only a person accepts the setup of ${todoId} "${title}", not a role, a file or the program.`);
  if (!/^y(es)?[.!]?$/i.test(text))
    return refuse(
      'bad-input',
      `${todoId} "${title}" asks whether its setup may run, which is answered with yes. To have the work changed: \`muster request-changes ${todoId} --comment "…"\`.`,
    );
  return ok([
    { type: 'setup-accepted', todoId, key, by: ctx.actor },
    { type: 'input-given', todoId, text: 'Yes, the setup may run with what the work changed.', by: ctx.actor },
  ]);
}
