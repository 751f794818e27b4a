import type { Actor } from '../../shared/domain/state.js';
import type { IdSource } from '../../shared/kernel/ids.js';
import type { Clock } from '../runtime/ports/clock.js';
import type { Runtime } from '../runtime/runtime-api.js';
import type { LiveHub } from './live-hub.js';

/** What a carrier gives to the handlers for each call. */
export interface ApiContext {
  readonly runtime: Runtime;
  /** The one stream of this runtime's changes. */
  readonly live: LiveHub;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** False where the state was only read from disk. */
  readonly isRunning: boolean;
  /** Who is at the other end; `as` is the name that the client gave, which a carrier that knows better ignores. */
  readonly actorOf: (as: string | undefined) => Actor;
}
