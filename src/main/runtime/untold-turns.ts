import type { State, Turn } from '../../shared/domain/state.js';
import type { Event, RuntimeCommand } from '../../shared/domain/vocabulary.js';

/** What counts the tokens of turns whose end did not tell them. */
export interface UntoldTurnsOptions {
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<unknown>;
  readonly log: (line: string) => void;
}

/** Looks after a turn whose process is gone. */
interface Finder {
  /** Finds what it used in the files that it left. */
  readonly untold: (turn: Turn) => Promise<Turn['tokens']>;
  /** Takes away the checkout that was made for it alone. */
  readonly leave: (turn: Turn) => Promise<void>;
}

/**
 * Counts what turns used that were ended before they told it, and takes checkouts away that stand there still: of turns that were
 * stopped when Muster was ended before them, and of those that were given up. A stopped turn that ends while Muster works does so itself,
 * and is told by the effect worker.
 */
export class UntoldTurns {
  readonly #options: UntoldTurnsOptions;
  #finder: Finder | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(options: UntoldTurnsOptions) {
    this.#options = options;
  }

  /** At a start, when all that an earlier one left has been ended. */
  async tellAll(finder: Finder): Promise<void> {
    this.#finder = finder;
    for (const turn of Object.values(this.#options.state().turns)) {
      if (turn.status === 'ended') await this.#leave(turn, finder);
      if (turn.isUntold) await this.#tell(turn, finder);
    }
  }

  /** To be called for each durable record. */
  note(events: readonly Event[]): void {
    const finder = this.#finder;
    if (!finder) return;
    for (const event of events) {
      if (event.type !== 'turn-ended' || !event.isUntold || event.outcome !== 'failed') continue;
      const turn = this.#options.state().turns[event.turnId];
      if (turn) this.#telling = this.#telling.then(() => this.#leave(turn, finder)).then(() => this.#tell(turn, finder));
    }
  }

  /** Resolves when all that was noted is told. */
  drain(): Promise<void> {
    return this.#telling;
  }

  async #leave(turn: Turn, { leave }: Finder): Promise<void> {
    try {
      await leave(turn);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log(`Could not take away the checkout of turn ${turn.turnId}: ${reason} The next start tries again.`);
    }
  }

  async #tell(turn: Turn, { untold }: Finder): Promise<void> {
    const { turnId, outcome } = turn;
    try {
      const tokens = await untold(turn);
      await this.#options.tell({ type: 'note-superseded-outcome', effectId: '', effectType: 'run-turn', outcome, turnId, tokens });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log(`Could not count what turn ${turnId} used: ${reason} The next start looks again.`);
    }
  }
}
