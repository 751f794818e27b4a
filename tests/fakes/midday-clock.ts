import type { Cancel, Clock } from '../../src/main/runtime/ports/clock.js';
import type { Instant } from '../../src/shared/kernel/time.js';

const HALF_DAY_MS = 12 * 60 * 60_000;

/** A clock that goes on as another does, but began at noon of its day (UTC), so that a test does not run into the next one. */
export class MiddayClock implements Clock {
  readonly #real: Clock;
  #aheadMs: number;

  constructor(real: Clock) {
    this.#real = real;
    const now = Date.parse(real.now());
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
