import { mkdtemp, rm } from 'node:fs/promises';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../src/main/runtime/platform/system-clock.js';
import type { Journal } from '../src/main/runtime/ports/journal.js';
import { openJournal } from '../src/main/runtime/workspace/journal-open.js';

/** One figure of the journal beside what the same disk does without it, in the same run. */
export interface JournalFigure {
  readonly callers: number;
  /** Milliseconds from asking to the durable answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commitsPerSecond: number;
  /** Bytes of one group, also written and fsynced raw. */
  readonly groupBytes: number;
  /** Raw: each group in one write with one fsync, as the journal does it, but without its records' text and checksums. */
  readonly rawCommitsPerSecond: number;
  /** Journal over raw; 1 is the disk itself. */
  readonly ratio: number;
  /** Raw as callers would do it who share an fsync and nothing else: a write per record of 1 KB, one fsync per group. */
  readonly rawRecordsPerSecond: number;
  readonly ratioToRecords: number;
}

const BODY = { text: 'x'.repeat(900), card: 'todo-140422-51a086' };
const ROUNDS = 12;
const GROUPS_PER_ROUND = 40;
/** A runtime lives for hours: its code is warm. With 64 callers still less than one segment. */
const WARM_UP_GROUPS = 100;

/** Measures 1, 8 and 64 callers that each append 1 KB and wait for the answer, as a ratio to raw writes and fsyncs of the same sizes. */
export async function benchJournal(options: { readonly dir?: string } = {}): Promise<{ readonly figures: readonly JournalFigure[] }> {
  const dir = await mkdtemp(join(options.dir ?? tmpdir(), 'muster-bench-journal-'));
  try {
    const figures: JournalFigure[] = [];
    for (const callers of [1, 8, 64]) figures.push(await measure(join(dir, `callers-${callers}`), callers));
    return { figures };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, callers: number): Promise<JournalFigure> {
  const clock = new SystemClock();
  const { journal } = await openJournal({ dir, epoch: 1, clock, checkOwnership: () => true });
  await journalRound(journal, callers, WARM_UP_GROUPS, []);
  const written = fs.readFileSync(join(dir, '000000000001.jsonl'), 'utf8').trimEnd().length + 1;
  const groupBytes = Math.round(written / WARM_UP_GROUPS);
  const groups = new RawFile(join(dir, 'raw'), Buffer.alloc(groupBytes, 'r'), 1);
  const records = new RawFile(join(dir, 'raw-records'), Buffer.alloc(Math.round(groupBytes / callers), 'r'), callers);
  groups.round(WARM_UP_GROUPS);
  records.round(WARM_UP_GROUPS);
  const latencies: number[] = [];
  let journalMs = 0;
  let rawMs = 0;
  let rawRecordsMs = 0;
  // Round about, so that a slow moment of the disk meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    journalMs += await journalRound(journal, callers, GROUPS_PER_ROUND, latencies);
    rawMs += groups.round(GROUPS_PER_ROUND);
    rawRecordsMs += records.round(GROUPS_PER_ROUND);
  }
  groups.close();
  records.close();
  await journal.close();
  const commits = ROUNDS * GROUPS_PER_ROUND * callers;
  latencies.sort((a, b) => a - b);
  return {
    callers,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    commitsPerSecond: Math.round((commits / journalMs) * 1000),
    groupBytes,
    rawCommitsPerSecond: Math.round((commits / rawMs) * 1000),
    ratio: rounded(rawMs / journalMs),
    rawRecordsPerSecond: Math.round((commits / rawRecordsMs) * 1000),
    ratioToRecords: rounded(rawRecordsMs / journalMs),
  };
}

/** Milliseconds that `callers` take for `times` appends each, every one waiting for its answer before it asks again. */
async function journalRound(journal: Journal, callers: number, times: number, latencies: number[]): Promise<number> {
  const start = performance.now();
  const caller = async (): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      const asked = performance.now();
      await journal.append({ time: '2026-03-24T09:00:00.000Z', kind: 'bench', v: 1, body: BODY }).durable;
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return performance.now() - start;
}

/** Appends the same bytes again and again, `writes` times for each fsync. */
class RawFile {
  readonly #file: number;
  readonly #bytes: Buffer;
  readonly #writes: number;

  constructor(path: string, bytes: Buffer, writes: number) {
    this.#file = fs.openSync(path, 'wx');
    this.#bytes = bytes;
    this.#writes = writes;
  }

  /** Milliseconds for so many fsyncs. */
  round(times: number): number {
    const start = performance.now();
    for (let i = 0; i < times; i += 1) {
      for (let write = 0; write < this.#writes; write += 1) fs.writeSync(this.#file, this.#bytes);
      fs.fdatasyncSync(this.#file);
    }
    return performance.now() - start;
  }

  close(): void {
    fs.closeSync(this.#file);
  }
}

const quantile = (sorted: readonly number[], q: number): number =>
  rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
