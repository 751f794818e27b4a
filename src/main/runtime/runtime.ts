import { WorkspaceRuntime } from './workspace-runtime.js';
import type { OpenParts, OpenRuntimeOptions } from './runtime-parts.js';
import { headWatch } from './head-watch.js';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../shared/kernel/result.js';
import { err, ok } from '../../shared/kernel/result.js';

import { CommitLoop } from './commit-loop.js';

import type { Folded } from './journal-entry.js';
import { openGitRepository } from './git/git-repository-adapter.js';
import { copiesOf, emptyFold, foldJournal, foldTail, maxVersions, shownWith, snapshotsOf, startingPoint } from './load-state.js';

import { RandomIds } from './platform/random-ids.js';
import { readOnlyRuntime } from './read-only-runtime.js';
import { SystemClock } from './platform/system-clock.js';

import type { OpenProblem, Runtime } from './runtime-api.js';

import { FileBlobStore } from './workspace/blob-store.js';
import { loadConfiguration } from './workspace/configuration.js';
import { isWorkspace, projectRoot } from './workspace/find-workspace.js';

import { JournalError } from './workspace/journal-error.js';
import { lastJournalEpoch, openJournal } from './workspace/journal-open.js';
import { workspaceLayout } from './workspace/layout.js';

import { acquireOwner, WorkspaceLockError } from './workspace/owner-lock.js';

import { ReserveFile } from './workspace/reserve-file.js';

import { WorkspaceFiles } from './workspace-files.js';
import { workspaceState } from './workspace/state-folder.js';

/** Opens a workspace as its one owner, or says who or what is in the way. */
export async function openRuntime(options: OpenRuntimeOptions): Promise<Result<Runtime, OpenProblem>> {
  const { workspaceDir } = options;
  if (!isWorkspace(workspaceDir))
    return err({
      kind: 'no-workspace',
      message: `${workspaceDir} is no workspace: team_runtime.yaml or discord_agents_config.yaml is missing. Make one with \`muster init\`.`,
    });
  const loaded = await loadConfiguration(workspaceDir);
  if (!loaded.ok) return err({ kind: 'configuration', message: loaded.error.message });
  const systemClock = new SystemClock();
  const clock = options.seams?.clock?.(systemClock) ?? systemClock;
  const layout = workspaceLayout(workspaceDir);
  const acquired = await acquireOwner({
    dir: layout.runtime.root,
    clock,
    address: options.address ?? null,
    lastJournalEpoch: () => lastJournalEpoch(layout.runtime.journal),
  }).catch((error: unknown) => {
    if (error instanceof WorkspaceLockError) return error;
    throw error;
  });
  if (acquired instanceof WorkspaceLockError) return err({ kind: 'unreadable', message: acquired.message });
  if (acquired.kind === 'owned') {
    const address = acquired.owner?.address;
    return err({
      kind: acquired.state === 'stopped' ? 'owner-stopped' : 'owned',
      message: acquired.message,
      ...(address ? { address } : {}),
    });
  }
  try {
    return await openOwned({
      options,
      layout,
      clock,
      ownership: acquired.ownership,
      configuration: loaded.value.configuration,
    });
  } catch (error) {
    await acquired.ownership.release();
    if (error instanceof JournalError) return err({ kind: 'damaged', message: error.message });
    throw error;
  }
}

async function openOwned(open: OpenParts): Promise<Result<Runtime, OpenProblem>> {
  const { layout, clock, ownership, options, configuration } = open;
  const places = workspaceState(layout.root);
  const copiesDir = join(places.copies, 'journal');
  const snapshots = snapshotsOf(layout.root, clock, copiesOf(places));
  const start = await startingPoint(snapshots);
  const { journal, notices } = await openJournal({
    dir: layout.runtime.journal,
    epoch: ownership.epoch,
    clock,
    checkOwnership: () => ownership.isStillOwner(),
    copiesDir,
    trustedSeq: start.snapshotSeq,
    maxVersions,
  });
  const lost = notices.find(({ kind }) => kind === 'copy-found');
  if (lost && options.withoutCopies !== true) {
    await journal.close();
    await ownership.release();
    return err({ kind: 'copy-found', message: lost.message });
  }
  const log = options.onLog ?? (() => undefined);
  for (const { message } of notices) log(message);
  for (const message of start.notices) log(message);
  const isAhead = start.snapshotSeq > journal.lastSeq;
  const begin = async (): Promise<Folded> => (isAhead ? emptyFold() : (await startingPoint(snapshots)).folded);
  const { folded, poison } = await foldJournal(begin, journal, layout.runtime.journal);
  if (poison) {
    // Nobody needs the lock to read; who mends the journal does.
    await journal.close();
    await ownership.release();
    const { message } = poison;
    const readOnly = readOnlyRuntime(layout.root, shownWith(poison, folded.state, clock.now()), clock, message);
    return err({ kind: 'damaged', message, readOnly });
  }
  const { durable } = journal.append({ time: clock.now(), kind: 'owner', v: 1, body: { pid: process.pid, host: hostname() } });
  await durable;
  folded.seq = journal.lastSeq;
  const blobs = new FileBlobStore({ dir: layout.runtime.blobs, clock });
  const reserve = new ReserveFile({ dir: layout.runtime.journal });
  const projectDir = projectRoot(layout.root, configuration.project);
  const git = openGitRepository({ projectPath: projectDir, clock, emptyHooksDir: join(places.root, 'no-hooks') });
  const problem = { report: (_message: string): void => undefined };
  const loop = new CommitLoop({
    journal,
    folded,
    reload: async () => foldTail(await begin(), journal),
    clock,
    ids: new RandomIds(),
    onWriteProblem: (message) => problem.report(message),
  });
  const edited = { tell: (): void => undefined };
  const files = await WorkspaceFiles.open({
    layout,
    loop,
    journal,
    blobs,
    clock,
    ids: new RandomIds(),
    isOurs: () => ownership.isStillOwner(),
    onConfigurationEdit: () => edited.tell(),
    headMovedOutside: headWatch(git, projectDir, layout.root, () => loop.state),
  });
  const runtime = new WorkspaceRuntime(
    { ...open, places, projectDir, journal, snapshots, blobs, git, loop, files, reserve },
    start.snapshotSeq,
  );
  const told = (task: Promise<unknown>): void => void task.catch((error: unknown) => log(String(error)));
  problem.report = (message) => told(runtime.onWriteProblem(message));
  edited.tell = () => runtime.configurationEdited();
  await runtime.afterOpen(notices.map(({ message, path }) => ({ message, path })));
  return ok(runtime);
}
