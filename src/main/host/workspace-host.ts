import { resolve } from 'node:path';
import type { OpenWorkspaceView, WorkspacesView } from '../../shared/contract/host-views.js';
import type { MusterClient } from '../../shared/contract/contract.js';
import type { Result } from '../../shared/kernel/result.js';
import { err, ok } from '../../shared/kernel/result.js';
import { isWorkspace } from '../runtime/workspace/find-workspace.js';
import { join } from 'node:path';
import { refused } from './app-session.js';
import { attach } from './attach.js';
import type { Caller } from './caller.js';
import { clientOfDesk, closeDesk } from './desk.js';
import type { Desk } from './desk.js';
import type { HostOptions } from './host-options.js';
import { deskFacts, reachWorkspace } from './reach-workspace.js';
import { RecentWorkspaces } from './recent-workspaces.js';
import { newestSample } from './sample-place.js';

/** Pauses between tries to reach a workspace whose owner went away; the last one repeats. */
const retryMs: readonly number[] = [100, 250, 500, 1_000, 2_000];

/** At most one open workspace, for the windows and pages of one process; states: without one, with one, closed. */
export class WorkspaceHost {
  readonly options: HostOptions;
  readonly startedAt: string;
  readonly #recent: RecentWorkspaces;
  readonly #listeners = new Set<() => void>();
  #desk: Desk | null = null;
  #problem = '';
  #changed = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: HostOptions) {
    this.options = options;
    this.startedAt = options.clock.now();
    this.#recent = new RecentWorkspaces(join(options.stateHome, 'recent-workspaces.json'), options.clock);
  }

  /** The open workspace, or null. */
  get current(): OpenWorkspaceView | null {
    return this.#desk && { ...this.#desk.facts, isAttached: this.#desk.kind === 'attached' || this.#desk.kind === 'lost' };
  }

  /** Aborted as soon as another workspace is open, or the same one in another way: streams of the old one end then. */
  get changeSignal(): AbortSignal {
    return this.#changed.signal;
  }

  /** Whether turns of the open workspace run in this process now; for a host that should not fall asleep. */
  get isWorking(): boolean {
    return this.#desk?.kind === 'own' && this.#desk.runtime.running().length > 0;
  }

  /** How many windows and pages follow what happens in the open workspace, as far as this process works on it. */
  get readerCount(): number {
    return this.#desk?.kind === 'own' ? this.#desk.context.live.readerCount : 0;
  }

  /** Calls back when another workspace is open, or it is reached in another way; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The open workspace in a person's name. Throws the refusal `no-workspace` or `runtime-gone`. */
  clientFor(caller: Caller): MusterClient {
    if (!this.#desk) throw refused('no-workspace', this.#problem || 'No workspace is open. Open one, or make one for a repository.');
    return clientOfDesk(this.#desk, caller);
  }

  /** The name of the person at this machine, as git knows it in the open project. */
  personName(): Promise<string> {
    return this.options.personName(this.#desk?.facts.project ?? process.cwd());
  }

  /** The workspace that was open last and is still there; null before the first. */
  async lastOpened(): Promise<string | null> {
    return (await this.#recent.list()).find(({ path }) => isWorkspace(path))?.path ?? null;
  }

  async workspaces(): Promise<WorkspacesView> {
    const sample = await newestSample(this.options.stateHome);
    const recent = (await this.#recent.list()).map((each) => ({ ...each, isThere: isWorkspace(each.path) }));
    return { current: this.current, problem: this.#said(), recent, sample: { path: sample.workspace, exists: sample.exists } };
  }

  /**
   * Opens a workspace in place of the one that is open; that one stays open where this fails. The error is a sentence.
   * `isFresh`: it was made now, so that copies of an earlier journal at this path are not its own.
   */
  open(path: string, isFresh = false): Promise<Result<OpenWorkspaceView, string>> {
    return this.#inTurn(() => this.#open(resolve(path), isFresh));
  }

  /** Gives the workspace up in order: streams end, turns are ended, the journal is drained, the lock released. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      const desk = this.#desk;
      this.#sit(null);
      await closeDesk(desk);
    });
  }

  #said(): string {
    if (this.#desk?.kind === 'lost' || this.#desk?.kind === 'shown') return this.#desk.reason;
    return this.#desk?.kind === 'attached' ? this.#desk.notice : this.#problem;
  }

  async #open(path: string, isFresh: boolean): Promise<Result<OpenWorkspaceView, string>> {
    if (this.#isClosed) return err('This Muster is ending.');
    const before = this.#desk;
    if (before && before.facts.path === path && (before.kind === 'own' || before.kind === 'attached'))
      return ok(this.current as OpenWorkspaceView);
    const reached = await this.#reach(path, isFresh);
    if (!reached.ok) {
      if (!before) this.#problem = reached.error;
      return reached;
    }
    this.#problem = '';
    this.#sit(reached.value);
    await closeDesk(before);
    await this.#recent.add(withoutRehearsal(reached.value.facts));
    return ok(this.current as OpenWorkspaceView);
  }

  async #reach(path: string, isFresh: boolean): Promise<Result<Desk, string>> {
    if (!isWorkspace(path))
      return err(
        `Could not open ${path}: it is no workspace, as team_runtime.yaml or discord_agents_config.yaml is missing. Make one first.`,
      );
    const facts = await deskFacts(path);
    return facts.ok ? reachWorkspace(facts.value, this.options, isFresh) : facts;
  }

  #sit(desk: Desk | null): void {
    this.#desk = desk;
    this.#changed.abort();
    this.#changed = new AbortController();
    for (const listener of this.#listeners) listener();
    if (desk?.kind === 'attached') void this.#watch(desk);
  }

  /** Notices when the process that works on the workspace goes away, then waits for the next one or becomes it. */
  async #watch(desk: Extract<Desk, { kind: 'attached' }>): Promise<void> {
    const { changeSignal } = this;
    try {
      for await (const _event of await attach(desk.socketPath).live(undefined, { signal: changeSignal })) if (changeSignal.aborted) return;
    } catch (error) {
      if (!changeSignal.aborted)
        this.options.onLog(`The runtime of ${desk.facts.path} went away: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (changeSignal.aborted) return;
    const reason = `The process that worked on ${desk.facts.path} went away. It is opened here as soon as it can be.`;
    this.#sit({ kind: 'lost', facts: desk.facts, reason });
    await this.#comeBack(desk.facts.path);
  }

  async #comeBack(path: string): Promise<void> {
    const { changeSignal } = this;
    for (let tries = 0; !changeSignal.aborted; tries += 1) {
      const again = await this.#inTurn(() => (changeSignal.aborted ? Promise.resolve(null) : this.#tryAgain(path)));
      if (again === null || again.ok) return;
      await this.#pause(retryMs[Math.min(tries, retryMs.length - 1)] ?? 0, changeSignal);
    }
  }

  async #tryAgain(path: string): Promise<Result<unknown, string>> {
    try {
      const reached = await this.#reach(path, false);
      if (reached.ok) this.#sit(reached.value);
      else if (this.#desk?.kind === 'lost') this.#desk = { ...this.#desk, reason: reached.error };
      return reached;
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const cancel = this.options.clock.after(ms, done);
      signal.addEventListener('abort', () => (cancel(), done()), { once: true });
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

const withoutRehearsal = ({ path, project, name }: Desk['facts']) => ({ path, project, name });
