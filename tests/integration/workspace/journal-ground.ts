import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal, JournalRecord } from '../../../src/main/runtime/ports/journal.js';
import type { OpenedJournal, OpenJournalOptions } from '../../../src/main/runtime/workspace/journal-open.js';
import { openJournal } from '../../../src/main/runtime/workspace/journal-open.js';
import { ManualClock } from '../../fakes/manual-clock.js';

/** The time of every record in these tests. */
export const AT = '2026-03-24T09:00:00.000Z';

/** Runs with a folder of its own, removed afterwards. */
export async function withFolder<T>(run: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-journal-'));
  try {
    return await run(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Opens a journal that is always ours, in epoch 1, on a clock that stands still. */
export function open(dir: string, options: Partial<OpenJournalOptions> = {}): Promise<OpenedJournal> {
  return openJournal({ dir, epoch: 1, clock: new ManualClock(AT), checkOwnership: () => true, ...options });
}

/** Appends one record that carries a number. */
export function put(journal: Journal, number: number): Promise<void> {
  return journal.append({ time: AT, kind: 'numbered', v: 1, body: { number } }).durable;
}

/** Appends records 1 to `count`, `perGroup` at once. */
export async function fill(journal: Journal, count: number, perGroup = count): Promise<void> {
  for (let from = 1; from <= count; from += perGroup) {
    const group = Array.from({ length: Math.min(perGroup, count - from + 1) }, (_unused, i) => put(journal, from + i));
    await Promise.all(group);
  }
}

/** All records behind `after`, from disk. */
export async function readAll(journal: Journal, after = 0): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read(after)) records.push(record);
  return records;
}

/** The numbers that `put` wrote. */
export async function numbersIn(journal: Journal, after = 0): Promise<readonly number[]> {
  return (await readAll(journal, after)).map((record) => (record.body as { readonly number: number }).number);
}
