import type { JournalRecord } from '../ports/journal.js';
import { crc32c } from './crc32c.js';

/**
 * A record is one line of JSON: `{"seq":1,"epoch":1,"time":"…","kind":"…","v":1,"body":…,"crc":"0a1b2c3d"}` and a line feed. The
 * checksum is the CRC-32C of the line's bytes without the `,"crc":"…"` member. A record that shares its fsync with an earlier one says
 * so with `"group":N` before the checksum, N being the first record of that fsync.
 */
const TAIL = ',"crc":"00000000"}\n';
/** What stands behind the body of a line, its line feed excluded. */
const TAIL_BYTES = TAIL.length - 1;
const DIGITS_AT = ',"crc":"'.length;
const LINE_FEED = 0x0a;
const CLOSING_BRACE = 0x7d;
const HEX = '0123456789abcdef';

/** What stands before the body of a record. */
export interface RecordHead {
  readonly seq: number;
  readonly epoch: number;
  readonly kind: string;
  readonly v: number;
}

/** Lines of one group, put together in one buffer that grows. */
export class RecordBuffer {
  bytes: Buffer;
  length = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Adds a record of the group that begins with `firstSeq`; throws, and adds nothing, when its body cannot be JSON. */
  add(record: JournalRecord, firstSeq: number): void {
    const { seq, epoch, time, kind, v, body } = record;
    const group = firstSeq === seq ? undefined : firstSeq;
    const text = JSON.stringify({ seq, epoch, time, kind, v, body: body ?? null, group });
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.#reserve(text.length * 3 + TAIL_BYTES + 1);
    const start = this.length;
    const end = start + this.bytes.write(text, start, 'utf8');
    this.length = writeTail(this.bytes, end - 1, crc32c(this.bytes, start, end));
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Overwrites the closing brace at `at` with the checksum member, a brace and a line feed; returns where the line ends. */
function writeTail(bytes: Buffer, at: number, crc: number): number {
  const end = at + bytes.write(TAIL, at, 'latin1');
  const digits = at + DIGITS_AT;
  for (let digit = 0; digit < 8; digit += 1) bytes[digits + digit] = HEX.charCodeAt((crc >>> (28 - 4 * digit)) & 0xf);
  return end;
}

/** One record as the bytes of its line, of the group that begins with `firstSeq`. */
export function encodeRecord(record: JournalRecord, firstSeq = record.seq): Buffer {
  const buffer = new RecordBuffer(Buffer.allocUnsafe(1024));
  buffer.add(record, firstSeq);
  return buffer.bytes.subarray(0, buffer.length);
}

/** Whether `bytes[start, end)`, a line without its line feed, carries the checksum of itself. */
export function isSoundLine(bytes: Buffer, start: number, end: number): boolean {
  const cut = end - TAIL_BYTES;
  if (cut <= start || bytes[end - 1] !== CLOSING_BRACE || bytes[end - 2] !== 0x22) return false;
  if (bytes.toString('latin1', cut, cut + DIGITS_AT) !== TAIL.slice(0, DIGITS_AT)) return false;
  const given = bytes.toString('latin1', cut + DIGITS_AT, cut + DIGITS_AT + 8);
  return crcWithBrace(bytes, start, cut).toString(16).padStart(8, '0') === given;
}

/** The checksum was taken before the comma replaced the closing brace: put it back for the count, then restore. */
function crcWithBrace(bytes: Buffer, start: number, cut: number): number {
  const comma = bytes[cut] as number;
  bytes[cut] = CLOSING_BRACE;
  const crc = crc32c(bytes, start, cut + 1);
  bytes[cut] = comma;
  return crc;
}

const HEAD = /^\{"seq":(\d{1,16}),"epoch":(\d{1,16}),"time":"[^"]{1,64}","kind":"((?:[^"\\]|\\.){1,200})","v":(\d{1,9}),"body":/;

/** Reads what stands before the body without parsing the body; null when it is not the head of a record. */
export function readHead(bytes: Buffer, start: number, end: number): RecordHead | null {
  const found = HEAD.exec(bytes.toString('latin1', start, Math.min(end, start + 512)));
  if (found === null) return null;
  const [, seq, epoch, kind, v] = found;
  return { seq: Number(seq), epoch: Number(epoch), kind: JSON.parse(`"${kind ?? ''}"`) as string, v: Number(v) };
}

const GROUP = /,"group":(\d{1,16}),"crc":"[0-9a-f]{8}"\}$/;
const GROUP_TAIL_BYTES = 64;

/** The first record of the fsync that a sound line was written with; null: it was the first itself. */
export function readGroup(bytes: Buffer, start: number, end: number): number | null {
  const digits = GROUP.exec(bytes.toString('latin1', Math.max(start, end - GROUP_TAIL_BYTES), end))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether a line that begins here is empty: room that was written ahead, not a record. */
export const isRoom = (bytes: Buffer, offset: number): boolean => bytes[offset] === LINE_FEED;

/** Where the line feeds begin with which the bytes end; their length when they end otherwise. */
export function startOfRoom(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === LINE_FEED) end -= 1;
  return end;
}

/** Parses a line that is sound. */
export function decodeRecord(bytes: Buffer, start: number, end: number): JournalRecord {
  const parsed = JSON.parse(bytes.toString('utf8', start, end)) as JournalRecord & { readonly crc: string };
  const { seq, epoch, time, kind, v, body } = parsed;
  return { seq, epoch, time, kind, v, body };
}

/** Where the line that starts at `start` ends, its line feed excluded; -1 when it has none. */
export const endOfLine = (bytes: Buffer, start: number): number => bytes.indexOf(LINE_FEED, start);
