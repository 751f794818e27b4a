import { emptyState } from '../../src/shared/domain/state.js';
import type { SprintTerms, State } from '../../src/shared/domain/state.js';
import { defaultConfiguration } from '../../src/shared/domain/configuration.js';
import { transact } from '../../src/shared/domain/transact.js';
import type { Command, PersonCommand, Refusal } from '../../src/shared/domain/vocabulary.js';
import type { Result } from '../../src/shared/kernel/result.js';
import { ok } from '../../src/shared/kernel/result.js';
import type { TurnActivity } from '../../src/main/runtime/ports/runner.js';
import { pageAt, pageText } from '../../src/main/runtime/platform/page-text.js';
import type { Accepted, CommandOrigin, Delta, KeptWork, Runtime, SprintKickoff } from '../../src/main/runtime/runtime-api.js';
import type { CleanUp } from '../../src/main/runtime/retention/clean-up.js';
import { FixedIds } from './fixed-ids.js';

/** Terms of a project without a repository, where nothing outside is needed. */
export const plainTerms: SprintTerms = {
  kind: 'no-repository',
  isolation: 'in_place',
  integrate: 'on_completion',
  targetRef: '',
  baseCommit: '',
  verify: [],
  verifyHash: '',
  protect: [],
  setup: [],
  setupTimeoutSeconds: 600,
  copy: [],
  submodules: false,
};

/** A runtime without files: the real rules over a state in memory, and effects that nobody runs. */
export class MemoryRuntime implements Runtime {
  readonly workspaceDir = '/memory/workspace';
  readonly projectDir = '/memory/project';
  readonly epoch = 1;
  /** Who asked for what, in order. */
  readonly origins: CommandOrigin[] = [];
  problem: string | null = null;
  isStopped = false;
  now = '2026-03-24T09:00:00.000Z';
  readonly #state: State;
  readonly #ids = new FixedIds();
  readonly #answers = new Map<string, Result<Accepted, Refusal>>();
  readonly #listeners = new Set<(delta: Delta) => void>();
  readonly #activities = new Set<(activity: TurnActivity) => void>();
  #seq = 0;

  constructor(state: State = trustedState()) {
    this.#state = state;
  }

  /** Contents by their hash, diffs by `base head` and logs by turn. */
  readonly blobs = new Map<string, string>();
  readonly diffs = new Map<string, string>();
  readonly logs = new Map<string, string>();

  readonly kept: KeptWork = {
    blob: (sha256) => Promise.resolve(this.blobs.has(sha256) ? Buffer.from(this.blobs.get(sha256) ?? '') : null),
    diff: (base, head) => Promise.resolve(this.diffs.get(`${base} ${head}`) ?? null),
    turnLog: (turnId, range) => {
      const bytes = Buffer.from(this.logs.get(turnId) ?? '');
      const { from, to } = pageAt(bytes.length, range);
      return Promise.resolve(pageText(bytes.subarray(from, to), from, bytes.length));
    },
  };

  loadConfiguration = () => Promise.resolve(ok(null));

  state = (): State => this.#state;

  dispatch(command: PersonCommand, origin: CommandOrigin): Promise<Result<Accepted, Refusal>> {
    const known = this.#answers.get(origin.commandId);
    if (known) return Promise.resolve(known);
    this.origins.push(origin);
    const answer = this.take(command, origin);
    this.#answers.set(origin.commandId, answer);
    return Promise.resolve(answer);
  }

  startSprint(kickoff: SprintKickoff, origin: CommandOrigin): Promise<Result<Accepted, Refusal>> {
    return this.dispatch({ type: 'start-sprint', ...kickoff, terms: plainTerms }, origin);
  }

  /** Takes any command, the runtime's own included. */
  take(command: Command, origin: Pick<CommandOrigin, 'actor'>): Result<Accepted, Refusal> {
    const done = transact(this.#state, command, { now: this.now, ids: this.#ids, actor: origin.actor });
    if (!done.ok) return done;
    this.#seq += 1;
    const { events } = done.value;
    for (const listener of this.#listeners) listener({ seq: this.#seq, at: this.now, events });
    const createdIds = events.flatMap((event) => {
      if (event.type === 'backlog-item-added') return [event.item.backlogId];
      if (event.type === 'request-accepted') return [event.request.requestId];
      return event.type === 'sprint-started' ? [event.sprint.sprintId] : [];
    });
    return ok({ seq: this.#seq, events: events.map(({ type }) => type), createdIds });
  }

  /** Lets a turn say something. */
  speak(activity: TurnActivity): void {
    for (const listener of this.#activities) listener(activity);
  }

  /** How many listen for changes. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (delta: Delta) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onTurnActivity(listener: (activity: TurnActivity) => void): () => void {
    this.#activities.add(listener);
    return () => void this.#activities.delete(listener);
  }

  start = (): Promise<void> => Promise.resolve();
  drain = (): Promise<void> => Promise.resolve();

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }

  cleanUp = (): Promise<CleanUp> => Promise.resolve({ usedBytes: 0, capBytes: 20_000_000_000, freedBytes: 0, removed: [], failed: [] });
  running = (): [] => [];
  writeProblem = (): string | null => this.problem;
}

/** A state with the default configuration, trusted. */
export function trustedState(): State {
  const state = emptyState();
  state.configuration = { ...defaultConfiguration, runner: 'rehearsal' };
  state.configurationSha256 = 'f'.repeat(64);
  state.isTrusted = true;
  return state;
}
