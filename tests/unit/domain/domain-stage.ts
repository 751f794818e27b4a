import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import type { Configuration, Limits } from '../../../src/shared/domain/configuration.js';
import type { EffectType } from '../../../src/shared/domain/effect.js';
import { evolve } from '../../../src/shared/domain/evolve/evolve.js';
import { currentRevision, emptyState } from '../../../src/shared/domain/state.js';
import type { Actor, PendingEffect, Revision, Sprint, SprintTerms, State, Todo } from '../../../src/shared/domain/state.js';
import { transact } from '../../../src/shared/domain/transact.js';
import type { Transaction } from '../../../src/shared/domain/transact.js';
import type { Command, EffectOutcomes, Event, Refusal, RuntimeCommand, TurnOutcome } from '../../../src/shared/domain/vocabulary.js';
import type { Result } from '../../../src/shared/kernel/result.js';
import { FixedIds } from '../../fakes/fixed-ids.js';

export const runtime: Actor = { kind: 'runtime', id: 'runtime' };
export const lead: Actor = { kind: 'person', id: 'lead', via: 'window' };
export const reviewer: Actor = { kind: 'person', id: 'reviewer', via: 'web' };

/** What one accepted command left behind, as the journal keeps it: text. */
interface Record {
  readonly at: string;
  readonly body: string;
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The terms of a sprint on a repository with worktrees, changed where asked. */
export const terms = (changes: Partial<SprintTerms> = {}): SprintTerms => ({
  kind: 'repository',
  isolation: 'worktree',
  integrate: 'on_completion',
  targetRef: 'refs/heads/main',
  baseCommit: 'base-0',
  verify: [{ name: 'tests', command: ['npm', 'test'], timeoutSeconds: 600, network: false }],
  verifyHash: 'verify-hash',
  protect: [],
  setup: [],
  setupTimeoutSeconds: 600,
  copy: [],
  submodules: false,
  ...changes,
});

/** Plays the commit loop and the effect worker around the pure domain: a state, a clock, and every record as text. */
export class DomainStage {
  state: State = emptyState();
  now = '2026-03-24T09:00:00.000Z';
  readonly records: Record[] = [];
  readonly #ids = new FixedIds();
  #effects = 0;
  #outputs = 0;

  constructor(changes: { readonly limits?: Partial<Limits>; readonly review?: Configuration['review'] } = {}) {
    this.configure(changes);
  }

  configure(changes: { readonly limits?: Partial<Limits>; readonly review?: Configuration['review'] }): void {
    const configuration: Configuration = {
      ...defaultConfiguration,
      limits: { ...defaultConfiguration.limits, ...changes.limits },
      review: changes.review ?? defaultConfiguration.review,
    };
    this.#outputs += 1;
    this.do(
      { type: 'load-configuration', configuration, sha256: `configuration-${this.#outputs}`, isTrusted: true, untrustedChanges: [] },
      runtime,
    );
  }

  later(seconds: number): void {
    this.now = new Date(Date.parse(this.now) + seconds * 1_000).toISOString();
  }

  /** Gives a command; a refusal is returned and must have changed nothing. */
  give(command: Command, actor: Actor = lead): Result<Transaction, Refusal> {
    this.later(1);
    const answer = transact(this.state, command, { now: this.now, ids: this.#ids, actor });
    if (!answer.ok) return answer;
    const effects = answer.value.effects.map((effect) => ({ effectId: `fx-${(this.#effects += 1)}`, effect }));
    for (const { effectId, effect } of effects) this.state.effects[effectId] = { effectId, lane: effect.lane, attempts: 0, effect };
    this.records.push({ at: this.now, body: JSON.stringify({ events: answer.value.events, effects }) });
    return answer;
  }

  /** Gives a command that has to be accepted. */
  do(command: Command, actor: Actor = lead): readonly Event[] {
    const answer = this.give(command, actor);
    if (!answer.ok) throw new Error(`${command.type} was refused (${answer.error.id}): ${answer.error.message}`);
    return answer.value.events;
  }

  /** Gives a command that has to be refused, and tells how. */
  refused(command: Command, actor: Actor = lead): Refusal {
    const before = JSON.stringify(this.state);
    const answer = this.give(command, actor);
    if (answer.ok) throw new Error(`${command.type} was accepted.`);
    if (JSON.stringify(this.state) !== before) throw new Error(`${command.type} was refused and changed the state.`);
    return answer.error;
  }

  /** The state as a restart would fold it from the records alone. */
  refold(): State {
    const state = emptyState();
    for (const { at, body } of this.records) {
      const { events, effects } = JSON.parse(body) as { events: Event[]; effects: PendingEffect[] };
      for (const event of events) evolve(state, event, at);
      for (const { effectId, effect } of effects) state.effects[effectId] = { effectId, lane: effect.lane, attempts: 0, effect };
    }
    return state;
  }

  /** Starts again from the records, as after a kill. */
  restart(): void {
    this.state = this.refold();
    this.do({ type: 'runtime-start' }, runtime);
  }

  get sprint(): Sprint {
    const sprint = Object.values(this.state.sprints).at(-1);
    if (!sprint) throw new Error('There is no sprint.');
    return sprint;
  }

  todo(title: string): Todo {
    const todo = Object.values(this.state.todos).find((candidate) => candidate.title === title);
    if (!todo) throw new Error(`There is no todo "${title}".`);
    return todo;
  }

  revision(title: string): Revision {
    return currentRevision(this.todo(title));
  }

  pending(type?: EffectType): PendingEffect[] {
    return Object.values(this.state.effects).filter(({ effect }) => type === undefined || effect.type === type);
  }

  /** The one unfinished effect of that type, of one todo where a title is given. */
  only<T extends EffectType>(type: T, title?: string): PendingEffect {
    const todoId = title === undefined ? undefined : this.todo(title).todoId;
    const found = this.pending(type).filter(({ effect }) => todoId === undefined || this.todoIdOf(effect) === todoId);
    if (found.length !== 1 || !found[0]) throw new Error(`There are ${found.length} pending ${type} effects, not one.`);
    return found[0];
  }

  todoIdOf(effect: PendingEffect['effect']): string {
    if ('todoId' in effect) return effect.todoId;
    if (effect.type !== 'run-turn') return '';
    const subject = this.state.turns[effect.turnId]?.subject;
    return subject?.kind === 'todo' ? subject.todoId : '';
  }

  /** Begins and settles an effect. */
  settle<T extends EffectType>({ effectId }: PendingEffect, effectType: T, outcome: EffectOutcomes[T]): readonly Event[] {
    if (this.state.effects[effectId]?.attempts === 0) this.do({ type: 'begin-effect', effectId }, runtime);
    return this.do({ type: 'settle-effect', effectId, effectType, outcome } as RuntimeCommand, runtime);
  }

  /** Begins a turn, with the notes that a worker gives on the way to its process. */
  beginTurn(pending: PendingEffect): string {
    const { effect } = pending;
    if (effect.type !== 'run-turn') throw new Error(`${effect.type} is no turn.`);
    const { turnId } = effect;
    this.do({ type: 'begin-effect', effectId: pending.effectId }, runtime);
    this.do(
      {
        type: 'note-turn-prepared',
        turnId,
        promptSha256: 'prompt',
        promptVersion: '1',
        promptBytes: 10,
        checkpointTree: 'tree',
        runner: 'rehearsal',
        isRehearsal: true,
        sessionKey: `key/${turnId}`,
      },
      runtime,
    );
    this.do({ type: 'note-turn-spawned', turnId, pid: 4_711, startTime: '1' }, runtime);
    this.do({ type: 'note-turn-session', turnId, sessionId: `session-${turnId}` }, runtime);
    return turnId;
  }

  /** Runs a turn from preparation to its outcome. */
  endTurn(pending: PendingEffect, outcome: TurnOutcome, tokens = 1_000): readonly Event[] {
    const turnId = this.beginTurn(pending);
    const attempt = this.state.turns[turnId]?.attempts ?? 1;
    return this.do(
      {
        type: 'settle-effect',
        effectId: pending.effectId,
        effectType: 'run-turn',
        outcome: { ...outcome, tokens: { input: tokens, cachedInput: 0, output: 0 }, attempt },
      },
      runtime,
    );
  }

  copyOfState(): State {
    return copy(this.state);
  }
}
