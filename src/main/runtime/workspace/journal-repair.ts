import { copyFile, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { DurableFiles } from './durable-files.js';
import { makeFolder, syncAndClose, systemFiles } from './durable-files.js';
import { endOfLine, startOfRoom } from './journal-codec.js';
import { countRecordsAfter, scanSegment } from './journal-scan.js';
import type { Segment } from './journal-segments.js';
import { listSegments, nameTime, placeOfRecord } from './journal-segments.js';

/** A file of the journal that a repair would cut or take out. */
export interface RepairFile {
  readonly path: string;
  /** What stays in place, bytes from the start; 0: the whole file goes. */
  readonly keptBytes: number;
  readonly sizeBytes: number;
  /** Lines that go, damaged ones included. */
  readonly lines: number;
  /** Records among them that can still be read. */
  readonly records: number;
}

/** What a repair would do; nothing has been done. */
export interface RepairPlan {
  readonly dir: string;
  /** Where the damage begins. */
  readonly path: string;
  readonly line: number;
  readonly detail: string;
  /** The damaged file first, then all that follow it. */
  readonly files: readonly RepairFile[];
  /** Bytes that leave the journal. */
  readonly bytes: number;
  /** Readable records after the damage, which go with it. */
  readonly recordsLostAfter: number;
  /** Last record that stays. */
  readonly keptThrough: number;
  /** The above as sentences for people. */
  readonly summary: string;
}

/** Looks through the whole journal and says what would have to go so that it can be opened; null when nothing would. */
export async function planRepair(dir: string): Promise<RepairPlan | null> {
  const segments = await listSegments(dir);
  let lastSeq = 0;
  let epoch = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.firstSeq !== lastSeq + 1) {
      const detail = `begins with record ${segment.firstSeq} where ${lastSeq + 1} was expected`;
      return plan(dir, segments.slice(index), { line: 1, detail, keptBytes: 0, keptThrough: lastSeq });
    }
    const scan = scanSegment(await readFile(segment.path), { firstSeq: segment.firstSeq, epoch });
    if (scan.bad !== null) {
      const { line, detail } = scan.bad;
      return plan(dir, segments.slice(index), { line, detail, keptBytes: scan.endOffset, keptThrough: scan.lastSeq });
    }
    ({ lastSeq, lastEpoch: epoch } = scan);
  }
  return null;
}

/** What a cut before record `seq` would take out, which is sound and cannot be applied; `detail` says why, a sentence. */
export async function planCut(dir: string, seq: number, detail: string): Promise<RepairPlan> {
  const { path, line } = await placeOfRecord(dir, seq);
  const segments = (await listSegments(dir)).filter((segment) => segment.firstSeq >= seq - line + 1);
  const bytes = await readFile(path);
  let keptBytes = 0;
  for (let n = 1; n < line; n += 1) keptBytes = endOfLine(bytes, keptBytes) + 1;
  const cutPlan = await plan(dir, segments, { line, detail, keptBytes, keptThrough: seq - 1 });
  const gone = cutPlan.recordsLostAfter === 1 ? 'this record' : `${cutPlan.recordsLostAfter} records, this one and all after it`;
  const summary =
    `Line ${line} of ${path} is sound but cannot be applied: ${detail} A newer Muster may be able to; try that first. A repair keeps records ` +
    `1 to ${seq - 1} and moves ${gone} (${cutPlan.bytes} bytes), to ${join(dir, 'damaged-<time>')}: what was accepted with them is undone. ` +
    'Nothing is deleted.';
  return { ...cutPlan, summary };
}

/**
 * Does what the plan says: the damaged file and all after it go to `damaged-<time>/` beside them, the first of them stays up to the
 * damage. Nothing is deleted. Returns that folder; throws a sentence when the journal changed since the plan was made.
 */
export async function applyRepair(repair: RepairPlan, clock: Clock, files: DurableFiles = systemFiles): Promise<string> {
  for (const file of repair.files) {
    if ((await stat(file.path)).size === file.sizeBytes) continue;
    throw new Error(`Could not repair the journal: ${file.path} changed since the plan was made. Stop Muster and plan the repair again.`);
  }
  const target = join(repair.dir, `damaged-${nameTime(clock.now())}`);
  await makeFolder(target, files);
  const [damaged, ...later] = repair.files;
  if (damaged === undefined) return target;
  if (damaged.keptBytes > 0) await copyDurably(damaged.path, join(target, basename(damaged.path)), files);
  // From the end: a repair that is interrupted leaves the damage in place, and can be done again.
  for (const file of later.toReversed()) await files.rename(file.path, join(target, basename(file.path)));
  if (damaged.keptBytes > 0) await cut(damaged.path, damaged.keptBytes, files);
  else await files.rename(damaged.path, join(target, basename(damaged.path)));
  await files.syncFolder(target);
  await files.syncFolder(repair.dir);
  return target;
}

interface Damage {
  readonly line: number;
  readonly detail: string;
  readonly keptBytes: number;
  readonly keptThrough: number;
}

async function plan(dir: string, segments: readonly Segment[], damage: Damage): Promise<RepairPlan> {
  const files: RepairFile[] = [];
  for (const [index, segment] of segments.entries()) files.push(await describe(segment.path, index === 0 ? damage.keptBytes : 0));
  const path = files[0]?.path ?? dir;
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes - file.keptBytes, 0);
  const recordsLostAfter = files.reduce((sum, file) => sum + file.records, 0);
  const { line, detail, keptThrough } = damage;
  const summary =
    `Line ${line} of ${path} ${detail}. A repair keeps records 1 to ${keptThrough} and moves ${bytes} bytes in ` +
    `${files.length} ${files.length === 1 ? 'file' : 'files'}, with ${recordsLostAfter} readable records after the damage, to ${join(dir, 'damaged-<time>')}. ` +
    'Nothing is deleted.';
  return { dir, path, line, detail, files, bytes, recordsLostAfter, keptThrough, summary };
}

async function describe(path: string, keptBytes: number): Promise<RepairFile> {
  const bytes = await readFile(path);
  const gone = bytes.subarray(keptBytes, Math.max(keptBytes, startOfRoom(bytes) + 1));
  const lineFeeds = gone.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
  const lines = gone.length > 0 && gone.at(-1) !== 0x0a ? lineFeeds + 1 : lineFeeds;
  return { path, keptBytes, sizeBytes: bytes.length, lines, records: countRecordsAfter(gone, -1) };
}

async function copyDurably(from: string, to: string, files: DurableFiles): Promise<void> {
  await copyFile(from, to);
  const file = await files.open(to, 'existing');
  await syncAndClose(file);
  await files.syncFolder(join(to, '..'));
}

async function cut(path: string, sizeBytes: number, files: DurableFiles): Promise<void> {
  const file = await files.open(path, 'existing');
  try {
    await file.truncate(sizeBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
