import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './file-problem.js';

/** An open file that is written at explicit positions. Failures reject with the system's own error. */
export interface DurableFile {
  /** Device and inode of what was opened, comparable with `DurableFiles.identityOf`. */
  readonly identity: string;
  /** Bytes in the file when it was opened. */
  readonly sizeBytes: number;
  /** Whether the path that it was opened by still stands for this file. */
  isStillThere(): boolean;
  /** Writes at most `length` bytes into the system's cache and says how many were written; that may be fewer. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): number | Promise<number>;
  /** fdatasync: contents and size are on the disk when it resolves. `at-once` holds up the event loop and spares two thread switches. */
  sync(how?: 'at-once'): void | Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The file operations that durability hangs on, so that a test can make any of them fail or kill the process there. */
export interface DurableFiles {
  /** `create` fails when the file is there, `existing` when it is not; neither follows a link. */
  open(path: string, how: 'create' | 'existing', mode?: number): Promise<DurableFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** fsync of a folder: the names in it are on the disk when it resolves. */
  syncFolder(path: string): Promise<void>;
  /** Device and inode of what the name stands for now; null when there is nothing. */
  identityOf(path: string): string | null;
}

const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const OPEN_FLAGS = {
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL | NO_FOLLOW,
  existing: fs.constants.O_RDWR | NO_FOLLOW,
} as const;

const settle =
  (resolve: () => void, reject: (error: Error) => void) =>
  (error: Error | null): void => {
    if (error === null || error === undefined) resolve();
    else reject(error);
  };

const WRITTEN_AT_ONCE_BYTES = 128 * 1024;

/** Where an open file lies now, as Linux tells it; null elsewhere. */
function placeOf(fd: number): string | null {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

class SystemFile implements DurableFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #place: string | null;
  readonly identity: string;
  readonly sizeBytes: number;

  constructor(fd: number, path: string) {
    const stat = fs.fstatSync(fd);
    this.#fd = fd;
    this.#path = path;
    this.#place = placeOf(fd);
    this.identity = `${stat.dev}:${stat.ino}`;
    this.sizeBytes = stat.size;
  }

  /**
   * Asks for the file's name, not for what the name's inode is: since Linux 6.13 a question for an inode's times makes the next write
   * renew them, and an fsync behind that takes 0.13 ms instead of 0.09. A file that was replaced or deleted has lost its name.
   */
  isStillThere(): boolean {
    if (this.#place !== null) return placeOf(this.#fd) === this.#place;
    return systemFiles.identityOf(this.#path) === this.identity;
  }

  /** At once for what fits the cache in microseconds: a turn through the thread pool would cost more than the write (bench/journal.ts). */
  write(bytes: Uint8Array, offset: number, length: number, position: number): number | Promise<number> {
    if (length <= WRITTEN_AT_ONCE_BYTES) return fs.writeSync(this.#fd, bytes, offset, length, position);
    return new Promise((resolve, reject) => {
      fs.write(this.#fd, bytes, offset, length, position, (error, written) => {
        if (error) reject(error);
        else resolve(written);
      });
    });
  }

  sync(how?: 'at-once'): void | Promise<void> {
    if (how === 'at-once') return fs.fdatasyncSync(this.#fd);
    return new Promise((resolve, reject) => fs.fdatasync(this.#fd, settle(resolve, reject)));
  }

  truncate(sizeBytes: number): Promise<void> {
    return new Promise((resolve, reject) => fs.ftruncate(this.#fd, sizeBytes, settle(resolve, reject)));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      fs.closeSync(this.#fd);
      resolve();
    });
  }
}

/** The real ones. */
export const systemFiles: DurableFiles = {
  async open(path, how, mode = 0o644) {
    const fd = await new Promise<number>((resolve, reject) => {
      fs.open(path, OPEN_FLAGS[how], mode, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    return new SystemFile(fd, path);
  },
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.rm(path, { force: true }),
  async syncFolder(path) {
    // Windows cannot open a folder for fsync; NTFS journals its names itself.
    if (process.platform === 'win32') return;
    const folder = fs.openSync(path, 'r');
    try {
      await new Promise<void>((resolve, reject) => fs.fsync(folder, settle(resolve, reject)));
    } finally {
      fs.closeSync(folder);
    }
  },
  identityOf(path) {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
  },
};

/** Writes `bytes[0, length)` at `position` until all of it is written, however little each write takes. */
export async function writeAll(file: DurableFile, bytes: Uint8Array, length: number, position: number): Promise<void> {
  let done = 0;
  while (done < length) {
    const answer = file.write(bytes, done, length - done, position + done);
    const written = typeof answer === 'number' ? answer : await answer;
    if (written <= 0) throw Object.assign(new Error('the system wrote nothing and gave no reason'), { code: 'EIO' });
    done += written;
  }
}

/** Puts a file that somebody else wrote on the disk. */
export async function syncAndClose(file: DurableFile): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes a folder and its missing parents, each of them on the disk when it resolves. Step by step, because Node's recursive mkdir says
 * "does not exist" of a read-only disk.
 */
export async function makeFolder(path: string, files: DurableFiles): Promise<void> {
  // Mostly it is there: to have the system refuse to make it costs more than to look.
  if (isFolder(path)) return;
  if (await makeOne(path)) await files.syncFolder(dirname(path));
  else if (fs.statSync(path, { throwIfNoEntry: false }) === undefined) {
    await makeFolder(dirname(path), files);
    // Where it cannot be made beside its parent either, as in /proc, the system's own reason is the answer.
    if (await makeOne(path, 'has-parent')) await files.syncFolder(dirname(path));
  }
}

const isFolder = (path: string): boolean => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** False when the folder is there already, or its parent, as far as is known, is not. */
async function makeOne(path: string, known?: 'has-parent'): Promise<boolean> {
  try {
    await fs.promises.mkdir(path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if ((code === 'EEXIST' && isFolder(path)) || (code === 'ENOENT' && known !== 'has-parent' && dirname(path) !== path)) return false;
    throw error;
  }
}
