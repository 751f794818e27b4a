import type { Clock } from '../ports/clock.js';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { writeAll } from './durable-files.js';
import { JournalError, ownershipLost } from './journal-error.js';
import { SyncPace } from './sync-pace.js';

/** Most that is written ahead at a time. */
const MOST_ROOM_BYTES = 1024 * 1024;

/** Line feeds: a reader takes them for empty lines, and a record that was cut off in front of them still ends somewhere. */
const ROOM = Buffer.alloc(MOST_ROOM_BYTES, 0x0a);

/** A file of the journal as far as it is known. */
export interface SegmentFile {
  readonly path: string;
  /** End of the last record. */
  readonly sizeBytes: number;
  /** Size of the file; what stands between is room, line feeds that were written ahead. */
  readonly endBytes: number;
}

/**
 * The file that the journal appends to. Behind its last record it has room that is on the disk already: an fsync that changes neither the
 * file's size nor where it lies takes about half the time. The room grows with what was written through this object, so that a process
 * that appends one record leaves none.
 */
export class ActiveSegment {
  readonly path: string;
  readonly #files: DurableFiles;
  readonly #pace = new SyncPace();
  #file: DurableFile | null = null;
  #sizeBytes: number;
  #endBytes: number;
  #written = 0;

  constructor(known: SegmentFile, files: DurableFiles) {
    this.path = known.path;
    this.#sizeBytes = known.sizeBytes;
    this.#endBytes = known.endBytes;
    this.#files = files;
  }

  /** A new file; its folder is not synced. `after`: the segment that it follows, whose pace it takes over. */
  static async create(path: string, files: DurableFiles, after: ActiveSegment | null): Promise<ActiveSegment> {
    const file = await files.open(path, 'create');
    const segment = new ActiveSegment({ path, sizeBytes: 0, endBytes: 0 }, files);
    segment.#file = file;
    if (after !== null) segment.#written = after.#written;
    return segment;
  }

  /** Bytes of records that are on the disk. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Puts bytes behind the last record and onto the disk. Throws a `JournalError` when the file is not the one that was opened. */
  async append(bytes: Uint8Array, length: number, clock: Clock): Promise<void> {
    const file = (this.#file ??= await this.#open());
    if (!file.isStillThere()) throw new JournalError(ownershipLost(this.path));
    const startMs = clock.monotonicMs();
    const needed = this.#sizeBytes + length;
    await writeAll(file, bytes, length, this.#sizeBytes);
    if (needed > this.#endBytes) {
      this.#endBytes = needed;
      await this.#makeRoom(file);
    }
    const isSynced = this.#pace.mayHoldUp ? file.sync('at-once') : file.sync();
    if (isSynced !== undefined) await isSynced;
    this.#pace.took(clock.monotonicMs() - startMs);
    this.#sizeBytes = needed;
    this.#written += length;
  }

  /** Takes the room away, for a file that is not appended to any more, and closes it. Never rejects: room is no harm. */
  async seal(): Promise<void> {
    if (this.#endBytes > this.#sizeBytes) await this.cut();
    await this.close();
  }

  /** Cuts the file behind the last record, if it is open and lets itself be cut. */
  async cut(): Promise<void> {
    await this.#file?.truncate(this.#sizeBytes).catch(ignore);
  }

  /** Says that the file was cut behind its last record by others. */
  wasCut(): void {
    this.#endBytes = this.#sizeBytes;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(ignore);
  }

  /** A disk that has no place for room has place for records, maybe: what cannot be written ahead is not. */
  async #makeRoom(file: DurableFile): Promise<void> {
    const length = Math.min(this.#written, MOST_ROOM_BYTES);
    if (length === 0) return;
    try {
      this.#endBytes += await file.write(ROOM, 0, length, this.#endBytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }

  async #open(): Promise<DurableFile> {
    const file = await this.#files.open(this.path, 'existing');
    if (file.sizeBytes === this.#endBytes) return file;
    await file.close();
    throw new JournalError(ownershipLost(this.path));
  }
}

/** For failures that do not matter any more. */
const ignore = (): void => undefined;
