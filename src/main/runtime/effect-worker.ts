import type { Effect, EffectType } from '../../shared/domain/effect.js';
import type { PendingEffect, State } from '../../shared/domain/state.js';
import type { EffectOutcomes, RuntimeCommand } from '../../shared/domain/vocabulary.js';
import type { Committed } from './commit-loop.js';
import type { Clock } from './ports/clock.js';
import type { EffectHandler, EffectHandlers } from './ports/effect-handler.js';
import { isFullDisk } from './workspace/file-problem.js';

/** What the worker works with. */
export interface EffectWorkerOptions {
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<{ readonly ok: boolean }>;
  readonly handlers: EffectHandlers;
  readonly lanes: { run<T>(lane: string, task: () => Promise<T>): Promise<T>; drain(): Promise<void> };
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** An effect found no space; resolves when no command is taken any more until there is. */
  readonly onFullDisk: () => Promise<void>;
}

/** Pauses before an effect that threw is tried again. */
const retryDelaysMs = [200, 2_000];

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs effects from the journal: in order within a lane, side by side across; every outcome goes back as a command. */
export class EffectWorker {
  readonly #options: EffectWorkerOptions;
  readonly #running = new Map<string, { readonly effect: Effect; readonly controller: AbortController }>();
  readonly #known = new Set<string>();
  /** Grows when everything is handed out again; an outcome from before may have been refused. */
  #round = 0;
  #isStarted = false;
  #isStopping = false;

  constructor(options: EffectWorkerOptions) {
    this.#options = options;
  }

  /** Hands out what the journal holds, in the order in which it was asked for. */
  start(): void {
    this.#isStarted = true;
    this.#handAll();
  }

  /** After outcomes could not be written down for a while: hands out what the journal still holds, as a start would. */
  handOutAgain(): void {
    if (!this.#isStarted || this.#isStopping) return;
    this.#round += 1;
    this.#handAll();
  }

  #handAll(): void {
    const ordinal = ({ effectId }: PendingEffect): number[] => effectId.split('-').slice(1).map(Number);
    const pending = Object.values(this.#options.state().effects);
    pending.sort((a, b) => (ordinal(a)[0] ?? 0) - (ordinal(b)[0] ?? 0) || (ordinal(a)[1] ?? 0) - (ordinal(b)[1] ?? 0));
    for (const { effectId, effect } of pending) this.#hand(effectId, effect);
  }

  /** To be called for each durable record. */
  take(committed: Committed): void {
    for (const event of committed.events) {
      if (event.type === 'effect-cancelled') this.#running.get(event.effectId)?.controller.abort(new Error(event.reason));
    }
    if (this.#isStarted && !this.#isStopping) for (const { effectId, effect } of committed.effects) this.#hand(effectId, effect);
  }

  /** Effects under way. */
  running(): readonly { readonly effectId: string; readonly type: EffectType; readonly lane: string }[] {
    return [...this.#running].map(([effectId, { effect }]) => ({ effectId, type: effect.type, lane: effect.lane }));
  }

  /** Resolves when nothing is under way or waiting in a lane. */
  drain(): Promise<void> {
    return this.#options.lanes.drain();
  }

  /** Ends what runs; outcomes that are not in the journal are found again by the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const { controller } of this.#running.values()) controller.abort(new Error('Muster stops.'));
    await this.#options.lanes.drain();
  }

  #hand(effectId: string, effect: Effect): void {
    if (this.#known.has(effectId)) return;
    this.#known.add(effectId);
    const round = this.#round;
    void this.#options.lanes
      .run(effect.lane, () => this.#work(effectId, effect))
      .catch((error: unknown) =>
        this.#options.log(
          `Could not carry on with ${effect.type} (${effectId}): ${wordsOf(error)} It is looked at again at the next start.`,
        ),
      )
      .finally(() => {
        this.#known.delete(effectId);
        const open = this.#options.state().effects[effectId];
        if (round !== this.#round && open && !this.#isStopping) this.#hand(effectId, open.effect);
      });
  }

  async #work(effectId: string, effect: Effect): Promise<void> {
    const controller = new AbortController();
    this.#running.set(effectId, { effect, controller });
    try {
      if ('delayMs' in effect && effect.delayMs > 0) await this.#wait(effect.delayMs, controller.signal);
      let reason = '';
      for (let tries = 0; this.#isWanted(effectId, controller.signal); tries += 1) {
        const attempts = this.#options.state().effects[effectId]?.attempts ?? 0;
        const limit = this.#options.state().configuration?.limits.effectAttempts ?? 3;
        if (attempts >= limit) {
          await this.#options.tell({
            type: 'park-effect',
            effectId,
            reason: reason || 'Muster was ended each time before it finished.',
            logs: [],
          });
          return;
        }
        if (!(await this.#options.tell({ type: 'begin-effect', effectId })).ok) return;
        const done = await this.#attempt(effectId, effect, attempts + 1, controller.signal);
        if (done === true) return;
        reason = done;
        await this.#wait(retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)] ?? 0, controller.signal);
      }
    } finally {
      this.#running.delete(effectId);
    }
  }

  /** true when the outcome was told (or nobody wants it any more), else why it has to be tried again. */
  async #attempt(effectId: string, effect: Effect, attempt: number, signal: AbortSignal): Promise<true | string> {
    const handler = this.#options.handlers[effect.type] as EffectHandler<EffectType>;
    try {
      const outcome = await handler(effect, { effectId, attempt, signal });
      if (this.#isWanted(effectId, signal))
        await this.#options.tell({ type: 'settle-effect', effectId, effectType: effect.type, outcome, attempt } as RuntimeCommand);
      else if (this.#isSuperseded(effectId)) await this.#tellSuperseded(effectId, effect, outcome, attempt);
      return true;
    } catch (error) {
      if (!this.#isWanted(effectId, signal)) return true;
      const reason = wordsOf(error);
      this.#options.log(`${effect.type} (${effectId}) failed at attempt ${attempt}: ${reason}`);
      // The journal may still have room that was written ahead; trying again in it would only use up the attempts.
      if (isFullDisk(error)) await this.#options.onFullDisk();
      return reason;
    }
  }

  /** Cancelled, and not only interrupted by the end of Muster. */
  #isSuperseded(effectId: string): boolean {
    return this.#options.state().effects[effectId] === undefined;
  }

  /** Nobody waits for it any more; what a turn used counts all the same. */
  async #tellSuperseded(effectId: string, effect: Effect, outcome: EffectOutcomes[EffectType], attempt: number): Promise<void> {
    const used = effect.type === 'run-turn' && 'tokens' in outcome ? { turnId: effect.turnId, tokens: outcome.tokens } : {};
    const kind = 'kind' in outcome ? outcome.kind : '';
    await this.#options.tell({ type: 'note-superseded-outcome', effectId, effectType: effect.type, outcome: kind, attempt, ...used });
  }

  #isWanted(effectId: string, signal: AbortSignal): boolean {
    return !this.#isStopping && !signal.aborted && this.#options.state().effects[effectId] !== undefined;
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      signal.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }
}
