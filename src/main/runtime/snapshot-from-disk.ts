import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFold, foldTail, snapshotOf, snapshotsOf, startingPoint } from './load-state.js';
import { runInThread } from './platform/run-in-thread.js';
import { SystemClock } from './platform/system-clock.js';
import { readJournal } from './workspace/journal-open.js';
import { workspaceLayout } from './workspace/layout.js';

/** Which snapshot is wanted: of the state after record `seq`, which is durable. */
export interface SnapshotWish {
  readonly workspaceDir: string;
  readonly copiesDir: string;
  readonly seq: number;
}

/** Folds the newest snapshot and the journal's tail up to `seq` and writes the result; resolves with what was odd, each a sentence. */
export async function snapshotFromDisk({ workspaceDir, copiesDir, seq }: SnapshotWish): Promise<readonly string[]> {
  const clock = new SystemClock();
  const snapshots = snapshotsOf(workspaceDir, clock, copiesDir);
  const { folded, snapshotSeq } = await startingPoint(snapshots);
  const journal = await readJournal(workspaceLayout(workspaceDir).runtime.journal, clock, snapshotSeq);
  const state = await foldTail(folded.seq > seq ? emptyFold() : folded, journal, seq);
  if (state.seq !== seq) throw new Error(`The journal ends at record ${state.seq}, and the snapshot is to be of ${seq}.`);
  return (await snapshots.write(seq, JSON.stringify(snapshotOf(state)))).map(({ message }) => message);
}

/** The program in the sources, and where the bundle has it. */
function programPath(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'snapshot-program.ts'), join(here, '../runtime/snapshot-program.js')].find((path) => existsSync(path));
}

/** As `snapshotFromDisk`, in a thread of its own: nothing waits for it. Rejects with a `ThreadError` where that cannot be done. */
export async function snapshotBeside(wish: SnapshotWish, execArgv?: readonly string[]): Promise<readonly string[]> {
  return (await runInThread(programPath() ?? 'snapshot-program', wish, execArgv)) as readonly string[];
}
