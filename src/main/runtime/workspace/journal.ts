import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { Journal, JournalProblem, JournalRecord } from '../ports/journal.js';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { writeAll } from './durable-files.js';
import { decodeRecord, endOfLine, isSoundLine, RecordBuffer } from './journal-codec.js';
import type { JournalCopies } from './journal-copies.js';
import { cannotBeWritten, JournalError, missingRecord, ownershipLost, unreadableLine } from './journal-error.js';
import { probeWriting, reloadEnd } from './journal-reopen.js';
import { listSegments, segmentName } from './journal-segments.js';
import { SyncPace } from './sync-pace.js';

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
  readonly active: { readonly path: string; readonly sizeBytes: number } | null;
}

interface ActiveSegment {
  readonly path: string;
  /** null until it is first written to. */
  file: DurableFile | null;
  /** Bytes that are on the disk. */
  sizeBytes: number;
}

interface Group {
  readonly records: RecordBuffer;
  readonly durable: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: JournalError) => void;
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
  readonly #pace = new SyncPace();
  #spare: Buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);

  constructor(options: FileJournalOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#lastSeq = options.lastSeq;
    this.#durableSeq = options.lastSeq;
    this.#active = options.active === null ? null : { ...options.active, file: null };
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
    const group = this.#pending ?? newGroup(this.#takeSpare());
    group.records.add({ seq, epoch: this.epoch, time, kind, v, body });
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
      for (let seq = segment.firstSeq; seq <= until && offset < bytes.length; seq += 1) {
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

  async reopen(): Promise<void> {
    await this.drain();
    const problem = this.#problem;
    if (problem === null) return;
    if (this.#isClosed || !(await this.#options.checkOwnership()))
      throw new JournalError(this.#isClosed ? problem : ownershipLost(problem.path));
    const { dir, files } = this.#options;
    await probeWriting(dir, files);
    if (this.#active !== null) await reloadEnd(this.#active.path, this.#active.sizeBytes, this.#durableSeq, files);
    this.#lastSeq = this.#durableSeq;
    this.#problem = null;
  }

  /** Also waits for the copies of sealed segments. */
  async drain(): Promise<void> {
    for (let group = this.#inFlight ?? this.#pending; group !== null; group = this.#inFlight ?? this.#pending) {
      await group.durable.then(ignore, ignore);
      // `#fail` rejects last, and a group that went well leaves `#inFlight` before it resolves.
    }
    await this.#options.copies.drain();
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
    this.#problem ??= { kind: 'cannot-be-written', message, path, line: null };
    await this.drain();
    await this.copySoFar();
    await this.#closeActive();
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
    const { files, clock, checkOwnership } = this.#options;
    const isOurs = checkOwnership();
    if (!(typeof isOurs === 'boolean' ? isOurs : await isOurs))
      throw new JournalError(ownershipLost(this.#active?.path ?? this.#options.dir));
    const segment = await this.#segmentFor(group);
    const file = (segment.file ??= await this.#openExisting(segment));
    if (files.identityOf(segment.path) !== file.identity) throw new JournalError(ownershipLost(segment.path));
    const { bytes, length } = group.records;
    const startMs = clock.monotonicMs();
    await writeAll(file, bytes, length, segment.sizeBytes);
    const isSynced = this.#pace.mayHoldUp ? file.sync('at-once') : file.sync();
    if (isSynced !== undefined) await isSynced;
    this.#pace.took(clock.monotonicMs() - startMs);
    segment.sizeBytes += length;
  }

  /** The active segment, or a new one when there is none or it is full. */
  async #segmentFor(group: Group): Promise<ActiveSegment> {
    const { dir, files, segmentBytes, copies } = this.#options;
    const full = this.#active;
    if (full !== null && full.sizeBytes < segmentBytes) return full;
    const first = this.#durableSeq + 1;
    const path = join(dir, segmentName(first));
    const file = await files.open(path, 'create');
    const segment = { path, file, sizeBytes: 0 };
    this.#active = segment;
    if (full !== null) {
      copies.add(full.path, full.sizeBytes);
      await full.file?.close();
    } else if (group.lastSeq >= 1 && first === 1) {
      await copies.beginAnew();
    }
    await files.syncFolder(dir);
    return segment;
  }

  async #openExisting(segment: ActiveSegment): Promise<DurableFile> {
    const file = await this.#options.files.open(segment.path, 'existing');
    if (file.sizeBytes === segment.sizeBytes) return file;
    await file.close();
    throw new JournalError(ownershipLost(segment.path));
  }

  /** Nothing is tried again on this descriptor: after a failed fsync the system may have dropped the very pages it could not write. */
  async #fail(error: unknown, group: Group): Promise<void> {
    const path = this.#active?.path ?? this.#options.dir;
    const problem = error instanceof JournalError ? error.problem : cannotBeWritten(path, error);
    const refused = [group, this.#pending];
    this.#problem = problem;
    this.#pending = null;
    this.#lastSeq = this.#durableSeq;
    if (problem.kind !== 'ownership-lost') await this.#cutActive();
    await this.#closeActive();
    this.#inFlight = null;
    const rejection = new JournalError(problem, error);
    for (const each of refused) each?.reject(rejection);
  }

  async #cutActive(): Promise<void> {
    const segment = this.#active;
    if (segment?.file) await segment.file.truncate(segment.sizeBytes).catch(ignore);
  }

  async #closeActive(): Promise<void> {
    const file = this.#active?.file;
    if (this.#active !== null) this.#active.file = null;
    if (file) await file.close().catch(ignore);
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

function newGroup(buffer: Buffer): Group {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return { records: new RecordBuffer(buffer), durable: observed(promise), resolve: () => resolve(undefined), reject, lastSeq: 0 };
}
