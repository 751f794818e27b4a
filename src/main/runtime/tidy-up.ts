import { roster } from '../../shared/domain/roster.js';
import type { Instant } from '../../shared/kernel/time.js';
import type { Clock } from './ports/clock.js';
import type { GitRepository } from './ports/git-repository.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import { sweepHalves } from './workspace/sweep-halves.js';

const dayMs = 86_400_000;

interface Untidy {
  readonly layout: WorkspaceLayout;
  readonly places: WorkspaceState;
  readonly clock: Clock;
  /** null: there is no repository. */
  readonly git: GitRepository | null;
  /** Of this owner: what is older was left by an earlier one. */
  readonly startedAt: Instant;
  /** Checkpoints stay so long. */
  readonly checkpointDays: number;
  readonly log: (line: string) => void;
}

/** Removes what earlier owners left and nobody needs: old checkpoints (rules 4), halves of files. Never rejects. */
export const tidyUp = (untidy: Untidy): Promise<unknown> => Promise.all([deleteCheckpoints(untidy), removeHalves(untidy)]);

async function deleteCheckpoints({ git, clock, log, checkpointDays }: Untidy): Promise<void> {
  const oldest = new Date(Date.parse(clock.now()) - checkpointDays * dayMs).toISOString();
  await git?.deleteCheckpoints(oldest).then(
    (count) => count > 0 && log(`${count} checkpoints of more than ${checkpointDays} days ago were removed.`),
    (error: unknown) => log(`Could not remove old checkpoints: ${error instanceof Error ? error.message : String(error)}`),
  );
}

async function removeHalves({ layout, places: state, startedAt, log }: Untidy): Promise<void> {
  const roles = roster.map(({ role }) => layout.role.folder(role));
  const places = { trees: [layout.runtime.root, layout.shared.root, state.copies, ...roles], folders: [layout.root, state.root] };
  // File times come from a clock that runs some milliseconds behind.
  const since = new Date(Date.parse(startedAt) - 50).toISOString();
  await sweepHalves(places, since).catch((error: unknown) =>
    log(`Could not remove halves of files: ${error instanceof Error ? error.message : String(error)}`),
  );
}
