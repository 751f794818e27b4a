import { randomFillSync } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles, writeAll } from './durable-files.js';
import { codeOf, FileWriteError } from './file-problem.js';

const roomFactor = 4;

async function freeBytesAt(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Space kept for the events that stop the work when the disk is full. */
export class ReserveFile {
  readonly path: string;
  readonly #dir: string;
  readonly #sizeBytes: number;
  readonly #files: DurableFiles;
  readonly #freeBytes: (dir: string) => Promise<number>;

  /** `dir`: the journal's folder. Default size 1 MiB. `freeBytes`: space that is left where a folder is. */
  constructor(options: {
    readonly dir: string;
    readonly sizeBytes?: number;
    readonly files?: DurableFiles;
    readonly freeBytes?: (dir: string) => Promise<number>;
  }) {
    this.path = join(options.dir, 'reserve');
    this.#dir = options.dir;
    this.#sizeBytes = options.sizeBytes ?? 1024 * 1024;
    this.#files = options.files ?? systemFiles;
    this.#freeBytes = options.freeBytes ?? freeBytesAt;
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

  /** Takes the space if there is plenty besides, so that a disk that is nearly full is left to the journal. False: not now. */
  async refillWithRoom(): Promise<boolean> {
    try {
      if ((await this.#freeBytes(this.#dir)) < this.#sizeBytes * roomFactor) return false;
      await this.refill();
      return true;
    } catch {
      // As long as it cannot be told or taken, there is no room.
      return false;
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
