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
import { copiesOf, snapshotOf } from './load-state.js';
import { Lanes } from './platform/lane.js';
import { ThreadError } from './platform/run-in-thread.js';
import { ProblemLook } from './problem-look.js';
import { RandomIds } from './platform/random-ids.js';
import type { Cancel } from './ports/clock.js';
import type { TurnActivity } from './ports/runner.js';
import { verifyHash } from './receipts/verify-hash.js';
import type { Accepted, CommandOrigin, Delta, KeptWork, Runtime, SprintKickoff } from './runtime-api.js';
import { Retention } from './retention.js';
import type { CleanUp } from './retention/clean-up.js';
import { snapshotBeside } from './snapshot-from-disk.js';
import type { RuntimeParts } from './runtime-parts.js';
import { sprintTerms } from './sprint-terms.js';
import { loadConfiguration } from './workspace/configuration.js';
import { tidyUp } from './tidy-up.js';
import type { TurnLogs } from './workspace/turn-log.js';
import { readTrust } from './workspace/trust.js';
import { UntoldTurns } from './untold-turns.js';
import { whatWouldRun } from './what-would-run.js';

/** Records after which a snapshot is written, so that a start reads little. */
const snapshotEvery = 2_000;

/** Shown from the moment that the journal could not be written until there is room for the reserve again. */
const writeProblemId = 'journal-cannot-be-written';

/** Pause before a disk that takes no writes is tried again. */
const writeRetryMs = 5_000;

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
  #lastSnapshot: number;
  #snapshotting: Promise<void> = Promise.resolve();
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
    this.#lastSnapshot = snapshotSeq;
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
    const { journal, files, ownership, loop } = this.#parts;
    this.#cancelReading?.();
    await this.#worker?.stop();
    await this.#services?.guardian.stopAll();
    await this.#untold.drain();
    await this.#logs.drain();
    await this.#problemLook.stop();
    await files.stop();
    if (loop.writeProblem === null && loop.folded.seq > this.#lastSnapshot) await this.#snapshot();
    await this.#snapshotting;
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
    const { loop, clock, reserve, files } = this.#parts;
    await reserve.refill().then(
      () => loop.tell({ type: 'clear-problem', problemId: writeProblemId }),
      (error: unknown) => this.#log(String(error)),
    );
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
    if (committed.seq - this.#lastSnapshot >= snapshotEvery) void this.#snapshot();
  }

  /** What is durable has happened: a listener that throws fails neither the command nor the other listeners. */
  #told(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log(`Could not tell everybody of a change: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #snapshot(): Promise<void> {
    const { loop, journal } = this.#parts;
    const { seq } = loop.folded;
    this.#lastSnapshot = seq;
    this.#snapshotting = this.#snapshotting
      .then(async () => {
        await journal.drain();
        await journal.copySoFar();
        // At the stop nothing is left to be held up, and a thread would only take longer to begin.
        for (const message of await (this.#isStopped ? this.#snapshotHere() : this.#snapshotBeside(seq))) this.#log(message);
      })
      .catch((error: unknown) =>
        this.#log(
          `Could not write a snapshot: ${error instanceof Error ? error.message : String(error)} Nothing is lost; the next start reads more of the journal.`,
        ),
      );
    return this.#snapshotting;
  }

  /** Folded once more from the disk, in a thread of its own: serialising a large state here would hold up every command. */
  async #snapshotBeside(seq: number): Promise<readonly string[]> {
    const copiesDir = copiesOf(this.#parts.places);
    try {
      return await snapshotBeside({ workspaceDir: this.#parts.layout.root, copiesDir, seq });
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      return this.#snapshotHere();
    }
  }

  async #snapshotHere(): Promise<readonly string[]> {
    const { loop, snapshots, journal } = this.#parts;
    const { seq } = loop.folded;
    const text = JSON.stringify(snapshotOf(loop.folded));
    await journal.drain();
    return (await snapshots.write(seq, text)).map(({ message }) => message);
  }

  /** The journal takes no writes: what runs is ended, and, if the reserve makes room for it, that is written down. */
  async onWriteProblem(message: string): Promise<void> {
    this.#log(message);
    const { ownership } = this.#parts;
    await this.#services?.guardian.stopAll();
    if (!ownership.isStillOwner()) return this.#leaveToNewOwner();
    if (await this.#writeAgain(message)) return;
    this.#log('The board is read-only until the journal can be written; Muster looks again every few seconds.');
    this.#lookAgain(message);
  }

  #lookAgain(message: string): void {
    this.#parts.clock.after(writeRetryMs, () => {
      if (this.#isStopped) return;
      void this.#writeAgain(message).then((isWritten) => {
        if (!isWritten) this.#lookAgain(message);
      });
    });
  }

  /** The reserve is taken again as soon as the disk has room; then the journal's problem is over. */
  #refillReserve(): void {
    const { clock, reserve, loop } = this.#parts;
    clock.after(writeRetryMs, () => {
      if (this.#isStopped || loop.writeProblem !== null) return;
      void reserve.refillWithRoom().then(async (isHeld) => {
        if (isHeld) await loop.tell({ type: 'clear-problem', problemId: writeProblemId });
        else this.#refillReserve();
      });
    });
  }

  /** Opens the journal again with what the reserve frees, and writes down why everything stopped; false while the disk takes nothing. */
  async #writeAgain(message: string): Promise<boolean> {
    const { loop, reserve, files, layout, clock } = this.#parts;
    try {
      await reserve.free();
      await loop.reopen();
      await loop.tell({
        type: 'report-problem',
        problem: { problemId: writeProblemId, path: layout.runtime.journal, reason: message, at: clock.now() },
      });
      await loop.stopAll();
      this.#worker?.handOutAgain();
      this.#refillReserve();
      await files.catchUp();
      return true;
    } catch {
      // Said once already; the next look is a few seconds away.
      return false;
    }
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
