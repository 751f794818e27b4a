import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../ports/clock.js';
import { makeFolder, systemFiles } from './durable-files.js';
import { durableReplace } from './durable-replace.js';
import { causeSentence, codeOf } from './file-problem.js';
import type { OwnerRecord } from './owner-record.js';
import { ownerRecordPath, ownerState, ownRecord, parseOwner, readOwner } from './owner-record.js';

/** The workspace is this process's own until it releases it or its lock is taken away. */
export interface Ownership {
  /** One more than that of every owner before. */
  readonly epoch: number;
  /** False once the lock file or the owner record is not ours any more; cheap enough to ask before each write. */
  isStillOwner(): boolean;
  /** Tells clients where this owner answers. */
  publish(address: string | null): Promise<void>;
  /** Gives the workspace up; another may take it at once. */
  release(): Promise<void>;
}

/** What came of asking for a workspace. */
export type AcquireResult =
  | { readonly kind: 'acquired'; readonly ownership: Ownership }
  | {
      /** `stopped`: halted by a signal (SIGSTOP, Ctrl-Z); it keeps the lock and answers nothing. */
      readonly kind: 'owned';
      readonly state: 'running' | 'stopped';
      /** null when the owner has not said yet who it is. */
      readonly owner: OwnerRecord | null;
      /** A sentence for people. */
      readonly message: string;
    };

/** What taking a workspace needs. */
export interface AcquireOptions {
  /** `.teams_runtime`, absolute; made when missing. */
  readonly dir: string;
  readonly clock: Clock;
  /** Where this owner will answer; null when that is not known yet. */
  readonly address: string | null;
  /** Epoch of the journal's last record; asked with the lock in hand. */
  readonly lastJournalEpoch?: () => Promise<number>;
}

/** An owner writes its record just after it took the lock. */
const RECORD_WAITS_MS: readonly number[] = [20, 50, 100, 200];

/** Takes the workspace, or says who has it. A killed owner's lock is free at once, because the kernel holds it. */
export async function acquireOwner(options: AcquireOptions): Promise<AcquireResult> {
  const { dir, clock } = options;
  await makeFolder(dir, systemFiles);
  for (const waitMs of [...RECORD_WAITS_MS, null]) {
    const lock = takeLock(join(dir, 'owner.db'));
    if (lock !== null) return { kind: 'acquired', ownership: await becomeOwner(lock, options) };
    const owner = await readOwner(dir);
    const state = owner === null ? 'gone' : ownerState(owner);
    if (state !== 'gone' || waitMs === null)
      return ownedBy(dir, state === 'gone' ? null : owner, state === 'stopped' ? 'stopped' : 'running');
    await new Promise<void>((resolve) => clock.after(waitMs, resolve));
  }
  return ownedBy(dir, null, 'running');
}

function ownedBy(dir: string, owner: OwnerRecord | null, state: 'running' | 'stopped'): AcquireResult {
  const who = owner === null ? 'another process that has not said who it is' : `process ${owner.pid} on ${owner.host}`;
  const next =
    state === 'stopped'
      ? `That process is stopped; let it go on with \`kill -CONT ${owner?.pid ?? 'PID'}\` or end it.`
      : owner?.address == null
        ? 'Try again in a moment, or end that process.'
        : `End it with Ctrl-C in its terminal or \`kill ${owner.pid}\`, then try again.`;
  return { kind: 'owned', state, owner, message: `Could not open the workspace of ${dir}: it is open in ${who}. ${next}` };
}

interface Lock {
  readonly path: string;
  readonly identity: string;
  readonly database: DatabaseSync;
}

/** The exclusive transaction on the file that the name stands for; null when somebody else holds it. */
function takeLock(path: string): Lock | null {
  const database = beginExclusive(path);
  if (database === null) return null;
  // The file may have been replaced between its opening and its locking: then the name can be locked once more.
  const second = beginExclusive(path);
  const identity = systemFiles.identityOf(path);
  if (second === null && identity !== null) return { path, identity, database };
  second?.close();
  database.close();
  return null;
}

const SQLITE_BUSY = 5;

function beginExclusive(path: string): DatabaseSync | null {
  const database = openDatabase(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY) return null;
    throw lockError(path, error);
  }
}

function openDatabase(path: string): DatabaseSync {
  try {
    // Where nothing can be written SQLite locks nothing either, and says so to nobody.
    accessSync(dirname(path), constants.W_OK);
    return new DatabaseSync(path);
  } catch (error) {
    throw lockError(path, error);
  }
}

/** The workspace cannot be locked by anybody as it is; the message says what stands in the way. */
export class WorkspaceLockError extends Error {
  override readonly name = 'WorkspaceLockError';
}

const lockError = (path: string, error: unknown): WorkspaceLockError =>
  new WorkspaceLockError(
    `Could not lock the workspace with ${path}: ${causeSentence(error)} A workspace must be on a local disk that can be written.`,
    { cause: error },
  );

async function becomeOwner(lock: Lock, options: AcquireOptions): Promise<Ownership> {
  try {
    const before = (await readOwner(options.dir))?.epoch ?? 0;
    const journalEpoch = (await options.lastJournalEpoch?.()) ?? 0;
    const held = new HeldOwnership(lock, options, Math.max(before, journalEpoch) + 1);
    await held.publish(options.address);
    return held;
  } catch (error) {
    lock.database.close();
    throw error;
  }
}

class HeldOwnership implements Ownership {
  readonly epoch: number;
  readonly #lock: Lock;
  readonly #options: AcquireOptions;
  #isReleased = false;
  #address: string | null = null;
  /** Identity, size and times of the record when it was last seen to be ours. */
  #seen = '';

  constructor(lock: Lock, options: AcquireOptions, epoch: number) {
    this.#lock = lock;
    this.#options = options;
    this.epoch = epoch;
  }

  isStillOwner(): boolean {
    if (this.#isReleased || systemFiles.identityOf(this.#lock.path) !== this.#lock.identity) return false;
    return this.#isOurRecord();
  }

  async publish(address: string | null): Promise<void> {
    if (this.#isReleased) throw new Error('Could not publish an address: this owner has given the workspace up. Open it again.');
    const { dir, clock } = this.#options;
    this.#address = address;
    await durableReplace(ownerRecordPath(dir), `${JSON.stringify(ownRecord(address, this.epoch), null, 2)}\n`, { clock, within: dir });
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    const wasOurs = this.isStillOwner();
    if (wasOurs && this.#address !== null) await this.publish(null);
    this.#isReleased = true;
    this.#lock.database.close();
  }

  #isOurRecord(): boolean {
    const path = ownerRecordPath(this.#options.dir);
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) return false;
    const seen = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    if (seen === this.#seen) return true;
    const record = readRecord(path);
    if (record?.epoch !== this.epoch || record.pid !== process.pid) return false;
    this.#seen = seen;
    return true;
  }
}

function readRecord(path: string): OwnerRecord | null {
  try {
    return parseOwner(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
