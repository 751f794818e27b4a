import type { Instant } from '../../../shared/kernel/time.js';
import type { Cancel, Clock } from '../ports/clock.js';

/** The longest delay that a timer of the platform takes; more would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clocks and timers. */
export class SystemClock implements Clock {
  now(): Instant {
    return new Date().toISOString();
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(ms: number, task: () => void): Cancel {
    let timer: NodeJS.Timeout | null = null;
    const arm = (leftMs: number): void => {
      const delayMs = Math.max(0, Math.min(leftMs, LONGEST_TIMER_MS));
      timer = setTimeout(() => {
        if (leftMs > LONGEST_TIMER_MS) arm(leftMs - LONGEST_TIMER_MS);
        else task();
      }, delayMs);
      timer.unref();
    };
    arm(ms);
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }
}
