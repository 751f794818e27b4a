import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { JournalNotice, JournalProblem } from '../ports/journal.js';
import type { DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles, writeAll } from './durable-files.js';
import { causeSentence } from './file-problem.js';
import { FileJournal } from './journal.js';
import type { CheckOwnership } from './journal.js';
import { startOfRoom } from './journal-codec.js';
import { JournalCopies } from './journal-copies.js';
import { JournalError } from './journal-error.js';
import type { BadLine, MaxVersions, SegmentScan } from './journal-scan.js';
import { scanSegment } from './journal-scan.js';
import type { Segment } from './journal-segments.js';
import { listSegments, nameTime } from './journal-segments.js';

/** The file operations of the journal, injectable so that faults can be tested. */
export type JournalFiles = DurableFiles;

/** Where the journal is and who writes it. Paths are absolute. */
export interface OpenJournalOptions {
  /** `.teams_runtime/journal`; made when missing. */
  readonly dir: string;
  /** Of this owner; not lower than that of the last record. */
  readonly epoch: number;
  readonly clock: Clock;
  /** Asked before each group is written; false means that somebody else owns the workspace now. */
  readonly checkOwnership: CheckOwnership;
  /** A segment of this size or more is sealed; default 8 MiB. */
  readonly segmentBytes?: number;
  /** Folder in the user's state folder that gets copies of sealed segments. */
  readonly copiesDir?: string;
  readonly files?: JournalFiles;
  readonly maxVersions?: MaxVersions;
  /** Sealed segments that end at or before this record (the newest snapshot's) are not read again; default 0: all are read. */
  readonly trustedSeq?: number;
}

/** A journal that can be appended to, and what opening it found. */
export interface OpenedJournal {
  readonly journal: FileJournal;
  readonly notices: readonly JournalNotice[];
}

/**
 * Opens the journal, checking its lines. A torn end is moved to a file of its own and reported. Throws a `JournalError` when a
 * line is damaged, of a newer version or of a later epoch, and when the folder cannot be read or written.
 */
export async function openJournal(options: OpenJournalOptions): Promise<OpenedJournal> {
  const files = options.files ?? systemFiles;
  await prepareFolder(options.dir, files);
  const segments = await listSegments(options.dir);
  const found = await scanJournal(segments, options);
  const last = segments.at(-1);
  const notices: JournalNotice[] = [];
  const isTorn = last !== undefined && found.bad !== null;
  if (isTorn) notices.push(await moveTornEnd(last, found, options.clock, files));
  refuseLaterEpoch(found, options, last);
  const copies = await JournalCopies.open(options.copiesDir, options.clock, files);
  if (last === undefined) notices.push(...copies.noticeForEmptyJournal());
  const journal = new FileJournal({
    dir: options.dir,
    epoch: options.epoch,
    clock: options.clock,
    checkOwnership: options.checkOwnership,
    segmentBytes: options.segmentBytes ?? 8 * 1024 * 1024,
    files,
    copies,
    lastSeq: found.lastSeq,
    active:
      last === undefined ? null : { path: last.path, sizeBytes: found.endOffset, endBytes: isTorn ? found.endOffset : found.fileBytes },
  });
  return { journal, notices };
}

/** Reads what is in the journal without taking it: nothing is moved, made or written, and a torn end is left out. Throws as `openJournal`. */
export async function readJournal(dir: string, clock: Clock, trustedSeq = 0): Promise<Pick<FileJournal, 'lastSeq' | 'read'>> {
  const files = systemFiles;
  const options: OpenJournalOptions = { dir, epoch: Number.MAX_SAFE_INTEGER, clock, checkOwnership: () => false, trustedSeq };
  const segments = await listSegments(dir);
  const found = await scanJournal(segments, options);
  const copies = await JournalCopies.open(undefined, clock, files);
  return new FileJournal({
    dir,
    epoch: options.epoch,
    clock,
    checkOwnership: options.checkOwnership,
    segmentBytes: Number.MAX_SAFE_INTEGER,
    files,
    copies,
    lastSeq: found.lastSeq,
    active: null,
  });
}

/** Epoch of the last record, 0 when there is none; for taking ownership before the journal is opened. */
export async function lastJournalEpoch(dir: string): Promise<number> {
  for (const segment of (await listSegments(dir)).toReversed()) {
    const scan = scanSegment(await readFile(segment.path), { firstSeq: segment.firstSeq, epoch: 0 });
    if (scan.records > 0) return scan.lastEpoch;
  }
  return 0;
}

async function prepareFolder(dir: string, files: DurableFiles): Promise<void> {
  try {
    await makeFolder(dir, files);
  } catch (error) {
    const message = `Could not open the journal in ${dir}: ${causeSentence(error)}`;
    throw new JournalError({ kind: 'unreadable', message, path: dir, line: null }, error);
  }
}

const EMPTY: SegmentScan = { lastSeq: 0, lastEpoch: 0, records: 0, endOffset: 0, fileBytes: 0, bad: null };

async function scanJournal(segments: readonly Segment[], options: OpenJournalOptions): Promise<SegmentScan> {
  let scan = EMPTY;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    refuseGap(segment, scan.lastSeq + 1);
    if (next !== undefined && next.firstSeq <= (options.trustedSeq ?? 0) + 1) {
      scan = { ...EMPTY, lastSeq: next.firstSeq - 1, lastEpoch: scan.lastEpoch };
      continue;
    }
    scan = scanSegment(await readSegment(segment.path), {
      firstSeq: segment.firstSeq,
      epoch: scan.lastEpoch,
      maxVersions: options.maxVersions,
    });
    const isTorn = scan.bad !== null && !scan.bad.isFollowed && next === undefined;
    if (scan.bad !== null && !isTorn) throw new JournalError(badLineProblem(segment.path, scan.bad));
  }
  return scan;
}

async function readSegment(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const message = `Could not read the journal file ${path}: ${causeSentence(error)}`;
    throw new JournalError({ kind: 'unreadable', message, path, line: null }, error);
  }
}

function refuseGap(segment: Segment, expectedSeq: number): void {
  if (segment.firstSeq === expectedSeq) return;
  const message =
    `Could not open the journal: ${segment.path} begins with record ${segment.firstSeq}, but record ${expectedSeq} comes next; ` +
    'a file is missing or cut. Put it back from a backup, or run `muster journal repair` to see what can be kept.';
  throw new JournalError({ kind: 'damaged', message, path: segment.path, line: 1 });
}

/** The sentence for a line that stops the journal from being opened. */
export function badLineProblem(path: string, bad: BadLine): JournalProblem {
  const what = `Could not open the journal: line ${bad.line} of ${path} ${bad.detail}.`;
  return bad.why === 'newer-version'
    ? { kind: 'newer-version', message: `${what} Open this workspace with a newer Muster.`, path, line: bad.line }
    : { kind: 'damaged', message: `${what} Run \`muster journal repair\` to see what can be kept.`, path, line: bad.line };
}

function refuseLaterEpoch(scan: SegmentScan, options: OpenJournalOptions, last: Segment | undefined): void {
  if (scan.lastEpoch <= options.epoch) return;
  const path = last?.path ?? options.dir;
  const message =
    `Could not open the journal: its last record is of epoch ${scan.lastEpoch}, later than ours (${options.epoch}), so another Muster ` +
    'has taken over this workspace. Attach to that one, or stop it and start again.';
  throw new JournalError({ kind: 'ownership-lost', message, path, line: null });
}

/** The bytes are on the disk in their new place before they leave the old one. */
async function moveTornEnd(segment: Segment, scan: SegmentScan, clock: Clock, files: DurableFiles): Promise<JournalNotice> {
  const bytes = await readSegment(segment.path);
  // The line feed that ended it stays with it; the room behind that is nothing.
  const torn = bytes.subarray(scan.endOffset, startOfRoom(bytes) + 1);
  const aside = join(segment.path, '..', `torn-${nameTime(clock.now())}`);
  const path = files.identityOf(aside) === null ? aside : `${aside}-${scan.lastSeq}-${torn.length}`;
  try {
    await writeAside(path, torn, files);
    await files.syncFolder(join(path, '..'));
    await cutAt(segment.path, scan.endOffset, files);
  } catch (error) {
    const message = `Could not move the torn end of ${segment.path} to ${path}: ${causeSentence(error)}`;
    throw new JournalError({ kind: 'cannot-be-written', message, path: segment.path, line: scan.records + 1 }, error);
  }
  const message =
    `The last ${torn.length} bytes of ${basename(segment.path)} (line ${scan.records + 1}) were cut off while being written and had not been ` +
    `accepted. They were moved to ${path}; nothing before them is lost.`;
  return { kind: 'torn-line-moved', message, path };
}

async function writeAside(path: string, bytes: Buffer, files: DurableFiles): Promise<void> {
  if (files.identityOf(path) !== null) await files.remove(path);
  const file = await files.open(path, 'create');
  try {
    await writeAll(file, bytes, bytes.length, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function cutAt(path: string, sizeBytes: number, files: DurableFiles): Promise<void> {
  const file = await files.open(path, 'existing');
  try {
    await file.truncate(sizeBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
