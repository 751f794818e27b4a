import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Cancel, Clock } from '../../src/main/runtime/ports/clock.js';
import type { Instant } from '../../src/shared/kernel/time.js';

const HALF_DAY_MS = 12 * 60 * 60_000;

/** The clock of this machine, but for the time of day: it began at noon (UTC), so that a test does not run into the next day. */
export class MiddayClock implements Clock {
  /** For every runtime of a test that is to have the same day. */
  readonly seams = { clock: (): Clock => this };
  readonly #real = new SystemClock();
  #aheadMs: number;

  constructor() {
    const now = Date.parse(this.#real.now());
    this.#aheadMs = new Date(now).setUTCHours(12, 0, 0, 0) - now;
  }

  now(): Instant {
    return new Date(Date.parse(this.#real.now()) + this.#aheadMs).toISOString();
  }

  monotonicMs(): number {
    return this.#real.monotonicMs();
  }

  after(ms: number, task: () => void): Cancel {
    return this.#real.after(ms, task);
  }

  /** Goes to the afternoon of the next day. */
  sleepUntilTomorrow(): void {
    this.#aheadMs += 2 * HALF_DAY_MS;
  }
}
