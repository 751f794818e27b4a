import type { Instant } from '../../kernel/time.js';
import type { State } from '../state.js';
import type { Event, EventType } from '../vocabulary.js';

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** How one type of event changes the state, in place. `at` is the time of its record. */
export type Fold<T extends EventType> = (state: State, event: EventOf<T>, at: Instant) => void;

/** A table of folds for some event types. */
export type Folds<T extends EventType> = { readonly [K in T]: Fold<K> };

/** The record with that id; a missing one is a bug in what was journaled before, so it throws. */
export function recordOf<T>(records: Readonly<Record<string, T>>, id: string, what: string): T {
  const record = records[id];
  if (!record) throw new Error(`The journal names ${what} ${id}, which does not exist.`);
  return record;
}
