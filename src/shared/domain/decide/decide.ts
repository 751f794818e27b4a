import type { State } from '../state.js';
import type { Command, DecideContext } from '../vocabulary.js';
import type { Decision } from '../refusal.js';
import { actionHandlers } from './action-decisions.js';
import { backlogHandlers } from './backlog-decisions.js';
import { engineHandlers } from './engine-decisions.js';
import type { Handlers } from './handler.js';
import { moveHandlers } from './move-decisions.js';
import { requestHandlers } from './request-decisions.js';
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
  ...requestHandlers,
  ...reviewHandlers,
  ...sprintHandlers,
  ...todoHandlers,
  ...turnHandlers,
};

/** Accepts a command as events, or refuses it with the same reason for every way in. Reads the state, changes nothing. */
export function decide(state: State, command: Command, ctx: DecideContext): Decision {
  const handler = handlers[command.type] as (state: State, command: Command, ctx: DecideContext) => Decision;
  return handler(state, command, ctx);
}
