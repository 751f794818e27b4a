import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { emptyState } from '../../shared/domain/state.js';
import type { State } from '../../shared/domain/state.js';
import { commandRecord, foldRecord } from './journal-entry.js';
import type { CommandReceipt, Folded } from './journal-entry.js';
import type { Clock } from './ports/clock.js';
import type { Journal } from './ports/journal.js';
import { loadConfiguration } from './workspace/configuration.js';
import { readJournal } from './workspace/journal-open.js';
import { placeOfRecord } from './workspace/journal-segments.js';
import { workspaceLayout } from './workspace/layout.js';
import { workspaceState } from './workspace/state-folder.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import { SnapshotStore } from './workspace/snapshot-store.js';
import { readTrust } from './workspace/trust.js';
import { SystemClock } from './platform/system-clock.js';
import { whatWouldRun } from './what-would-run.js';

/** Versions of record kinds that this program reads; a newer one stops with a sentence. */
export const maxVersions: Readonly<Record<string, number>> = { [commandRecord.kind]: commandRecord.v, owner: 1 };

/** A folded journal, and what was odd on the way. */
export interface LoadedState {
  readonly folded: Folded;
  /** Record of the snapshot that the fold began with; 0 for none. */
  readonly snapshotSeq: number;
  readonly notices: readonly string[];
}

/** A record of the journal that cannot be applied. What it was folded onto is not usable any more. */
export class PoisonedRecordError extends Error {
  override readonly name = 'PoisonedRecordError';
  readonly seq: number;
  /** What is wrong with it, a sentence. */
  readonly reason: string;

  constructor(seq: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Could not apply record ${seq} of the journal: ${reason}`, { cause });
    this.seq = seq;
    this.reason = reason;
  }
}

/** The first record that cannot be applied, and where it stands. */
export interface PoisonedRecord {
  readonly seq: number;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
  /** A sentence with the next step. */
  readonly message: string;
}

/** A journal as far as it can be folded; a record is accepted as a whole, so nothing of the poisoned one is in it. */
export interface FoldedJournal {
  readonly folded: Folded;
  readonly poison: PoisonedRecord | null;
}

/** Under this id a workspace shows that its journal can be read only in part. */
const poisonProblemId = 'journal-cannot-be-applied';

interface SnapshotShape {
  readonly format: 1;
  readonly state: State;
  readonly receipts: readonly (readonly [string, CommandReceipt])[];
}

/** What a snapshot holds of a fold; read back by `startingPoint`. */
export const snapshotOf = (folded: Folded): SnapshotShape => ({ format: 1, state: folded.state, receipts: [...folded.receipts] });

/** A fold of nothing yet. */
export const emptyFold = (): Folded => ({ state: emptyState(), receipts: new Map(), seq: 0 });

/** The newest usable snapshot as a fold to go on from, or the empty one. */
export async function startingPoint(snapshots: SnapshotStore): Promise<LoadedState> {
  const { snapshot, notices } = await snapshots.newest();
  const shape = snapshot?.state as SnapshotShape | undefined;
  const messages = notices.map(({ message }) => message);
  if (!snapshot || shape?.format !== 1) return { folded: emptyFold(), snapshotSeq: 0, notices: messages };
  return {
    folded: { state: { ...emptyState(), ...shape.state }, receipts: new Map(shape.receipts), seq: snapshot.seq },
    snapshotSeq: snapshot.seq,
    notices: messages,
  };
}

/** Folds the journal's tail, up to record `last`, onto `folded`, in place. Throws a `PoisonedRecordError` at a record that cannot be applied. */
export async function foldTail(folded: Folded, journal: Pick<Journal, 'read'>, last = Number.POSITIVE_INFINITY): Promise<Folded> {
  for await (const record of journal.read(folded.seq)) {
    if (record.seq > last) break;
    try {
      foldRecord(folded, record);
    } catch (error) {
      throw new PoisonedRecordError(record.seq, error);
    }
  }
  return folded;
}

/** Folds the journal in `dir` as far as it can be folded; `begin` makes what it is folded onto, twice where a record cannot be applied. */
export async function foldJournal(begin: () => Promise<Folded>, journal: Pick<Journal, 'read'>, dir: string): Promise<FoldedJournal> {
  try {
    return { folded: await foldTail(await begin(), journal), poison: null };
  } catch (error) {
    if (!(error instanceof PoisonedRecordError)) throw error;
    const { seq, reason } = error;
    const { path, line } = await placeOfRecord(dir, seq);
    const message =
      `Could not apply line ${line} of ${path} (record ${seq} of the journal): ${reason} The workspace is shown as it was before it and ` +
      'takes no changes. Open it with the Muster that wrote it, or run `muster journal repair` to see what a cut before that line would take out.';
    return { folded: await foldTail(await begin(), journal, seq - 1), poison: { seq, path, line, reason, message } };
  }
}

/** A state that is only shown, with what stops its journal among its problems. */
export function shownWith(poison: PoisonedRecord, state: State, at: string): State {
  state.problems[poisonProblemId] = { problemId: poisonProblemId, path: poison.path, reason: poison.message, at };
  return state;
}

/** Where the copies of a workspace's snapshots are. */
export const copiesOf = (places: WorkspaceState): string => join(places.copies, 'snapshots');

/** The snapshot store of a workspace. */
export function snapshotsOf(workspaceDir: string, clock: Clock, copiesDir?: string): SnapshotStore {
  const { runtime } = workspaceLayout(workspaceDir);
  return new SnapshotStore({
    dir: runtime.snapshots,
    archiveDir: runtime.archive,
    clock,
    ...(copiesDir === undefined ? {} : { copiesDir }),
  });
}

/** What was read of a workspace. */
export interface ReadState {
  readonly state: State;
  readonly seq: number;
  readonly notices: readonly string[];
  /** What stopped the reading; null where all was read. */
  readonly poison: PoisonedRecord | null;
}

/** The state of a workspace for reading: takes no lock, changes nothing. Throws a `JournalError` when the journal cannot be read. */
export async function loadState(workspaceDir: string, clock: Clock = new SystemClock()): Promise<ReadState> {
  const snapshots = snapshotsOf(workspaceDir, clock);
  const { journal: dir } = workspaceLayout(workspaceDir).runtime;
  const start = await startingPoint(snapshots);
  const journal = await readJournal(dir, clock, start.snapshotSeq);
  const isAhead = start.folded.seq > journal.lastSeq;
  let first: Folded | null = isAhead ? emptyFold() : start.folded;
  const begin = async (): Promise<Folded> => {
    const from = first ?? (isAhead ? emptyFold() : (await startingPoint(snapshots)).folded);
    first = null;
    return from;
  };
  const { folded, poison } = await foldJournal(begin, journal, dir);
  if (!poison) return { state: folded.state, seq: folded.seq, notices: start.notices, poison };
  const state = shownWith(poison, folded.state, clock.now());
  return { state, seq: folded.seq, notices: [...start.notices, poison.message], poison };
}

/** As `loadState`, for showing only: with the settings and the trust as they are now, and what is wrong with them among the problems. */
export async function lookAtState(workspaceDir: string, clock: Clock): ReturnType<typeof loadState> {
  const loaded = await loadState(workspaceDir, clock);
  const { problems } = loaded.state;
  delete problems['configuration'];
  const reason = await takeSettings(workspaceDir, loaded.state, clock);
  const path = workspaceLayout(workspaceDir).configuration;
  if (reason !== null) problems['configuration'] = { problemId: 'configuration', path, reason, at: clock.now() };
  return loaded;
}

/** The settings may have changed, or been accepted, since a runtime last read them. Returns the sentence on why they cannot be read. */
async function takeSettings(workspaceDir: string, state: State, clock: Clock): Promise<string | null> {
  const read = await loadConfiguration(workspaceDir);
  if (!read.ok) return read.error.message;
  const { configuration } = read.value;
  if (state.isTrusted && isDeepStrictEqual(state.configuration, configuration)) return null;
  try {
    const trust = await readTrust(workspaceState(workspaceDir), await whatWouldRun(workspaceDir, configuration, clock));
    state.configuration = configuration;
    state.isTrusted = trust.kind === 'trusted';
    state.untrustedChanges = trust.kind === 'restricted' ? [...trust.reasons] : [];
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
