import { copiesOf, snapshotOf } from './load-state.js';
import { ThreadError } from './platform/run-in-thread.js';
import type { RuntimeParts } from './runtime-parts.js';
import { snapshotBeside } from './snapshot-from-disk.js';

/** Records after which a snapshot is written, so that a start reads little. */
const snapshotEvery = 2_000;

type Parts = Pick<RuntimeParts, 'layout' | 'places' | 'loop' | 'journal' | 'snapshots'>;

/** Writes a snapshot from time to time, one after the other. That one could not be written is said, and loses nothing. */
export class SnapshotKeeper {
  readonly #parts: Parts;
  readonly #log: (line: string) => void;
  #lastSeq: number;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `lastSeq`: the newest record that a snapshot holds. */
  constructor(parts: Parts, lastSeq: number, log: (line: string) => void) {
    this.#parts = parts;
    this.#lastSeq = lastSeq;
    this.#log = log;
  }

  /** To be called for each durable record. */
  note(seq: number): void {
    if (seq - this.#lastSeq >= snapshotEvery) void this.#write();
  }

  /** At the stop; resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const { loop } = this.#parts;
    if (loop.writeProblem === null && loop.folded.seq > this.#lastSeq) await this.#write();
    await this.#writing;
  }

  #write(): Promise<void> {
    const { loop, journal } = this.#parts;
    const { seq } = loop.folded;
    this.#lastSeq = seq;
    this.#writing = this.#writing
      .then(async () => {
        await journal.drain();
        await journal.copySoFar();
        // At the stop nothing is left to be held up, and a thread would only take longer to begin.
        for (const message of await (this.#isStopped ? this.#here() : this.#beside(seq))) this.#log(message);
      })
      .catch((error: unknown) =>
        this.#log(
          `Could not write a snapshot: ${error instanceof Error ? error.message : String(error)} Nothing is lost; the next start reads more of the journal.`,
        ),
      );
    return this.#writing;
  }

  /** Folded once more from the disk, in a thread of its own: serialising a large state here would hold up every command. */
  async #beside(seq: number): Promise<readonly string[]> {
    const copiesDir = copiesOf(this.#parts.places);
    try {
      return await snapshotBeside({ workspaceDir: this.#parts.layout.root, copiesDir, seq });
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      return this.#here();
    }
  }

  async #here(): Promise<readonly string[]> {
    const { loop, snapshots, journal } = this.#parts;
    const { seq } = loop.folded;
    const text = JSON.stringify(snapshotOf(loop.folded));
    await journal.drain();
    return (await snapshots.write(seq, text)).map(({ message }) => message);
  }
}
