import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { Journal, JournalProblem, JournalRecord } from '../ports/journal.js';
import { ActiveSegment } from './active-segment.js';
import type { SegmentFile } from './active-segment.js';
import type { DurableFiles } from './durable-files.js';
import { decodeRecord, endOfLine, isRoom, isSoundLine, RecordBuffer } from './journal-codec.js';
import type { JournalCopies } from './journal-copies.js';
import { cannotBeWritten, JournalError, missingRecord, ownershipLost, unreadableLine } from './journal-error.js';
import { probeWriting, reloadEnd } from './journal-reopen.js';
import { listSegments, segmentName } from './journal-segments.js';

/** Whether this process still owns the workspace. */
export type CheckOwnership = () => boolean | Promise<boolean>;

/** What `openJournal` found and decided. */
export interface FileJournalOptions {
  readonly dir: string;
  readonly epoch: number;
  readonly clock: Clock;
  readonly checkOwnership: CheckOwnership;
  readonly segmentBytes: number;
  readonly files: DurableFiles;
  readonly copies: JournalCopies;
  readonly lastSeq: number;
  /** The file that is appended to; null before the first record. */
  readonly active: SegmentFile | null;
}

interface Group {
  readonly records: RecordBuffer;
  readonly durable: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: JournalError) => void;
  readonly firstSeq: number;
  lastSeq: number;
}

const FIRST_BUFFER_BYTES = 64 * 1024;
const KEPT_BUFFER_BYTES = 4 * 1024 * 1024;

/** The journal in files. States: writing; failed (until `reopen`); closed. */
export class FileJournal implements Journal {
  readonly epoch: number;
  readonly #options: FileJournalOptions;
  #lastSeq: number;
  #durableSeq: number;
  #active: ActiveSegment | null;
  #pending: Group | null = null;
  #inFlight: Group | null = null;
  #isArmed = false;
  #problem: JournalProblem | null = null;
  #isClosed = false;
  #spare: Buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);

  constructor(options: FileJournalOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#lastSeq = options.lastSeq;
    this.#durableSeq = options.lastSeq;
    this.#active = options.active === null ? null : new ActiveSegment(options.active, options.files);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get durableSeq(): number {
    return this.#durableSeq;
  }

  append(entry: Pick<JournalRecord, 'time' | 'kind' | 'v' | 'body'>): { readonly seq: number; readonly durable: Promise<void> } {
    const seq = this.#lastSeq + 1;
    if (this.#problem !== null) return { seq, durable: observed(Promise.reject(new JournalError(this.#problem))) };
    const { time, kind, v, body } = entry;
    const group = this.#pending ?? newGroup(this.#takeSpare(), seq);
    group.records.add({ seq, epoch: this.epoch, time, kind, v, body }, group.firstSeq);
    group.lastSeq = seq;
    this.#pending = group;
    this.#lastSeq = seq;
    this.#arm();
    return { seq, durable: group.durable };
  }

  async *read(after: number): AsyncGenerator<JournalRecord, void, void> {
    const until = this.#durableSeq;
    if (until <= after) return;
    const segments = await listSegments(this.#options.dir);
    let expected = after + 1;
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.firstSeq <= expected) continue;
      if (segment.firstSeq > until) break;
      const bytes = await readFile(segment.path);
      let offset = 0;
      for (let seq = segment.firstSeq; seq <= until && offset < bytes.length && !isRoom(bytes, offset); seq += 1) {
        const end = endOfLine(bytes, offset);
        if (end === -1 || !isSoundLine(bytes, offset, end)) throw unreadableLine(segment.path, seq - segment.firstSeq + 1);
        if (seq >= expected) {
          const record = decodeRecord(bytes, offset, end);
          if (record.seq !== seq) throw missingRecord(segment.path, seq);
          yield record;
          expected = seq + 1;
        }
        offset = end + 1;
      }
    }
    if (expected <= until) throw missingRecord(this.#options.dir, expected);
  }

  /** As if a write had failed with this code of the system: the disk is known to take no more, whatever room is left here. */
  async stopWriting(code: 'ENOSPC'): Promise<void> {
    await this.#settled();
    if (this.#problem === null && !this.#isClosed) await this.#fail(Object.assign(new Error(code), { code }), null);
  }

  async reopen(): Promise<void> {
    await this.drain();
    const problem = this.#problem;
    if (problem === null) return;
    if (this.#isClosed || !(await this.#options.checkOwnership()))
      throw new JournalError(this.#isClosed ? problem : ownershipLost(problem.path));
    const { dir, files } = this.#options;
    await probeWriting(dir, files);
    if (this.#active !== null) {
      await reloadEnd(this.#active.path, this.#active.sizeBytes, this.#durableSeq, files);
      this.#active.wasCut();
    }
    this.#lastSeq = this.#durableSeq;
    this.#problem = null;
  }

  /** Also waits for the copies of sealed segments. */
  async drain(): Promise<void> {
    await this.#settled();
    await this.#options.copies.drain();
  }

  /** Nothing is pending or being written when the caller goes on. */
  async #settled(): Promise<void> {
    for (let group = this.#inFlight ?? this.#pending; group !== null; group = this.#inFlight ?? this.#pending) {
      await group.durable.then(ignore, ignore);
      // `#fail` rejects last, and a group that went well leaves `#inFlight` before it resolves.
    }
  }

  /** Copies the segment that is being written, as far as it is durable, to the copies folder; resolves when the copy is durable. */
  async copySoFar(): Promise<void> {
    // What a lost owner holds may be older than what the new one has copied.
    if (this.#active !== null && this.#problem?.kind !== 'ownership-lost')
      this.#options.copies.add(this.#active.path, this.#active.sizeBytes);
    await this.#options.copies.drain();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const path = this.#active?.path ?? this.#options.dir;
    const message = `Could not write the journal in ${this.#options.dir}: it has been closed. Open the workspace again.`;
    const { kind } = (this.#problem ??= { kind: 'cannot-be-written', message, path, line: null });
    await this.drain();
    await this.copySoFar();
    if (kind === 'ownership-lost') await this.#active?.close();
    else await this.#active?.seal();
  }

  #arm(): void {
    if (this.#isArmed || this.#inFlight !== null) return;
    this.#isArmed = true;
    // After the tick, so that everybody whom the last fsync woke comes along.
    setImmediate(() => {
      this.#isArmed = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const group = this.#pending;
    if (group === null || this.#inFlight !== null) return;
    this.#pending = null;
    this.#inFlight = group;
    try {
      await this.#commit(group);
    } catch (error) {
      await this.#fail(error, group);
      return;
    }
    this.#durableSeq = group.lastSeq;
    this.#inFlight = null;
    if (group.records.bytes.length <= KEPT_BUFFER_BYTES) this.#spare = group.records.bytes;
    group.resolve();
    if (this.#pending !== null) this.#arm();
  }

  async #commit(group: Group): Promise<void> {
    const { clock, checkOwnership } = this.#options;
    const isOurs = checkOwnership();
    if (!(typeof isOurs === 'boolean' ? isOurs : await isOurs))
      throw new JournalError(ownershipLost(this.#active?.path ?? this.#options.dir));
    const { bytes, length } = group.records;
    const full = this.#active;
    const segment = full !== null && full.sizeBytes < this.#options.segmentBytes ? full : await this.#nextSegment(group);
    await segment.append(bytes, length, clock);
  }

  /** A new segment, where there is none or the last is full, which is sealed then. */
  async #nextSegment(group: Group): Promise<ActiveSegment> {
    const { dir, files, copies } = this.#options;
    const full = this.#active;
    const first = this.#durableSeq + 1;
    const segment = await ActiveSegment.create(join(dir, segmentName(first)), files, full);
    this.#active = segment;
    if (full !== null) {
      copies.add(full.path, full.sizeBytes);
      await full.seal();
    } else if (group.lastSeq >= 1 && first === 1) {
      await copies.beginAnew();
    }
    await files.syncFolder(dir);
    return segment;
  }

  /** Nothing is tried again on this descriptor: after a failed fsync the system may have dropped the very pages it could not write. */
  async #fail(error: unknown, group: Group | null): Promise<void> {
    const path = this.#active?.path ?? this.#options.dir;
    const problem = error instanceof JournalError ? error.problem : cannotBeWritten(path, error);
    const refused = [group, this.#pending];
    this.#problem = problem;
    this.#pending = null;
    this.#lastSeq = this.#durableSeq;
    if (problem.kind !== 'ownership-lost') await this.#active?.cut();
    await this.#active?.close();
    this.#inFlight = null;
    const rejection = new JournalError(problem, error);
    for (const each of refused) each?.reject(rejection);
  }

  #takeSpare(): Buffer {
    const spare = this.#spare;
    // The group that is being written keeps its own buffer until it is done.
    this.#spare = EMPTY;
    return spare.length === 0 ? Buffer.allocUnsafe(FIRST_BUFFER_BYTES) : spare;
  }
}

const EMPTY = Buffer.alloc(0);

/** For failures that have been told, or do not matter any more. */
const ignore = (): void => undefined;

/** Callers may wait or not: one who does not must not bring the process down. */
function observed(promise: Promise<void>): Promise<void> {
  promise.catch(ignore);
  return promise;
}

function newGroup(buffer: Buffer, firstSeq: number): Group {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return { records: new RecordBuffer(buffer), durable: observed(promise), resolve: () => resolve(undefined), reject, firstSeq, lastSeq: 0 };
}
