import { createHash } from 'node:crypto';
import { access, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import { readIfThere } from '../platform/read-at-once.js';
import type { BlobStore } from '../ports/journal.js';
import type { DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles } from './durable-files.js';
import { durableReplace } from './durable-replace.js';
import { codeOf, FileWriteError } from './file-problem.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** Keeps content in files named by its SHA-256, in folders named by the first two digits. */
export class FileBlobStore implements BlobStore {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #files: DurableFiles;
  readonly #writing = new Map<string, Promise<void>>();

  /** `dir`: `.teams_runtime/blobs`, absolute; made when first needed. */
  constructor(options: { readonly dir: string; readonly clock: Clock; readonly files?: DurableFiles }) {
    this.#dir = options.dir;
    this.#clock = options.clock;
    this.#files = options.files ?? systemFiles;
  }

  /** Absolute path of a blob, there or not. */
  pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new Error(`Could not look up a blob: "${sha256}" is not a SHA-256 in lower-case hexadecimal.`);
    return join(this.#dir, sha256.slice(0, 2), sha256);
  }

  async put(content: Uint8Array | string): Promise<string> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const sha256 = digestOf(bytes);
    // A second put of the same bytes may not answer before the first is durable.
    let writing = this.#writing.get(sha256);
    if (writing === undefined) {
      writing = this.#write(sha256, bytes).finally(() => this.#writing.delete(sha256));
      this.#writing.set(sha256, writing);
    }
    await writing;
    return sha256;
  }

  async get(sha256: string): Promise<Buffer | null> {
    const path = this.pathOf(sha256);
    const bytes = await readIfThere(path);
    if (bytes === null) return null;
    const actual = digestOf(bytes);
    if (actual !== sha256) {
      throw new Error(
        `Could not use ${path}: its ${bytes.length} bytes have the SHA-256 ${actual}, not the one in its name. ` +
          'Restore the file from a backup, or move it away so that it counts as missing.',
      );
    }
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    try {
      await access(this.pathOf(sha256));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  async #write(sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.pathOf(sha256);
    const folder = join(this.#dir, sha256.slice(0, 2));
    try {
      await makeFolder(folder, this.#files);
      const present = await readIfThere(path);
      if (present !== null && Buffer.compare(present, bytes) === 0) {
        // It may be there since a kill that came between its rename and the fsync of the folder.
        await this.#files.syncFolder(folder);
        // Wanted anew: its age is what tells a clean-up whether it may go.
        const now = Date.parse(this.#clock.now()) / 1_000;
        await utimes(path, now, now);
        return;
      }
    } catch (error) {
      throw FileWriteError.from(path, error);
    }
    await durableReplace(path, bytes, { clock: this.#clock, files: this.#files, within: this.#dir });
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
