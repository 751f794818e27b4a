import type { Instant } from '../../../shared/kernel/time.js';

/** One line of the journal. */
export interface JournalRecord {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Grows by one with each owner of the workspace. */
  readonly epoch: number;
  readonly time: Instant;
  readonly kind: string;
  /** Version of the body's shape. */
  readonly v: number;
  readonly body: unknown;
}

/** Why the journal cannot be used; `message` is a sentence with file, line and next step. */
export interface JournalProblem {
  readonly kind: 'damaged' | 'newer-version' | 'cannot-be-written' | 'ownership-lost' | 'unreadable';
  readonly message: string;
  readonly path: string;
  readonly line: number | null;
}

/** What opening found besides the records: a torn last line that was moved aside, a journal that is missing but was copied, … */
export interface JournalNotice {
  readonly kind: 'torn-line-moved' | 'copy-found';
  readonly message: string;
  readonly path: string;
}

/** The durable record of the workspace (rules 1). Appends of one tick, and of the time an fsync takes, share one fsync. */
export interface Journal {
  readonly epoch: number;
  /** Sequence number of the last appended record; 0 when empty. */
  readonly lastSeq: number;
  /** Sequence number up to which records are on disk. */
  readonly durableSeq: number;
  /**
   * Puts a record behind the last one at once, and resolves `durable` after its group's fsync. When writing fails, the file is
   * cut at the last durable byte, every waiting `durable` rejects with a `JournalError` and so does each later append until
   * `reopen`.
   */
  append(entry: { readonly time: Instant; readonly kind: string; readonly v: number; readonly body: unknown }): {
    readonly seq: number;
    readonly durable: Promise<void>;
  };
  /** Records with seq > `after`, in order, from disk. */
  read(after: number): AsyncIterable<JournalRecord>;
  /** After a failed write: opens the file again from disk; throws `JournalError` while it still cannot be written. */
  reopen(): Promise<void>;
  /** Waits for all that was appended. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Content over 16 KB, by its SHA-256. */
export interface BlobStore {
  /** Durable when resolved; writing the same bytes again is free. */
  put(bytes: Uint8Array | string): Promise<string>;
  /** null when missing; throws when the bytes do not have that hash. */
  get(sha256: string): Promise<Buffer | null>;
  has(sha256: string): Promise<boolean>;
}
