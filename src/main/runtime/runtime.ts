import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../shared/kernel/result.js';
import { err, ok } from '../../shared/kernel/result.js';
import { executingFields } from '../../shared/domain/configuration.js';
import type { Configuration } from '../../shared/domain/configuration.js';
import { upcastEvent } from '../../shared/domain/upcast.js';
import type { Refusal } from '../../shared/domain/vocabulary.js';
import { CommitLoop } from './commit-loop.js';
import type { Committed } from './commit-loop.js';
import { composeServices, configurationHash } from './compose-services.js';
import type { Seams, Services } from './compose-services.js';
import { EffectWorker } from './effect-worker.js';
import { commandRecord } from './journal-entry.js';
import type { CommandEntry, Folded } from './journal-entry.js';
import { openGitRepository } from './git/git-repository-adapter.js';
import { emptyFold, foldTail, maxVersions, PoisonedRecordError, snapshotOf, snapshotsOf, startingPoint } from './load-state.js';
import { Lanes } from './platform/lane.js';
import { RandomIds } from './platform/random-ids.js';
import { SystemClock } from './platform/system-clock.js';
import type { Clock } from './ports/clock.js';
import type { GitRepository } from './ports/git-repository.js';
import type { TurnActivity } from './ports/runner.js';
import { verifyHash } from './receipts/verify-hash.js';
import type { Accepted, CommandOrigin, Delta, OpenProblem, Runtime, SprintKickoff } from './runtime-api.js';
import { sprintTerms } from './sprint-terms.js';
import { FileBlobStore } from './workspace/blob-store.js';
import { loadConfiguration } from './workspace/configuration.js';
import { isWorkspace, projectRoot } from './workspace/find-workspace.js';
import { FileJournal } from './workspace/journal.js';
import { JournalError } from './workspace/journal-error.js';
import { lastJournalEpoch, openJournal } from './workspace/journal-open.js';
import { workspaceLayout } from './workspace/layout.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import { acquireOwner } from './workspace/owner-lock.js';
import type { Ownership } from './workspace/owner-lock.js';
import { ProjectedLog } from './workspace/projected-log.js';
import { ProjectionWriter } from './workspace/projection-writer.js';
import { createProjector } from './workspace/projector.js';
import type { Projector } from './workspace/projector.js';
import { ReserveFile } from './workspace/reserve-file.js';
import type { SnapshotStore } from './workspace/snapshot-store.js';
import { workspaceState } from './workspace/state-folder.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import { readTrust } from './workspace/trust.js';

/** How a workspace is opened. */
export interface OpenRuntimeOptions {
  readonly workspaceDir: string;
  /** false: commands are accepted and projected, effects are left to the next start that works. */
  readonly work: boolean;
  readonly onLog?: (line: string) => void;
  /** Where clients reach this owner; told in `owner.json`. */
  readonly address?: string | null;
  /** 1: rehearsals take as long as they say; 0: no waiting. */
  readonly rehearsalSpeed?: number;
  readonly seams?: Seams;
  /** Goes on without a journal although copies of one are known for this path; they are kept aside. */
  readonly withoutCopies?: boolean;
}

/** Records after which a snapshot is written, so that a start reads little. */
const snapshotEvery = 2_000;

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
  const clock = new SystemClock();
  const layout = workspaceLayout(workspaceDir);
  const acquired = await acquireOwner({
    dir: layout.runtime.root,
    clock,
    address: options.address ?? null,
    lastJournalEpoch: () => lastJournalEpoch(layout.runtime.journal),
  });
  if (acquired.kind === 'owned') {
    const address = acquired.owner?.address;
    return err({
      kind: acquired.state === 'stopped' ? 'owner-stopped' : 'owned',
      message: acquired.message,
      ...(address ? { address } : {}),
    });
  }
  try {
    return await WorkspaceRuntime.open({
      options,
      layout,
      clock,
      ownership: acquired.ownership,
      configuration: loaded.value.configuration,
    });
  } catch (error) {
    await acquired.ownership.release();
    if (error instanceof JournalError || error instanceof PoisonedRecordError) return err({ kind: 'damaged', message: error.message });
    throw error;
  }
}

interface OpenParts {
  readonly options: OpenRuntimeOptions;
  readonly layout: WorkspaceLayout;
  readonly clock: Clock;
  readonly ownership: Ownership;
  readonly configuration: Configuration;
}

interface Parts extends OpenParts {
  readonly places: WorkspaceState;
  readonly projectDir: string;
  readonly journal: FileJournal;
  readonly snapshots: SnapshotStore;
  readonly blobs: FileBlobStore;
  readonly git: GitRepository;
  readonly loop: CommitLoop;
  readonly projector: Projector;
  readonly reserve: ReserveFile;
}

/** A workspace at work; states: open, started, stopped. */
class WorkspaceRuntime implements Runtime {
  readonly #parts: Parts;
  readonly #deltaListeners = new Set<(delta: Delta) => void>();
  readonly #activityListeners = new Set<(activity: TurnActivity) => void>();
  #services: Services | null = null;
  #worker: EffectWorker | null = null;
  #lastSnapshot: number;
  #snapshotting: Promise<void> = Promise.resolve();
  #isStopped = false;

  private constructor(parts: Parts, snapshotSeq: number) {
    this.#parts = parts;
    this.#lastSnapshot = snapshotSeq;
    parts.loop.subscribe((committed) => this.#committed(committed));
  }

  static async open(open: OpenParts): Promise<Result<Runtime, OpenProblem>> {
    const { layout, clock, ownership, options, configuration } = open;
    const places = workspaceState(layout.root);
    const copiesDir = join(places.copies, 'journal');
    const snapshots = snapshotsOf(layout.root, clock, join(places.copies, 'snapshots'));
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
    const begin = async (): Promise<Folded> => foldTail(isAhead ? emptyFold() : (await startingPoint(snapshots)).folded, journal);
    const folded = await begin();
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
      reload: begin,
      clock,
      ids: new RandomIds(),
      onWriteProblem: (message) => problem.report(message),
    });
    const projector = createProjector({
      workspaceDir: layout.root,
      blobs,
      clock,
      state: () => loop.state,
      writer: new ProjectionWriter(layout.root),
      log: await ProjectedLog.open({ path: layout.runtime.projectedLog, clock }),
      deltasAfter: (seq) => deltasAfter(journal, seq),
      report: (found) =>
        void loop.tell(
          found.reason === '' ? { type: 'clear-problem', problemId: found.problemId } : { type: 'report-problem', problem: found },
        ),
    });
    const runtime = new WorkspaceRuntime(
      { ...open, places, projectDir, journal, snapshots, blobs, git, loop, projector, reserve },
      start.snapshotSeq,
    );
    problem.report = (message) => void runtime.#onWriteProblem(message);
    await runtime.#afterOpen(notices.map(({ message, path }) => ({ message, path })));
    return ok(runtime);
  }

  get workspaceDir(): string {
    return this.#parts.layout.root;
  }

  get projectDir(): string {
    return this.#parts.projectDir;
  }

  get epoch(): number {
    return this.#parts.ownership.epoch;
  }

  state = () => this.#parts.loop.state;

  dispatch(...[command, origin]: Parameters<Runtime['dispatch']>): Promise<Result<Accepted, Refusal>> {
    return this.#parts.loop.dispatch(command, origin);
  }

  async startSprint(kickoff: SprintKickoff, origin: CommandOrigin): Promise<Result<Accepted, Refusal>> {
    const configuration = await this.#loadConfiguration();
    if (!configuration.ok) return err({ id: 'bad-input', message: configuration.error });
    const facts = await this.#parts.git.inspect();
    const terms = await sprintTerms(facts, facts.kind === 'repository' ? this.#parts.git : null, configuration.value, verifyHash);
    if (!terms.ok) return terms;
    return this.dispatch({ type: 'start-sprint', ...kickoff, terms: terms.value }, origin);
  }

  subscribe(listener: (delta: Delta) => void): () => void {
    this.#deltaListeners.add(listener);
    return () => this.#deltaListeners.delete(listener);
  }

  onTurnActivity(listener: (activity: TurnActivity) => void): () => void {
    this.#activityListeners.add(listener);
    return () => this.#activityListeners.delete(listener);
  }

  async start(): Promise<void> {
    if (!this.#parts.options.work || this.#worker) return;
    const { layout, places, projectDir, configuration, clock, blobs, git, snapshots, loop, options } = this.#parts;
    const facts = await git.inspect();
    const tell: (command: Parameters<CommitLoop['tell']>[0]) => Promise<{ readonly ok: boolean }> = (command) => loop.tell(command);
    this.#services = await composeServices(
      {
        layout,
        places,
        projectDir,
        configuration,
        clock,
        ids: new RandomIds(),
        blobs,
        git: facts.kind === 'repository' ? git : null,
        snapshots,
        state: this.state,
        tell,
        onTurnActivity: (activity) => this.#activityListeners.forEach((listener) => listener(activity)),
        rehearsalSpeed: options.rehearsalSpeed ?? 1,
      },
      options.seams ?? {},
    );
    this.#worker = new EffectWorker({
      state: this.state,
      tell,
      handlers: this.#services.handlers,
      lanes: new Lanes(),
      clock,
      log: options.onLog ?? (() => undefined),
    });
    await loop.tell({ type: 'runtime-start' });
    this.#worker.start();
  }

  async drain(): Promise<void> {
    await this.#worker?.drain();
    await this.#parts.journal.drain();
    await this.#parts.projector.drain();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { journal, projector, ownership, loop } = this.#parts;
    await this.#worker?.stop();
    await this.#services?.guardian.stopAll();
    await projector.stop();
    if (loop.writeProblem === null && loop.folded.seq > this.#lastSnapshot) await this.#snapshot();
    await this.#snapshotting;
    await journal.close();
    await ownership.release();
  }

  running = (): ReturnType<EffectWorker['running']> => this.#worker?.running() ?? [];

  writeProblem(): string | null {
    return this.#parts.loop.writeProblem;
  }

  /** Tells where clients reach this owner. */
  publish(address: string | null): Promise<void> {
    return this.#parts.ownership.publish(address);
  }

  async #afterOpen(notices: readonly { readonly message: string; readonly path: string }[]): Promise<void> {
    const { loop, clock, reserve, projector } = this.#parts;
    await reserve.refill().catch((error: unknown) => this.#log(String(error)));
    await this.#loadConfiguration();
    for (const { message, path } of notices)
      await loop.tell({ type: 'report-problem', problem: { problemId: `journal:${path}`, path, reason: message, at: clock.now() } });
    await projector.rebuild();
  }

  async #loadConfiguration(): Promise<Result<Configuration, string>> {
    const { layout, places, loop, clock } = this.#parts;
    const path = layout.configuration;
    const loaded = await loadConfiguration(layout.root);
    if (!loaded.ok) {
      await loop.tell({
        type: 'report-problem',
        problem: { problemId: 'configuration', path, reason: loaded.error.message, at: clock.now() },
      });
      return err(loaded.error.message);
    }
    const { configuration } = loaded.value;
    const trust = await readTrust(places, executingFields(configuration));
    await loop.tell({
      type: 'load-configuration',
      configuration,
      sha256: configurationHash(configuration),
      isTrusted: trust.kind === 'trusted',
      untrustedChanges: trust.kind === 'restricted' ? trust.reasons : [],
    });
    await loop.tell({ type: 'clear-problem', problemId: 'configuration' });
    return ok(configuration);
  }

  #committed(committed: Committed): void {
    const delta: Delta = { seq: committed.seq, at: committed.at, events: committed.events };
    this.#worker?.take(committed);
    this.#parts.projector.note(delta);
    for (const listener of this.#deltaListeners) listener(delta);
    if (committed.seq - this.#lastSnapshot >= snapshotEvery) void this.#snapshot();
  }

  #snapshot(): Promise<void> {
    const { loop, snapshots, journal } = this.#parts;
    const { folded } = loop;
    this.#lastSnapshot = folded.seq;
    const shape = JSON.parse(JSON.stringify(snapshotOf(folded))) as unknown;
    const seq = folded.seq;
    this.#snapshotting = this.#snapshotting
      .then(async () => {
        await journal.drain();
        await journal.copySoFar();
        for (const { message } of await snapshots.write(seq, shape)) this.#log(message);
      })
      .catch((error: unknown) =>
        this.#log(
          `Could not write a snapshot: ${error instanceof Error ? error.message : String(error)} Nothing is lost; the next start reads more of the journal.`,
        ),
      );
    return this.#snapshotting;
  }

  /** The journal takes no writes: what runs is ended, and, if the reserve makes room for it, that is written down. */
  async #onWriteProblem(message: string): Promise<void> {
    this.#log(message);
    const { loop, reserve } = this.#parts;
    await this.#services?.guardian.stopAll();
    try {
      await reserve.free();
      await loop.reopen();
      await loop.stopAll();
    } catch (error) {
      this.#log(`The board is read-only until the journal can be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #log(line: string): void {
    this.#parts.options.onLog?.(line);
  }
}

async function* deltasAfter(journal: FileJournal, after: number): AsyncGenerator<Delta> {
  for await (const record of journal.read(after)) {
    if (record.kind !== commandRecord.kind) continue;
    yield { seq: record.seq, at: record.time, events: (record.body as CommandEntry).events.map(upcastEvent) };
  }
}
