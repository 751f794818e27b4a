import type { LiveActivity, LiveEvent } from '../../shared/contract/live-events.js';
import { applyChange } from './apply-change.js';
import type { ViewStore } from './view-store.js';

/** Live output reaches the page at most this often. */
export const activityEveryMs = 500;

/** Puts what the stream tells into the view store: changes at once, live output of turns at most twice a second. */
export class LiveWriter {
  private readonly pending = new Map<string, LiveActivity>();
  private isWaiting = false;
  private readonly store: ViewStore;
  private readonly later: (run: () => void, ms: number) => void;

  constructor(store: ViewStore, later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms)) {
    this.store = store;
    this.later = later;
  }

  readonly write = (event: LiveEvent): void => {
    // What was asked for before a loss is in the views that were loaded after it.
    if (event.kind === 'ready') this.store.setState({ seq: event.seq });
    if (event.kind === 'change') this.store.setState((state) => applyChange(state, event));
    if (event.kind === 'activity' && event.subjectId !== '') this.keep(event);
  };

  private keep(event: LiveActivity): void {
    this.pending.set(event.subjectId, event);
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.later(() => this.flush(), activityEveryMs);
  }

  private flush(): void {
    this.isWaiting = false;
    const { activity, turns } = this.store.getState();
    const running = new Set(turns.map(({ subjectId }) => subjectId));
    for (const [subjectId, event] of this.pending)
      if (running.has(subjectId)) (activity as Map<string, LiveActivity>).set(subjectId, event);
    this.pending.clear();
    this.store.setState(({ version }) => ({ version: version + 1 }));
  }
}
