import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { epochMs } from '../../../shared/kernel/time.js';
import type { Instant } from '../../../shared/kernel/time.js';
import { codeOf } from './file-problem.js';

/** How `durable-replace.ts` and `write-file-atomic` name what is not in its place yet. */
const halfNames: readonly RegExp[] = [/^\..+\.\d+-\d+\.tmp$/, /^.+\.(json|jsonl|md)\.\d{4,10}$/];

/** Folders whose files are an agent's or a person's, whatever their names look like. */
const foreign = new Set(['attachments', 'sessions', 'tmp']);

/** Where halves may lie. Paths are absolute; what does not exist is passed over. */
export interface SweptPlaces {
  /** With everything below them. */
  readonly trees: readonly string[];
  /** Themselves only. */
  readonly folders: readonly string[];
}

/**
 * Removes the halves of files that writers left when they were killed before `since`; returns how many. Looks at every name in the
 * trees, so it is for the background of a start, and for places that the program alone writes to.
 */
export async function sweepHalves({ trees, folders }: SweptPlaces, since: Instant): Promise<number> {
  let swept = 0;
  const waiting = [...trees.map((path) => ({ path, isTree: true })), ...folders.map((path) => ({ path, isTree: false }))];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await entriesOf(folder.path)) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory()) {
        if (folder.isTree && !foreign.has(entry.name)) waiting.push({ path, isTree: true });
      } else if (entry.isFile() && halfNames.some((half) => half.test(entry.name)) && (await isOlder(path, since))) {
        await rm(path, { force: true });
        swept += 1;
      }
    }
  }
  return swept;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function isOlder(path: string, since: Instant): Promise<boolean> {
  try {
    return (await lstat(path)).mtimeMs < epochMs(since);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
