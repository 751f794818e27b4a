import type { LiveChange, LiveEvent, LivePlace } from '../../shared/contract/live-events.js';
import type { TurnActivity } from '../runtime/runtime-api.js';
import type { Clock } from '../runtime/ports/clock.js';
import type { Delta, Runtime } from '../runtime/runtime-api.js';
import { LiveIndex } from '../runtime/live-index.js';
import { liveActivity, liveChange } from '../runtime/views-live.js';
import { ActivityPace } from './activity-pace.js';

/** Changes that are kept for readers who come back. */
const kept = 5_000;

/** Most that waits for one slow reader; then it is told to ask for the views again. */
const longestQueue = 2_000;

interface Reader {
  readonly push: (event: LiveEvent) => void;
}

/** One runtime's stream of changes, made once and read by many; lives as long as the runtime. */
export class LiveHub {
  readonly #runtime: Runtime;
  readonly #epoch: string;
  readonly #readers = new Set<Reader>();
  readonly #pace: ActivityPace;
  readonly #sent = new Map<string, string>();
  #ring: LiveChange[] = [];
  #keptFrom = 0;
  #seq = 0;
  /** Kept from the first reader on. */
  #index: LiveIndex | null = null;

  /** `instance`: tells this stream from those of earlier runtimes with the same epoch. */
  constructor(runtime: Runtime, clock: Pick<Clock, 'after' | 'monotonicMs'>, instance: string) {
    this.#runtime = runtime;
    this.#epoch = `${runtime.epoch}-${instance}`;
    this.#pace = new ActivityPace(clock, (activity) => this.#tell(liveActivity(activity, runtime.state())));
    runtime.subscribe((delta) => this.#changed(delta));
    runtime.onTurnActivity((activity) => this.#heard(activity));
  }

  /** Where the stream is now. */
  get place(): LivePlace {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** `ready` and what was missed since `after` (or `behind` before it), then everything until the reader goes away. */
  async *read(after: LivePlace | undefined, signal: AbortSignal | undefined): AsyncGenerator<LiveEvent, void> {
    let waiting = this.#beginning(after);
    let wake = (): void => undefined;
    const reader: Reader = {
      push: (event) => {
        if (waiting.length >= longestQueue) waiting = [{ kind: 'behind' }];
        else waiting.push(event);
        wake();
      },
    };
    const onAbort = (): void => wake();
    this.#readers.add(reader);
    signal?.addEventListener('abort', onAbort);
    try {
      while (signal?.aborted !== true) {
        const next = waiting.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#readers.delete(reader);
    }
  }

  #beginning(after: LivePlace | undefined): LiveEvent[] {
    this.#index ??= new LiveIndex(this.#runtime.state());
    const ready: LiveEvent = { kind: 'ready', ...this.place };
    if (after === undefined) return [ready];
    if (after.epoch !== this.#epoch || after.seq < this.#keptFrom || after.seq > this.#seq) return [{ kind: 'behind' }, ready];
    return [ready, ...this.#ring.filter(({ seq }) => seq > after.seq)];
  }

  #changed(delta: Delta): void {
    this.#seq = delta.seq;
    // Nobody can come back to what nobody has read.
    if (!this.#index) {
      this.#keptFrom = delta.seq;
      return;
    }
    const change = this.#withoutUnchanged(liveChange(delta, this.#runtime.state(), this.#index));
    this.#ring.push(change);
    // In lumps, so that a full ring does not cost a copy with each change.
    if (this.#ring.length >= kept + kept / 5) {
      const gone = this.#ring.splice(0, this.#ring.length - kept);
      this.#keptFrom = gone.at(-1)?.seq ?? this.#keptFrom;
    }
    this.#tell(change);
  }

  /** Cards that only might have changed are left out when they are what they were; a queue of a thousand stays quiet. */
  #withoutUnchanged(change: LiveChange): LiveChange {
    for (const id of change.goneCards) this.#sent.delete(id);
    const cards = change.cards.filter((card) => {
      const text = JSON.stringify(card);
      if (this.#sent.get(card.id) === text) return false;
      this.#sent.set(card.id, text);
      return true;
    });
    return { ...change, cards };
  }

  #heard(activity: TurnActivity): void {
    if (this.#readers.size > 0) this.#pace.take(activity);
  }

  #tell(event: LiveEvent): void {
    for (const { push } of this.#readers) push(event);
  }
}
