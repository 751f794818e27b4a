import type { Clock } from '../runtime/ports/clock.js';

/** What a person says to the question whether to quit while turns run. */
export type QuitAnswer = 'stop' | 'background' | 'cancel';

/** What ending the program takes. */
export interface QuitOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** How many turns would be ended. */
  readonly turnsToEnd: () => number;
  readonly ask: (turns: number) => Promise<QuitAnswer>;
  /** Hides the window; the work goes on. */
  readonly goToBackground: () => void;
  /** Says to everybody who shows something that it is ending. */
  readonly onEnding: () => void;
  /** Ends in order: streams, turns, journal, lock. */
  readonly close: () => Promise<void>;
  /** Ends the program; before this everything is closed, or given up (`isInOrder` false). */
  readonly end: (isInOrder: boolean) => void;
  readonly onLog: (line: string) => void;
}

/** Turns get two seconds, then the journal is drained; after so long the next start has to do the rest. */
export const closeLimitMs = 20_000;

/** The way out of the program; states: running, asking, closing, closed. */
export class Quit {
  readonly #options: QuitOptions;
  #state: 'running' | 'asking' | 'closing' | 'closed' = 'running';

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  /** Windows close without a question from here on. */
  get isEnding(): boolean {
    return this.#state === 'closing' || this.#state === 'closed';
  }

  /** Somebody wants to quit: asks where turns run. Asked again while it closes, it ends at once. */
  readonly asked = (event: { preventDefault(): void }): void => {
    if (this.#state === 'closed') return;
    event.preventDefault();
    if (this.#state === 'closing') this.#giveUp('It was asked to quit again.');
    else if (this.#state === 'running') void this.#askAndClose();
  };

  /** The system ends, or a signal came: closes in order without a question. A second one ends at once. */
  now(reason: string): void {
    if (this.#state === 'closing') return this.#giveUp(reason);
    if (this.#state !== 'closed') void this.#close();
  }

  async #askAndClose(): Promise<void> {
    const turns = this.#options.turnsToEnd();
    if (turns > 0) {
      this.#state = 'asking';
      const answer = await this.#options.ask(turns).catch(() => 'cancel' as const);
      // A signal may have come while it was asked.
      if (this.#state !== 'asking') return;
      this.#state = 'running';
      if (answer === 'background') this.#options.goToBackground();
      if (answer !== 'stop') return;
    }
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#state = 'closing';
    const { clock, close, onEnding, onLog } = this.#options;
    const cancel = clock.after(closeLimitMs, () => this.#giveUp(`It took longer than ${closeLimitMs / 1_000} s.`));
    onEnding();
    let isInOrder = true;
    try {
      await close();
    } catch (error) {
      isInOrder = false;
      onLog(`Muster could not be ended in order: ${error instanceof Error ? error.message : String(error)}`);
    }
    cancel();
    this.#end(isInOrder);
  }

  #giveUp(reason: string): void {
    this.#options.onLog(`Muster ends at once. ${reason} What was under way goes on at the next start.`);
    this.#end(false);
  }

  #end(isInOrder: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.end(isInOrder);
  }
}
