import { endOfLine, isRoom, isSoundLine, readGroup, readHead, startOfRoom } from './journal-codec.js';

/** Highest version of each kind that the reader knows; kinds that are not named are not checked. */
export type MaxVersions = Readonly<Record<string, number>>;

/** What the first line that cannot be used is. */
export interface BadLine {
  /** From 1, within the file. */
  readonly line: number;
  /** Where it starts, bytes from the start of the file. */
  readonly offset: number;
  readonly why: 'unreadable' | 'gap' | 'epoch-fell' | 'newer-version';
  /** What is wrong with it, to stand after "line 3": `does not match its checksum`. */
  readonly detail: string;
  /** A readable record of a later fsync comes after it, so it was not simply the last thing written. */
  readonly isFollowed: boolean;
}

/** What a file of the journal holds, up to its end or its first bad line. */
export interface SegmentScan {
  readonly lastSeq: number;
  readonly lastEpoch: number;
  /** Records before the bad line. */
  readonly records: number;
  /** End of the last good line, bytes. */
  readonly endOffset: number;
  /** Size of the file, its room included. */
  readonly fileBytes: number;
  readonly bad: BadLine | null;
}

/** What the scan of a file starts from. */
export interface ScanStart {
  /** Sequence number that its first record must have. */
  readonly firstSeq: number;
  /** No record may have a lower epoch. */
  readonly epoch: number;
  readonly maxVersions?: MaxVersions | undefined;
}

/** Checks every line of a file up to its room: checksum, sequence without gaps, epochs that never fall, versions that are known. */
export function scanSegment(bytes: Buffer, from: ScanStart): SegmentScan {
  const roomAt = startOfRoom(bytes);
  let epoch = from.epoch;
  let records = 0;
  let offset = 0;
  while (offset < roomAt) {
    const seq = from.firstSeq + records;
    const end = endOfLine(bytes, offset);
    const flaw = end === -1 ? unreadable('has no end') : flawOf(bytes, offset, end, { ...from, firstSeq: seq, epoch });
    if ('why' in flaw) {
      const bad = { line: records + 1, offset, ...flaw, isFollowed: flaw.why !== 'unreadable' || hasRecordAfter(bytes, offset, seq) };
      return { lastSeq: seq - 1, lastEpoch: epoch, records, endOffset: offset, fileBytes: bytes.length, bad };
    }
    epoch = flaw.epoch;
    records += 1;
    offset = end + 1;
  }
  return { lastSeq: from.firstSeq + records - 1, lastEpoch: epoch, records, endOffset: offset, fileBytes: bytes.length, bad: null };
}

type Flaw = Pick<BadLine, 'why' | 'detail'>;

const unreadable = (detail: string): Flaw => ({ why: 'unreadable', detail });

/** The epoch of a good line, or what is wrong with it. */
function flawOf(bytes: Buffer, start: number, end: number, expected: ScanStart): { readonly epoch: number } | Flaw {
  if (bytes[start] === 0) return unreadable('is filled with zeros');
  if (isRoom(bytes, start)) return unreadable('is empty');
  if (!isSoundLine(bytes, start, end)) return unreadable('does not match its checksum');
  const head = readHead(bytes, start, end);
  if (head === null) return unreadable('is not a record');
  if (head.seq !== expected.firstSeq) return { why: 'gap', detail: `is record ${head.seq} where ${expected.firstSeq} was expected` };
  if (head.epoch < expected.epoch) {
    return { why: 'epoch-fell', detail: `is of epoch ${head.epoch} after a record of epoch ${expected.epoch}` };
  }
  const known = expected.maxVersions?.[head.kind];
  if (known !== undefined && head.v > known) {
    return { why: 'newer-version', detail: `is a ${head.kind} of version ${head.v}; this program knows versions up to ${known}` };
  }
  return { epoch: head.epoch };
}

const RECORD_START = '{"seq":';

/**
 * Whether a sound record of a later fsync than that of record `seq` begins anywhere behind `offset`. What was written together with it may
 * have reached the disk before it, when the power went, and was accepted as little as it was.
 */
function hasRecordAfter(bytes: Buffer, offset: number, seq: number): boolean {
  for (const { start, end } of recordsAfter(bytes, offset)) {
    const group = readGroup(bytes, start, end);
    if (group === null || group > seq) return true;
  }
  return false;
}

/** How many sound records begin behind `offset`. */
export function countRecordsAfter(bytes: Buffer, offset: number): number {
  return [...recordsAfter(bytes, offset)].length;
}

/**
 * The sound records behind `offset`. Looks at every place that could be the start of one, because the line feed between two records may be
 * what broke. A record inside another's body does not count: its checksum would not fit.
 */
function* recordsAfter(bytes: Buffer, offset: number): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = bytes.indexOf(RECORD_START, offset + 1); start !== -1;) {
    const end = endOfLine(bytes, start);
    if (end === -1) return;
    const isRecord = isSoundLine(bytes, start, end) && readHead(bytes, start, end) !== null;
    if (isRecord) yield { start, end };
    start = bytes.indexOf(RECORD_START, isRecord ? end : start + 1);
  }
}
