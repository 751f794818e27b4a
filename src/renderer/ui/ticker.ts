/** One clock for all times on the page: every `periodMs` it tells its listeners what time it is; without listeners it stands. */
export class Ticker {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private nowMs = Date.now();
  private readonly periodMs: number;

  constructor(periodMs: number) {
    this.periodMs = periodMs;
  }

  /** Milliseconds since the epoch at the last tick. */
  readonly now = (): number => this.nowMs;

  /** Calls back after each tick; returns how to stop it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      this.nowMs = Date.now();
      this.timer = setInterval(() => this.tick(), this.periodMs);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) clearInterval(this.timer);
    };
  };

  private tick(): void {
    this.nowMs = Date.now();
    for (const listener of this.listeners) listener();
  }
}

/** The page's clock. A second is the smallest unit that is shown. */
export const pageTicker = new Ticker(1_000);
