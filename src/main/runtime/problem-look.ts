import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { State } from '../../shared/domain/state.js';
import type { RuntimeCommand } from '../../shared/domain/vocabulary.js';
import type { Cancel, Clock } from './ports/clock.js';

const pauseMs = 30_000;

/** What the look works with. */
export interface ProblemLookParts {
  readonly workspaceDir: string;
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<unknown>;
  readonly clock: Clock;
}

/** Takes problems off the list whose file or folder is not there any more: at the start, and every half minute. */
export class ProblemLook {
  readonly #parts: ProblemLookParts;
  #timer: Cancel | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: ProblemLookParts) {
    this.#parts = parts;
  }

  /** Looks now, and again and again until `stop`. */
  start(): Promise<void> {
    this.#timer = this.#parts.clock.after(pauseMs, () => {
      this.#looking = this.start();
    });
    return this.look();
  }

  /** Resolves when every problem without its file is off the list. */
  async look(): Promise<void> {
    const { workspaceDir, state, tell } = this.#parts;
    for (const { problemId, standsWith } of Object.values(state().problems)) {
      if (this.#isStopped) return;
      if (standsWith && !(await isThere(resolve(workspaceDir, standsWith)))) await tell({ type: 'clear-problem', problemId });
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.();
    await this.#looking;
  }
}

/** What cannot be looked at is taken to be there. */
const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
