/** Below this a disk answers faster than a turn through the thread pool costs on a busy machine. */
const AT_ONCE_BELOW_MS = 1;

/** Weight of the newest time in the moving average: one stall of 100 ms sends the next twenty or so to the background. */
const NEWEST_WEIGHT = 1 / 4;

/**
 * Decides whether the next fsync may hold up the event loop: only while the disk has been answering in well under a millisecond. A
 * slow disk, or one that stalls, is waited for in the background.
 */
export class SyncPace {
  #averageMs = AT_ONCE_BELOW_MS;

  get mayHoldUp(): boolean {
    return this.#averageMs < AT_ONCE_BELOW_MS;
  }

  took(ms: number): void {
    this.#averageMs += (ms - this.#averageMs) * NEWEST_WEIGHT;
  }
}
