import { join } from 'node:path';
import { emptyState } from '../../shared/domain/state.js';
import type { State } from '../../shared/domain/state.js';
import { commandRecord, foldRecord } from './journal-entry.js';
import type { CommandReceipt, Folded } from './journal-entry.js';
import type { Clock } from './ports/clock.js';
import type { Journal } from './ports/journal.js';
import { loadConfiguration } from './workspace/configuration.js';
import { readJournal } from './workspace/journal-open.js';
import { workspaceLayout } from './workspace/layout.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import { SnapshotStore } from './workspace/snapshot-store.js';
import { SystemClock } from './platform/system-clock.js';

/** Versions of record kinds that this program reads; a newer one stops with a sentence. */
export const maxVersions: Readonly<Record<string, number>> = { [commandRecord.kind]: commandRecord.v, owner: 1 };

/** A folded journal, and what was odd on the way. */
export interface LoadedState {
  readonly folded: Folded;
  /** Record of the snapshot that the fold began with; 0 for none. */
  readonly snapshotSeq: number;
  readonly notices: readonly string[];
}

/** An event in the journal that cannot be applied: the state before it is sound and is all that is shown. */
export class PoisonedRecordError extends Error {
  readonly folded: Folded;
  readonly seq: number;

  constructor(folded: Folded, seq: number, cause: unknown) {
    super(
      `Could not apply record ${seq} of the journal: ${cause instanceof Error ? cause.message : String(cause)} The workspace is shown as it was before it and takes no changes. Run \`muster journal repair\`, or open it with the Muster that wrote it.`,
      { cause },
    );
    this.name = 'PoisonedRecordError';
    this.folded = folded;
    this.seq = seq;
  }
}

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

/** Folds the journal's tail onto `folded`, in place. Throws a `PoisonedRecordError` at an event that cannot be applied. */
export async function foldTail(folded: Folded, journal: Pick<Journal, 'read'>): Promise<Folded> {
  for await (const record of journal.read(folded.seq)) {
    const before = folded.seq;
    try {
      foldRecord(folded, record);
    } catch (error) {
      folded.seq = before;
      throw new PoisonedRecordError(folded, record.seq, error);
    }
  }
  return folded;
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

/** The state of a workspace for reading: takes no lock, changes nothing. Throws a `JournalError` when the journal cannot be read. */
export async function loadState(
  workspaceDir: string,
  clock: Clock = new SystemClock(),
): Promise<{ readonly state: State; readonly seq: number; readonly notices: readonly string[] }> {
  const start = await startingPoint(snapshotsOf(workspaceDir, clock));
  const journal = await readJournal(workspaceLayout(workspaceDir).runtime.journal, clock, start.snapshotSeq);
  const isAhead = start.folded.seq > journal.lastSeq;
  const from = isAhead ? emptyFold() : start.folded;
  try {
    const folded = await foldTail(from, journal);
    return { state: folded.state, seq: folded.seq, notices: start.notices };
  } catch (error) {
    if (!(error instanceof PoisonedRecordError)) throw error;
    return { state: error.folded.state, seq: error.folded.seq, notices: [...start.notices, error.message] };
  }
}

/** As `loadState`, for showing only: with what is wrong with the settings now among the problems. */
export async function lookAtState(workspaceDir: string, clock: Clock): ReturnType<typeof loadState> {
  const loaded = await loadState(workspaceDir, clock);
  const { problems } = loaded.state;
  delete problems['configuration'];
  const configuration = await loadConfiguration(workspaceDir);
  if (configuration.ok) return loaded;
  const path = workspaceLayout(workspaceDir).configuration;
  problems['configuration'] = { problemId: 'configuration', path, reason: configuration.error.message, at: clock.now() };
  return loaded;
}
