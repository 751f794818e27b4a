import type { Cancel, Clock } from '../../src/main/runtime/ports/clock.js';
import type { Instant } from '../../src/shared/kernel/time.js';

interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

/** A clock that stands still until told; timers fire in the order of their due time while it is advanced. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Instant = '2026-03-24T09:00:00.000Z') {
    this.#wallMs = Date.parse(start);
  }

  now(): Instant {
    return new Date(this.#wallMs).toISOString();
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, task: () => void): Cancel {
    const timer: Timer = { dueMs: this.#monotonicMs + Math.max(0, ms), task };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** How many timers wait. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves both clocks forward and fires what falls due on the way, timers armed by timers included. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#nextDue(endMs); next !== null; next = this.#nextDue(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(Math.max(next.dueMs, this.#monotonicMs));
      next.task();
    }
    this.#moveTo(endMs);
  }

  /** Moves the wall clock alone, as a person or a time server does; timers do not notice. */
  jumpWallClock(ms: number): void {
    this.#wallMs += ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #nextDue(endMs: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (next === null || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}
