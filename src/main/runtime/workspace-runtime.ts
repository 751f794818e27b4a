import type { Result } from '../../shared/kernel/result.js';
import { err, ok } from '../../shared/kernel/result.js';
import { defaultConfiguration } from '../../shared/domain/configuration.js';
import type { Configuration } from '../../shared/domain/configuration.js';
import type { Refusal } from '../../shared/domain/vocabulary.js';
import { CommitLoop } from './commit-loop.js';
import type { Committed } from './commit-loop.js';
import { composeServices, configurationHash } from './compose-services.js';
import type { Services } from './compose-services.js';
import { EffectWorker } from './effect-worker.js';
import { keptWorkOf, logLine, turnLogsOf } from './kept-work.js';
import { Lanes } from './platform/lane.js';
import { ProblemLook } from './problem-look.js';
import { RandomIds } from './platform/random-ids.js';
import type { Cancel } from './ports/clock.js';
import type { TurnActivity } from './ports/runner.js';
import { verifyHash } from './receipts/verify-hash.js';
import type { Accepted, CommandOrigin, Delta, KeptWork, Runtime, SprintKickoff } from './runtime-api.js';
import { Retention } from './retention.js';
import type { CleanUp } from './retention/clean-up.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import type { RuntimeParts } from './runtime-parts.js';
import { sprintTerms } from './sprint-terms.js';
import { loadConfiguration } from './workspace/configuration.js';
import { tidyUp } from './tidy-up.js';
import type { TurnLogs } from './workspace/turn-log.js';
import { readTrust } from './workspace/trust.js';
import { UntoldTurns } from './untold-turns.js';
import { whatWouldRun } from './what-would-run.js';
import { WriteProblem } from './write-problem.js';

/** So long nothing more is written to team_runtime.yaml before it is read. */
const editQuietMs = 250;

/** A workspace at work; states: open, started, stopped. */
export class WorkspaceRuntime implements Runtime {
  readonly #parts: RuntimeParts;
  readonly #deltaListeners = new Set<(delta: Delta) => void>();
  readonly #activityListeners = new Set<(activity: TurnActivity) => void>();
  readonly #logs: TurnLogs;
  #services: Services | null = null;
  #worker: EffectWorker | null = null;
  readonly #snapshots: SnapshotKeeper;
  readonly #writeProblem: WriteProblem;
  #tidying: Promise<unknown> = Promise.resolve();
  readonly #problemLook: ProblemLook;
  readonly #retention: Retention;
  readonly #untold: UntoldTurns;
  #cancelReading: Cancel | null = null;
  #isStopped = false;

  constructor(parts: RuntimeParts, snapshotSeq: number) {
    this.#parts = parts;
    const { loop, clock, layout } = parts;
    this.#retention = new Retention({
      layout,
      places: parts.places,
      clock,
      state: this.state,
      tell: (command) => loop.tell(command),
      underWay: () => this.running().map(({ type }) => type),
      log: (line) => this.#log(line),
    });
    this.#problemLook = new ProblemLook({
      workspaceDir: layout.root,
      state: this.state,
      tell: (command) => loop.tell(command),
      clock,
    });
    this.#untold = new UntoldTurns({ state: this.state, tell: (command) => loop.tell(command), log: (line) => this.#log(line) });
    this.#logs = turnLogsOf(layout, parts.options.onLog);
    this.#snapshots = new SnapshotKeeper(parts, snapshotSeq, (line) => this.#log(line));
    this.#writeProblem = new WriteProblem({
      parts,
      endRunning: async () => this.#services?.guardian.stopAll(),
      handOutAgain: () => this.#worker?.handOutAgain(),
      leaveToNewOwner: () => this.#leaveToNewOwner(),
      log: (line) => this.#log(line),
    });
    parts.loop.subscribe((committed) => this.#committed(committed));
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

  get kept(): KeptWork {
    return keptWorkOf({ blobs: this.#parts.blobs, git: this.#parts.git, logs: this.#logs });
  }

  state = () => this.#parts.loop.state;

  async dispatch(...[command, origin]: Parameters<Runtime['dispatch']>): Promise<Result<Accepted, Refusal>> {
    // `muster trust` writes into the user's own folder and tells nobody.
    if (!this.state().isTrusted) await this.loadConfiguration();
    return this.#parts.loop.dispatch(command, origin);
  }

  async startSprint(kickoff: SprintKickoff, origin: CommandOrigin): Promise<Result<Accepted, Refusal>> {
    // Project and settings may have changed since the first time; that makes it no other command.
    const sent = { type: 'start-sprint', ...kickoff };
    const answered = await this.#parts.loop.firstAnswer(sent, origin);
    if (answered) return answered;
    const configuration = await this.loadConfiguration();
    if (!configuration.ok) return err({ id: 'project-not-ready', message: configuration.error });
    const facts = await this.#parts.git.inspect();
    const terms = await sprintTerms(facts, facts.kind === 'repository' ? this.#parts.git : null, configuration.value, verifyHash);
    if (!terms.ok) return terms;
    return this.#parts.loop.dispatch({ type: 'start-sprint', ...kickoff, terms: terms.value }, origin, sent);
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
    const startedAt = clock.now();
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
        beforeArchive: () => this.#parts.files.drain(),
        onTurnActivity: (activity) => {
          this.#logs.append(activity.turnId, logLine(activity));
          this.#activityListeners.forEach((listener) => listener(activity));
        },
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
      onFullDisk: () => this.#parts.journal.stopWriting('ENOSPC'),
    });
    await loop.tell({ type: 'runtime-start' });
    await this.#untold.tellAll(this.#services);
    await this.#parts.files.watch();
    this.#worker.start();
    const repository = this.#services.verifier ? git : null;
    const { checkpointDays } = this.state().configuration?.retention ?? defaultConfiguration.retention;
    const tidied = tidyUp({ layout, places, clock, git: repository, startedAt, checkpointDays, log: (line) => this.#log(line) });
    this.#tidying = tidied.then(() => this.#retention.start());
  }

  async drain(): Promise<void> {
    await this.#worker?.drain();
    await this.#parts.journal.drain();
    await this.#parts.files.drain();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { journal, files, ownership } = this.#parts;
    this.#writeProblem.stop();
    this.#cancelReading?.();
    await this.#worker?.stop();
    await this.#services?.guardian.stopAll();
    await this.#untold.drain();
    await this.#logs.drain();
    await this.#problemLook.stop();
    await files.stop();
    await this.#snapshots.stop();
    await this.#retention.stop();
    await this.#tidying;
    this.#parts.git.rest();
    await journal.close();
    await ownership.release();
  }

  cleanUp = (isDry: boolean): Promise<CleanUp> => this.#retention.cleanUp(isDry);

  running = (): ReturnType<EffectWorker['running']> => this.#worker?.running() ?? [];

  writeProblem(): string | null {
    return this.#parts.loop.writeProblem;
  }

  /** Tells where clients reach this owner. */
  publish(address: string | null): Promise<void> {
    return this.#parts.ownership.publish(address);
  }

  /** The first thing after opening: settings, problems found, files brought up to date. */
  async afterOpen(notices: readonly { readonly message: string; readonly path: string }[]): Promise<void> {
    const { loop, clock, files } = this.#parts;
    await this.#writeProblem.afterOpen();
    await this.loadConfiguration();
    for (const { message, path } of notices)
      await loop.tell({
        type: 'report-problem',
        problem: { problemId: `journal:${path}`, path, reason: message, at: clock.now(), standsWith: path },
      });
    await files.catchUp();
    await this.#problemLook.start();
  }

  /** An edit was seen: it is read when it has been quiet for a moment, so that half of an editor's save is no problem. */
  configurationEdited(): void {
    this.#cancelReading?.();
    this.#cancelReading = this.#parts.clock.after(editQuietMs, () => {
      void this.loadConfiguration().catch((error: unknown) => this.#log(String(error)));
    });
  }

  /** Reads team_runtime.yaml again; an accepted load is an event with its effective values. A broken one changes nothing, and is shown. */
  async loadConfiguration(): Promise<Result<Configuration, string>> {
    const { layout, places, loop, clock } = this.#parts;
    const path = layout.configuration;
    let loaded = await loadConfiguration(layout.root);
    if (!loaded.ok && !this.state().problems['configuration']?.reason.startsWith(loaded.error.message)) {
      // It may be between the two halves of a save.
      await new Promise<void>((resolve) => void clock.after(editQuietMs, resolve));
      loaded = await loadConfiguration(layout.root);
    }
    if (!loaded.ok) {
      const reason = `${loaded.error.message} The settings that were read last stay in force.`;
      await loop.tell({ type: 'report-problem', problem: { problemId: 'configuration', path, reason, at: clock.now() } });
      return err(loaded.error.message);
    }
    const { configuration } = loaded.value;
    const trust = await readTrust(places, await whatWouldRun(layout.root, configuration, this.#parts.clock));
    await loop.tell({
      type: 'load-configuration',
      configuration,
      sha256: configurationHash(configuration),
      isTrusted: trust.kind === 'trusted',
      untrustedChanges: trust.kind === 'restricted' ? trust.reasons : [],
    });
    if (this.state().problems['configuration']) this.#log(`${path} is mended; its settings are in force.`);
    await loop.tell({ type: 'clear-problem', problemId: 'configuration' });
    return ok(configuration);
  }

  #committed(committed: Committed): void {
    const delta: Delta = { seq: committed.seq, at: committed.at, events: committed.events };
    this.#told(() => this.#worker?.take(committed));
    this.#told(() => this.#untold.note(committed.events));
    this.#told(() => this.#parts.files.note(delta));
    for (const listener of this.#deltaListeners) this.#told(() => listener(delta));
    this.#snapshots.note(committed.seq);
  }

  /** What is durable has happened: a listener that throws fails neither the command nor the other listeners. */
  #told(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log(`Could not tell everybody of a change: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The journal takes no writes. */
  onWriteProblem(message: string): Promise<void> {
    return this.#writeProblem.happened(message);
  }

  /** From the moment somebody else has the workspace, nothing in it is ours to write, to end or to put right. */
  async #leaveToNewOwner(): Promise<void> {
    await this.#worker?.stop();
    await this.#parts.files.stop();
  }

  #log(line: string): void {
    this.#parts.options.onLog?.(line);
  }
}
