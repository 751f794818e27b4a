import type { Instant } from '../../kernel/time.js';
import type { State } from '../state.js';
import type { Event, EventType } from '../vocabulary.js';
import { actionFolds } from './action-folds.js';
import { backlogFolds } from './backlog-folds.js';
import { closeoutFolds } from './closeout-folds.js';
import { engineFolds } from './engine-folds.js';
import type { Folds } from './fold.js';
import { sprintFolds } from './sprint-folds.js';
import { todoFolds } from './todo-folds.js';
import { turnFolds } from './turn-folds.js';

const folds: Folds<EventType> = {
  ...actionFolds,
  ...backlogFolds,
  ...closeoutFolds,
  ...engineFolds,
  ...sprintFolds,
  ...todoFolds,
  ...turnFolds,
};

/** Applies one event to the state, in place. `at` is the time of the event's record. Throws on an event that cannot have been accepted. */
export function evolve(state: State, event: Event, at: Instant): void {
  const fold = folds[event.type] as (state: State, event: Event, at: Instant) => void;
  if (!fold)
    throw new Error(
      `The journal holds an event of the unknown type "${(event as { type: string }).type}". A newer Muster may have written it.`,
    );
  fold(state, event, at);
}
