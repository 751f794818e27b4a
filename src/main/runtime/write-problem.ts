import type { RuntimeParts } from './runtime-parts.js';

/** Shown from the moment that the journal could not be written until there is room for the reserve again. */
const problemId = 'journal-cannot-be-written';

/** Pause before a disk that takes no writes is tried again. */
const retryMs = 5_000;

/** What is needed to write again after the journal could not be written. */
export interface WriteProblemOptions {
  readonly parts: Pick<RuntimeParts, 'layout' | 'clock' | 'loop' | 'reserve' | 'files' | 'ownership'>;
  /** Ends what runs. */
  readonly endRunning: () => Promise<void>;
  /** Work goes on: what waited is handed out once more. */
  readonly handOutAgain: () => void;
  /** From the moment somebody else has the workspace, nothing in it is ours to write, to end or to put right. */
  readonly leaveToNewOwner: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** The journal takes no writes: everything stops, and is written down as soon as it can be; then work goes on. */
export class WriteProblem {
  readonly #options: WriteProblemOptions;
  #isStopped = false;

  constructor(options: WriteProblemOptions) {
    this.#options = options;
  }

  /** What runs is ended, and, if the reserve makes room for it, that is written down. */
  async happened(message: string): Promise<void> {
    const { parts, endRunning, leaveToNewOwner, log } = this.#options;
    log(message);
    await endRunning();
    if (!parts.ownership.isStillOwner()) return leaveToNewOwner();
    if (await this.#writeAgain(message)) return;
    log('The board is read-only until the journal can be written; Muster looks again every few seconds.');
    this.#lookAgain(message);
  }

  /** After opening: with the reserve in hand, the problem of an earlier run is over. */
  async afterOpen(): Promise<void> {
    const { reserve, loop } = this.#options.parts;
    await reserve.refill().then(
      () => loop.tell({ type: 'clear-problem', problemId }),
      (error: unknown) => this.#options.log(String(error)),
    );
  }

  /** Nothing is tried any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #lookAgain(message: string): void {
    this.#options.parts.clock.after(retryMs, () => {
      if (this.#isStopped) return;
      void this.#writeAgain(message).then((isWritten) => {
        if (!isWritten) this.#lookAgain(message);
      });
    });
  }

  /** The reserve is taken again as soon as the disk has room; then the journal's problem is over. */
  #refillReserve(): void {
    const { clock, reserve, loop } = this.#options.parts;
    clock.after(retryMs, () => {
      if (this.#isStopped || loop.writeProblem !== null) return;
      void reserve.refillWithRoom().then(async (isHeld) => {
        if (isHeld) await loop.tell({ type: 'clear-problem', problemId });
        else this.#refillReserve();
      });
    });
  }

  /** Opens the journal again with what the reserve frees, and writes down why everything stopped; false while the disk takes nothing. */
  async #writeAgain(message: string): Promise<boolean> {
    const { loop, reserve, files, layout, clock } = this.#options.parts;
    try {
      await reserve.free();
      await loop.reopen();
      await loop.tell({
        type: 'report-problem',
        problem: { problemId, path: layout.runtime.journal, reason: message, at: clock.now() },
      });
      await loop.stopAll();
      this.#options.handOutAgain();
      this.#refillReserve();
      await files.catchUp();
      return true;
    } catch {
      // Said once already; the next look is a few seconds away.
      return false;
    }
  }
}
