import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file or a folder with all below it: bytes on the disk, and the newest change in it in milliseconds since 1970. */
export interface DiskEntry {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly changedMs: number;
  readonly isFolder: boolean;
}

const gone: readonly string[] = ['ENOENT', 'ENOTDIR'];
const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && gone.includes(String(error.code));

/** Names in a folder; none where it is missing. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Measures what is at a path without following links; null when nothing is there. Rejects with the signal's reason when it is aborted. */
export async function measure(path: string, name: string, signal: AbortSignal): Promise<DiskEntry | null> {
  signal.throwIfAborted();
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) return { path, name, bytes: found.size, changedMs: found.mtimeMs, isFolder: false };
    let [bytes, changedMs] = [0, found.mtimeMs];
    for (const below of await entriesOf(path, signal)) {
      bytes += below.bytes;
      changedMs = Math.max(changedMs, below.changedMs);
    }
    return { path, name, bytes, changedMs, isFolder: true };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** What is in a folder, each measured; none where it is missing. */
export async function entriesOf(folder: string, signal: AbortSignal): Promise<DiskEntry[]> {
  const entries: DiskEntry[] = [];
  for (const name of await namesIn(folder)) {
    const entry = await measure(join(folder, name), name, signal);
    if (entry) entries.push(entry);
  }
  return entries;
}
