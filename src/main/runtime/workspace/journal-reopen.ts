import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JournalProblem } from '../ports/journal.js';
import type { DurableFiles } from './durable-files.js';
import { writeAll } from './durable-files.js';
import { causeSentence } from './file-problem.js';
import { JournalError } from './journal-error.js';
import { scanSegment } from './journal-scan.js';

/** More than a group of stop events takes, less than the reserve file frees. */
const PROBE_BYTES = 64 * 1024;

/** Throws a `JournalError` unless a file of some size can be written beside the journal and put on the disk. */
export async function probeWriting(dir: string, files: DurableFiles): Promise<void> {
  const path = join(dir, `probe-${process.pid}`);
  try {
    await files.remove(path);
    const file = await files.open(path, 'create');
    try {
      await writeAll(file, Buffer.alloc(PROBE_BYTES, 1), PROBE_BYTES, 0);
      await file.sync();
    } finally {
      await file.close();
      await files.remove(path);
    }
  } catch (error) {
    throw new JournalError(stillFailing(dir, `it still cannot be written: ${causeSentence(error)}`), error);
  }
}

/** Cuts the file at the last durable byte and reads it again; throws a `JournalError` when that does not end with `lastSeq`. */
export async function reloadEnd(path: string, sizeBytes: number, lastSeq: number, files: DurableFiles): Promise<void> {
  try {
    const file = await files.open(path, 'existing');
    try {
      await file.truncate(sizeBytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new JournalError(stillFailing(path, causeSentence(error)), error);
  }
  const scan = scanSegment(await readFile(path), { firstSeq: Number.parseInt(basename(path), 10), epoch: 0 });
  if (scan.bad === null && scan.endOffset === sizeBytes && scan.lastSeq === lastSeq) return;
  const message =
    `Could not go on with the journal: ${path} ends with record ${scan.lastSeq} where ${lastSeq} had been written. ` +
    'Stop Muster, check the disk, and run `muster journal repair` to see what can be kept.';
  throw new JournalError({ kind: 'damaged', message, path, line: scan.records + 1 });
}

function stillFailing(path: string, why: string): JournalProblem {
  return { kind: 'cannot-be-written', message: `Could not open the journal ${path} again: ${why}`, path, line: null };
}
