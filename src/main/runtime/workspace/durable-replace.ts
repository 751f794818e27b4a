import { basename, dirname, join } from 'node:path';
import { lstatSync } from 'node:fs';
import type { Clock } from '../ports/clock.js';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { systemFiles, writeAll } from './durable-files.js';
import { codeOf, FileWriteError } from './file-problem.js';
import { refuseLinksBelow } from './no-links.js';

/** How long to wait before each further try while another program (a virus scanner, an indexer) holds the file. */
export const REPLACE_RETRY_DELAYS_MS: readonly number[] = [10, 20, 50, 100, 200, 500, 1000];

const RETRIED = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** What a durable replacement needs besides path and bytes. */
export interface ReplaceOptions {
  readonly clock: Clock;
  /** Refuse links below this folder, and paths outside of it. */
  readonly within?: string;
  /** Of a new file; default 0o644. An existing file keeps its own. */
  readonly mode?: number;
  readonly files?: DurableFiles;
  readonly retryDelaysMs?: readonly number[];
}

let ordinal = 0;

/**
 * Puts `bytes` in the place of the file: a reader sees the old bytes or the new ones, and the new ones are on the disk when it
 * resolves. The folder must exist. Throws a `FileWriteError` whose message is a sentence; the old file is then as it was.
 */
export async function durableReplace(path: string, bytes: Uint8Array | string, options: ReplaceOptions): Promise<void> {
  const files = options.files ?? systemFiles;
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  if (options.within !== undefined) refuseLinksBelow(options.within, path);
  ordinal += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${ordinal}.tmp`);
  try {
    await writeNew(files, temporary, data, options.mode ?? modeOf(path));
    await renameOver(files, temporary, path, data, options);
    await files.syncFolder(dirname(path));
  } catch (error) {
    await removeQuietly(files, temporary);
    throw FileWriteError.from(path, error);
  }
}

function modeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.mode & 0o777 : 0o644;
}

async function writeNew(files: DurableFiles, path: string, data: Uint8Array, mode: number): Promise<void> {
  await fill(await openNew(files, path, mode), data);
}

async function openNew(files: DurableFiles, path: string, mode: number): Promise<DurableFile> {
  try {
    return await files.open(path, 'create', mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // A killed process with the same pid left it; nobody else uses the name.
    await files.remove(path);
    return files.open(path, 'create', mode);
  }
}

async function fill(file: DurableFile, data: Uint8Array): Promise<void> {
  try {
    await writeAll(file, data, data.length, 0);
    if (file.sizeBytes > data.length) await file.truncate(data.length);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function renameOver(files: DurableFiles, from: string, to: string, data: Uint8Array, options: ReplaceOptions): Promise<void> {
  const delaysMs = options.retryDelaysMs ?? REPLACE_RETRY_DELAYS_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await files.rename(from, to);
      return;
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (code === 'EXDEV') return copyOver(files, from, to, data);
      const delayMs = delaysMs[attempt];
      if (!RETRIED.has(code) || delayMs === undefined) throw error;
      await new Promise<void>((resolve) => options.clock.after(delayMs, resolve));
    }
  }
}

/** Where the target is a mount of its own (a file bound into a container) a rename cannot reach it. */
async function copyOver(files: DurableFiles, from: string, to: string, data: Uint8Array): Promise<void> {
  const how = files.identityOf(to) === null ? 'create' : 'existing';
  await fill(await files.open(to, how), data);
  await files.remove(from);
}

async function removeQuietly(files: DurableFiles, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    // The reason why the file could not be written is what counts; a leftover is removed by the next write.
    if (codeOf(error) === null) throw error;
  }
}
