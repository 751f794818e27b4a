import type { DurableFile, DurableFiles } from '../../src/main/runtime/workspace/durable-files.js';
import { systemFiles } from '../../src/main/runtime/workspace/durable-files.js';

/** The operations that can be made to fail. */
export type FileOperation = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncFolder';

/** The real file operations, of which chosen ones fail with a system's code, write only a part, or wait. */
export class FailingFiles implements DurableFiles {
  /** What was done, in order: `write 1039`, `sync`, `rename`. */
  readonly log: string[] = [];
  /** Most bytes that one write takes. */
  maxWriteBytes = Number.POSITIVE_INFINITY;
  /** Awaited by each fsync of a file. */
  gate: Promise<void> = Promise.resolve();
  readonly #failures: { readonly operation: FileOperation; readonly code: string; times: number; after: number }[] = [];

  /** Lets `times` calls of an operation fail with `code`, the `nth` from now and those that follow it. */
  fail(operation: FileOperation, code: string, times = 1, nth = 1): void {
    this.#failures.push({ operation, code, times, after: nth - 1 });
  }

  /** Ends all planned failures. */
  heal(): void {
    this.#failures.length = 0;
  }

  async open(path: string, how: 'create' | 'existing', mode?: number): Promise<DurableFile> {
    this.#enter('open', path);
    return new FailingFile(await systemFiles.open(path, how, mode), this, (operation, detail) => this.#enter(operation, detail));
  }

  async rename(from: string, to: string): Promise<void> {
    this.#enter('rename', to);
    await systemFiles.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    this.#enter('remove', path);
    await systemFiles.remove(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#enter('syncFolder', path);
    await systemFiles.syncFolder(path);
  }

  identityOf(path: string): string | null {
    return systemFiles.identityOf(path);
  }

  #enter(operation: FileOperation, detail: string): void {
    this.log.push(`${operation} ${detail}`);
    const failure = this.#failures.find((each) => each.operation === operation && each.times > 0);
    if (failure === undefined) return;
    if (failure.after > 0) {
      failure.after -= 1;
      return;
    }
    failure.times -= 1;
    throw Object.assign(new Error(`${failure.code}: planned`), { code: failure.code });
  }
}

class FailingFile implements DurableFile {
  readonly identity: string;
  readonly sizeBytes: number;
  readonly #real: DurableFile;
  readonly #files: FailingFiles;
  readonly #enter: (operation: FileOperation, detail: string) => void;

  constructor(real: DurableFile, files: FailingFiles, enter: (operation: FileOperation, detail: string) => void) {
    this.#real = real;
    this.#files = files;
    this.#enter = enter;
    this.identity = real.identity;
    this.sizeBytes = real.sizeBytes;
  }

  isStillThere(): boolean {
    return this.#real.isStillThere();
  }

  async write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    this.#enter('write', String(length));
    return this.#real.write(bytes, offset, Math.min(length, this.#files.maxWriteBytes), position);
  }

  async sync(): Promise<void> {
    await this.#files.gate;
    this.#enter('sync', '');
    await this.#real.sync();
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#enter('truncate', String(sizeBytes));
    await this.#real.truncate(sizeBytes);
  }

  async close(): Promise<void> {
    await this.#real.close();
  }
}
