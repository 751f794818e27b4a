import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles, writeAll } from './durable-files.js';
import { codeOf, FileWriteError } from './file-problem.js';

/** Space kept for the events that stop the work when the disk is full. */
export class ReserveFile {
  readonly path: string;
  readonly #dir: string;
  readonly #sizeBytes: number;
  readonly #files: DurableFiles;

  /** `dir`: the journal's folder. Default size 1 MiB. */
  constructor(options: { readonly dir: string; readonly sizeBytes?: number; readonly files?: DurableFiles }) {
    this.path = join(options.dir, 'reserve');
    this.#dir = options.dir;
    this.#sizeBytes = options.sizeBytes ?? 1024 * 1024;
    this.#files = options.files ?? systemFiles;
  }

  get isHeld(): boolean {
    return this.#files.identityOf(this.path) !== null;
  }

  /** Takes the space, durably, if it is not held in full. Throws a `FileWriteError` when there is not enough; then none is held. */
  async refill(): Promise<void> {
    try {
      await makeFolder(this.#dir, this.#files);
      const file = await this.#files.open(this.path, this.isHeld ? 'existing' : 'create');
      await this.#fill(file).finally(() => file.close());
      await this.#files.syncFolder(this.#dir);
    } catch (error) {
      if (codeOf(error) === 'ENOSPC') await this.#files.remove(this.path);
      throw FileWriteError.from(this.path, error);
    }
  }

  /** Gives the space back to the disk; harmless when none is held. */
  async free(): Promise<void> {
    try {
      await this.#files.remove(this.path);
      await this.#files.syncFolder(this.#dir);
    } catch (error) {
      throw FileWriteError.from(this.path, error);
    }
  }

  /** Random bytes, because a file system that compresses would keep nothing for zeros. */
  async #fill(file: DurableFile): Promise<void> {
    if (file.sizeBytes >= this.#sizeBytes) return;
    await writeAll(file, randomFillSync(Buffer.alloc(this.#sizeBytes)), this.#sizeBytes, 0);
    await file.sync();
  }
}
