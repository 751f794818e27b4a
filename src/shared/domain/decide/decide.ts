import type { State } from '../state.js';
import type { Command, DecideContext } from '../vocabulary.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import { jsonBytes } from '../text-size.js';
import { actionHandlers } from './action-decisions.js';
import { backlogHandlers } from './backlog-decisions.js';
import { engineHandlers } from './engine-decisions.js';
import type { Handlers } from './handler.js';
import { moveHandlers } from './move-decisions.js';
import { overrideHandlers } from './override-decisions.js';
import { requestHandlers } from './request-decisions.js';
import { revertHandlers } from './revert-decisions.js';
import { reviewHandlers } from './review-decisions.js';
import { sprintHandlers } from './sprint-decisions.js';
import { todoHandlers } from './todo-decisions.js';
import { turnHandlers } from './turn-decisions.js';

/** Every command with the function that decides it. */
export const handlers: Handlers<Command['type']> = {
  ...actionHandlers,
  ...backlogHandlers,
  ...engineHandlers,
  ...moveHandlers,
  ...overrideHandlers,
  ...requestHandlers,
  ...revertHandlers,
  ...reviewHandlers,
  ...sprintHandlers,
  ...todoHandlers,
  ...turnHandlers,
};

/** What a command of a person may take, bytes of JSON: its words stand in the journal whole (ADR 16). */
export const maxCommandBytes = 200_000;

function sizeProblem(command: Command, { actor }: DecideContext): string | null {
  if (actor.kind === 'runtime' && command.type !== 'take-file-edit') return null;
  const bytes = jsonBytes(command);
  if (bytes <= maxCommandBytes) return null;
  return `Could not take ${command.type}: its texts come to ${bytes} bytes, and ${maxCommandBytes} are kept at most. Put long material into a file of the project and name the file.`;
}

/** Accepts a command as events, or refuses it with the same reason for every way in. Reads the state, changes nothing. */
export function decide(state: State, command: Command, ctx: DecideContext): Decision {
  const tooLarge = sizeProblem(command, ctx);
  if (tooLarge) return refuse('bad-input', tooLarge);
  const handler = handlers[command.type] as (state: State, command: Command, ctx: DecideContext) => Decision;
  return handler(state, command, ctx);
}
