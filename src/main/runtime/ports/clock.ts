import type { Instant } from '../../../shared/kernel/time.js';

/** Stops a timer; calling it twice is harmless. */
export type Cancel = () => void;

/** Time as the runtime sees it. Wall clock for records and slots, monotonic for durations and time limits. */
export interface Clock {
  /** The wall clock, UTC. */
  now(): Instant;
  /** Milliseconds on a clock that never goes back. */
  monotonicMs(): number;
  /** Calls `task` once after `ms` milliseconds. A pending timer does not keep the process alive. */
  after(ms: number, task: () => void): Cancel;
}
