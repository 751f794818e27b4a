import type { State } from '../../../shared/domain/state.js';
import type { NotedDelta, SprintEventLine } from './projections/sprint-event-line.js';
import { sprintEventLines } from './projections/sprint-event-line.js';
import type { SprintEventFiles } from './sprint-event-files.js';

/** So many lines are gathered before they are appended while records are read from disk. */
const mostGathered = 1_000;

interface SprintEventQueueOptions {
  readonly files: SprintEventFiles;
  readonly state: () => State;
  readonly deltasAfter?: (seq: number) => AsyncIterable<NotedDelta>;
  readonly failed: (sprintId: string, error: unknown) => void;
}

/** Lines on their way to the sprints' event files. */
export class SprintEventQueue {
  readonly #options: SprintEventQueueOptions;
  #lines: SprintEventLine[] = [];
  /** Lines that could not be appended; they go before the next ones. */
  #stuckLines: SprintEventLine[] = [];

  constructor(options: SprintEventQueueOptions) {
    this.#options = options;
  }

  get hasLines(): boolean {
    return this.#lines.length > 0;
  }

  note(delta: NotedDelta): void {
    this.#lines.push(...sprintEventLines(delta, this.#options.state()));
  }

  /** False when some lines could not be appended; they are kept for the next time. */
  async append(): Promise<boolean> {
    const bySprint = Map.groupBy([...this.#stuckLines, ...this.#lines], (line) => line.sprintId);
    this.#lines = [];
    this.#stuckLines = [];
    for (const [sprintId, lines] of bySprint) {
      try {
        await this.#options.files.append(sprintId, lines);
      } catch (error) {
        this.#stuckLines.push(...lines);
        this.#options.failed(sprintId, error);
      }
    }
    return this.#stuckLines.length === 0;
  }

  /** Appends what the durable records behind `after` hold and the files lack; the last record's number, or `after`. */
  async complete(after: number): Promise<number> {
    let last = after;
    if (!this.#options.deltasAfter) return last;
    for await (const delta of this.#options.deltasAfter(after)) {
      last = Math.max(last, delta.seq);
      this.note(delta);
      if (this.#lines.length > mostGathered) await this.append();
    }
    return last;
  }

  /** Makes one file anew from all durable records; it is written with the next append. */
  async remake(sprintId: string): Promise<void> {
    const { deltasAfter, files, state } = this.#options;
    if (!deltasAfter) return;
    files.forget(sprintId);
    for await (const delta of deltasAfter(0))
      this.#lines.push(...sprintEventLines(delta, state()).filter((line) => line.sprintId === sprintId));
  }

  /** Whether a sprint's file is as the last append left it. */
  inspect(sprintId: string): Promise<'same' | 'missing' | 'foreign' | 'link'> {
    return this.#options.files.inspect(sprintId);
  }
}
