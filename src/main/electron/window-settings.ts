import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Cancel, Clock } from '../runtime/ports/clock.js';
import { durableReplace } from '../runtime/workspace/durable-replace.js';

/** What closing the window does: ask (once), go on in the background, or end the program. */
export const closeAnswers = ['ask', 'background', 'quit'] as const;

export type CloseAnswer = (typeof closeAnswers)[number];

const pixels = z.int().min(-100_000).max(100_000);

const settingsSchema = z.object({
  version: z.literal(1),
  onClose: z.enum(closeAnswers).catch('ask'),
  bounds: z
    .object({ x: pixels, y: pixels, width: pixels.min(1), height: pixels.min(1) })
    .nullable()
    .catch(null),
  isMaximized: z.boolean().catch(false),
});

type Kept = z.infer<typeof settingsSchema>;

const fresh: Kept = { version: 1, onClose: 'ask', bounds: null, isMaximized: false };

/** A window that is dragged says so many times a second; so long after the last one it is written. */
const restMs = 500;

/** What the window remembers of itself, in a file of the user's state folder. A broken file counts as none. */
export class WindowSettings {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #onLog: (line: string) => void;
  #kept: Kept = fresh;
  #cancel: Cancel | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, clock: Clock, onLog: (line: string) => void) {
    this.#path = path;
    this.#clock = clock;
    this.#onLog = onLog;
  }

  get kept(): Kept {
    return this.#kept;
  }

  async load(): Promise<void> {
    try {
      this.#kept = settingsSchema.safeParse(JSON.parse(await readFile(this.#path, 'utf8'))).data ?? fresh;
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isMissing) this.#onLog(`Could not read ${this.#path}: ${String(error)} The window opens as at the first time.`);
    }
  }

  /** Remembers it; written a moment later, or by `flush`. */
  set(change: Partial<Omit<Kept, 'version'>>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#cancel?.();
    this.#cancel = this.#clock.after(restMs, () => void this.flush());
  }

  /** Resolves when what was remembered is on the disk, or could not be written, which is logged. */
  flush(): Promise<void> {
    if (this.#cancel === null) return this.#writing;
    this.#cancel();
    this.#cancel = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await durableReplace(this.#path, `${JSON.stringify(this.#kept, null, 2)}\n`, { clock: this.#clock, mode: 0o600 });
    } catch (error) {
      this.#onLog(`Could not remember how the window was: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
