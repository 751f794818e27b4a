import { columnOf, isLanded } from '../../../shared/domain/board.js';
import type { Actor, State, Todo } from '../../../shared/domain/state.js';
import type { PersonCommand } from '../../../shared/domain/vocabulary.js';
import type { Runtime } from '../../runtime/runtime-api.js';

/** Who plays the person's part; `demo` shows in every record that nobody real decided. */
export const demoActor: Actor = { kind: 'person', id: 'demo', via: 'demo' };

/** The card that gets changes asked after it was DONE, and the words. */
export const changesAsked = {
  title: 'Keep the sign of compound durations',
  comment: 'A plus sign in front is the same thing the other way round: read it as well, and test both.',
};

interface Part {
  readonly commandId: string;
  readonly command: PersonCommand;
  /** For people who watch. */
  readonly says: string;
}

function partFor(todo: Todo): Part | null {
  if (!isLanded(todo) || columnOf(todo) !== 'done') return null;
  const at = { todoId: todo.todoId, revision: todo.revision };
  if (todo.title === changesAsked.title && todo.revision === 1) {
    return {
      commandId: `demo-changes-${todo.todoId}`,
      command: { type: 'request-changes', ...at, comment: changesAsked.comment },
      says: `asks for changes on "${todo.title}": ${changesAsked.comment}`,
    };
  }
  return {
    commandId: `demo-approve-${todo.todoId}-r${todo.revision}`,
    command: { type: 'approve', ...at, comment: 'Approved by the demo.' },
    says: `approves "${todo.title}"`,
  };
}

/** What the demo's person does now, in order; each with an id of its own, so that a restart does nothing twice. */
export const partsToPlay = (state: State): Part[] =>
  Object.values(state.todos)
    .map(partFor)
    .filter((part): part is Part => part !== null);

/** Plays the person's part once over the board as it is; returns what was done, in words. */
export async function playPerson(runtime: Runtime): Promise<string[]> {
  const said: string[] = [];
  for (const { commandId, command, says } of partsToPlay(runtime.state())) {
    const answer = await runtime.dispatch(command, { commandId, actor: demoActor });
    said.push(answer.ok ? `The demo's person ${says}` : `The demo's person could not act: ${answer.error.message}`);
  }
  return said;
}
