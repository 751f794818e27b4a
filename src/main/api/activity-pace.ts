import type { Cancel, Clock } from '../runtime/ports/clock.js';
import type { TurnActivity } from '../runtime/runtime-api.js';

/** At most twice a second is said what one turn does. */
const paceMs = 500;

/** Most things of one turn that are said at once; of more, the newest. */
const mostAtOnce = 10;

/** Most characters of one thing; of more, the end. */
const longestText = 8_000;

interface Pending {
  readonly saidAtMs: number;
  waiting: TurnActivity[];
  cancel: Cancel | null;
}

/** Lets a turn that says much be heard twice a second, with what it said in between put together. */
export class ActivityPace {
  readonly #clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly #say: (activity: TurnActivity) => void;
  readonly #turns = new Map<string, Pending>();

  constructor(clock: Pick<Clock, 'after' | 'monotonicMs'>, say: (activity: TurnActivity) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  take(activity: TurnActivity): void {
    const now = this.#clock.monotonicMs();
    const known = this.#turns.get(activity.turnId);
    if (!known || (known.cancel === null && now - known.saidAtMs >= paceMs)) {
      this.#forgetQuiet(now);
      this.#turns.set(activity.turnId, { saidAtMs: now, waiting: [], cancel: null });
      this.#say(shortened(activity));
      return;
    }
    known.waiting = joined(known.waiting, activity);
    known.cancel ??= this.#clock.after(paceMs - (now - known.saidAtMs), () => this.#flush(activity.turnId, known));
  }

  #flush(turnId: string, { waiting }: Pending): void {
    this.#turns.set(turnId, { saidAtMs: this.#clock.monotonicMs(), waiting: [], cancel: null });
    for (const activity of waiting) this.#say(activity);
  }

  #forgetQuiet(now: number): void {
    for (const [turnId, { saidAtMs, cancel }] of this.#turns) if (cancel === null && now - saidAtMs >= paceMs) this.#turns.delete(turnId);
  }
}

const shortened = (activity: TurnActivity): TurnActivity =>
  activity.text.length <= longestText ? activity : { ...activity, text: activity.text.slice(-longestText) };

function joined(waiting: TurnActivity[], next: TurnActivity): TurnActivity[] {
  const last = waiting.at(-1);
  if (last?.kind === next.kind && (next.kind === 'text' || next.kind === 'reasoning'))
    return [...waiting.slice(0, -1), shortened({ ...last, text: `${last.text}\n${next.text}` })];
  return [...waiting, shortened(next)].slice(-mostAtOnce);
}
