import { createHash } from 'node:crypto';
import type { IdSource } from '../../shared/kernel/ids.js';
import type { Result } from '../../shared/kernel/result.js';
import { err, ok } from '../../shared/kernel/result.js';
import type { Effect } from '../../shared/domain/effect.js';
import type { Actor, State } from '../../shared/domain/state.js';
import { transact } from '../../shared/domain/transact.js';
import type { Transaction } from '../../shared/domain/transact.js';
import type { Command, Event, PersonCommand, Refusal, RuntimeCommand } from '../../shared/domain/vocabulary.js';
import type { Folded } from './journal-entry.js';
import { commandRecord, createdIds, keepEffects, keepReceipt, stamped } from './journal-entry.js';
import type { Clock } from './ports/clock.js';
import type { Journal } from './ports/journal.js';
import type { Accepted, CommandOrigin } from './runtime-api.js';

/** A durable record as it is published: events for everybody, new effects for the worker. */
export interface Committed {
  readonly seq: number;
  readonly at: string;
  readonly events: readonly Event[];
  readonly effects: readonly { readonly effectId: string; readonly effect: Effect }[];
}

/** What a commit loop works on. */
export interface CommitLoopOptions {
  readonly journal: Journal;
  readonly folded: Folded;
  /** Folds everything from disk again, after a write failed. */
  readonly reload: () => Promise<Folded>;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Told once when the journal stops taking writes, with the sentence. */
  readonly onWriteProblem: (message: string) => void;
}

const hashOf = (sent: unknown, actor: Actor): string =>
  createHash('sha256')
    .update(JSON.stringify([sent, actor]))
    .digest('hex');

const runtimeActor: Actor = { kind: 'runtime', id: 'runtime' };

/**
 * The one place where state changes: decide, append, evolve in memory at once; answer, publish and hand out effects after the
 * fsync of the group (house 2). Commands are taken one after the other, many may wait for the same fsync.
 */
export class CommitLoop {
  readonly #options: CommitLoopOptions;
  readonly #listeners = new Set<(committed: Committed) => void>();
  #folded: Folded;
  #problem: string | null = null;
  /** To be looked at just before a decision, with no await in between: a command beside one that threw must not be decided on its ruins. */
  #reloading: Promise<void> | null = null;
  #unpublished: Committed[] = [];
  /** The fsync of the last record that memory holds. */
  #lastDurable: Promise<void> = Promise.resolve();
  /** Answers that are still to be given, by the client's command id. */
  readonly #underWay = new Map<string, Promise<Result<Accepted, Refusal>>>();

  constructor(options: CommitLoopOptions) {
    this.#options = options;
    this.#folded = options.folded;
  }

  get state(): State {
    return this.#folded.state;
  }

  get folded(): Folded {
    return this.#folded;
  }

  /** Why no command is taken, or null. */
  get writeProblem(): string | null {
    return this.#problem;
  }

  subscribe(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A client's command: a repeated id gets its first answer, the same id with another body is refused. `sent`: what the client sent, where
   * the command holds more than that.
   */
  async dispatch(command: PersonCommand, origin: CommandOrigin, sent: unknown = command): Promise<Result<Accepted, Refusal>> {
    while (this.#reloading) await this.#reloading;
    const repeated = this.#repeated(sent, origin);
    if (repeated) return repeated;
    const { commandId, actor } = origin;
    const answer = this.#commit(command, actor, { id: commandId, sha256: hashOf(sent, actor) });
    this.#underWay.set(commandId, answer);
    return answer.finally(() => {
      if (this.#underWay.get(commandId) === answer) this.#underWay.delete(commandId);
    });
  }

  /** The answer to what was sent with an id that was used already; null for a new one. */
  async firstAnswer(sent: unknown, origin: CommandOrigin): Promise<Result<Accepted, Refusal> | null> {
    while (this.#reloading) await this.#reloading;
    return this.#repeated(sent, origin);
  }

  /** null for a new id; else its first answer, which is given no earlier than the first time, and fails as it failed then. */
  #repeated(sent: unknown, { commandId, actor }: CommandOrigin): Promise<Result<Accepted, Refusal>> | null {
    const known = this.#folded.receipts.get(commandId);
    if (!known) return null;
    const { seq, events, createdIds: ids } = known;
    const again: Result<Accepted, Refusal> =
      known.sha256 === hashOf(sent, actor)
        ? ok({ seq, events, createdIds: ids })
        : err({ id: 'bad-input', message: `The command id ${commandId} was used for another command already. Send a new id.` });
    return (this.#underWay.get(commandId) ?? Promise.resolve(again)).then((first) => (first.ok ? again : first));
  }

  /** What the runtime itself found. */
  async tell(command: RuntimeCommand): Promise<Result<Accepted, Refusal>> {
    while (this.#reloading) await this.#reloading;
    return this.#commit(command, runtimeActor, {});
  }

  /** Stops everything in the runtime's own name, e.g. when the disk is full. */
  async stopAll(): Promise<Result<Accepted, Refusal>> {
    while (this.#reloading) await this.#reloading;
    return this.#commit({ type: 'stop-all' }, runtimeActor, {});
  }

  /** Takes writes again after a failure, if the disk does. Rejects with the journal's error while it does not. */
  async reopen(): Promise<void> {
    while (this.#reloading) await this.#reloading;
    if (this.#problem === null) return;
    await this.#options.journal.reopen();
    this.#take(await this.#options.reload());
    this.#problem = null;
  }

  async #commit(
    command: Command,
    actor: Actor,
    client: { readonly id?: string; readonly sha256?: string },
  ): Promise<Result<Accepted, Refusal>> {
    if (this.#problem !== null) return err({ id: 'journal-closed', message: this.#problem });
    const now = this.#options.clock.now();
    const decided = this.#transact(command, actor, now);
    if (!decided.ok) return this.#whenDurable(decided);
    const { events, effects } = decided.value;
    if (events.length === 0) return this.#whenDurable(ok({ seq: this.#folded.seq, events: [], createdIds: [] }));
    const { journal } = this.#options;
    const seq = journal.lastSeq + 1;
    const named = effects.map((effect, index) => ({ effectId: `fx-${seq}-${index + 1}`, effect }));
    keepEffects(this.#folded.state, named);
    const body = stamped({ command: { type: command.type, actor, ...client }, events, effects: named });
    let durable: Promise<void>;
    try {
      ({ durable } = journal.append({ time: now, ...commandRecord, body }));
    } catch (error) {
      return this.#failed(error);
    }
    this.#lastDurable = durable;
    this.#folded.seq = seq;
    const accepted: Accepted = { seq, events: events.map(({ type }) => type), createdIds: createdIds(events) };
    if (client.id !== undefined && client.sha256 !== undefined)
      keepReceipt(this.#folded.receipts, client.id, { sha256: client.sha256, at: now, ...accepted });
    this.#unpublished.push({ seq, at: now, events, effects: named });
    try {
      await durable;
    } catch (error) {
      return this.#failed(error);
    }
    this.#publishUpTo(seq);
    return ok(accepted);
  }

  /** An answer that adds no record: it says what is so, and that may hang on records which the disk has yet to take. */
  async #whenDurable(answer: Result<Accepted, Refusal>): Promise<Result<Accepted, Refusal>> {
    try {
      await this.#lastDurable;
      return answer;
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** What is read from the disk is on the disk. */
  #take(folded: Folded): void {
    this.#folded = folded;
    this.#lastDurable = Promise.resolve();
  }

  /** A rule that throws is a bug: memory is thrown away for what is on disk, and the command fails with what the rule said. */
  #transact(command: Command, actor: Actor, now: string): Result<Transaction, Refusal> {
    try {
      return transact(this.#folded.state, command, { now, ids: this.#options.ids, actor });
    } catch (error) {
      this.#reload();
      const reason = error instanceof Error ? error.message : String(error);
      return err({
        id: 'no-effect',
        message: `Could not carry out ${command.type}: ${reason} Nothing was changed; please report this with the journal's last record number ${this.#options.journal.lastSeq}.`,
      });
    }
  }

  #publishUpTo(seq: number): void {
    while (this.#unpublished[0] && this.#unpublished[0].seq <= seq) {
      const committed = this.#unpublished.shift();
      if (committed) for (const listener of this.#listeners) listener(committed);
    }
  }

  #failed(error: unknown): Result<Accepted, Refusal> {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#problem === null) {
      this.#problem = message;
      this.#unpublished = [];
      this.#reload();
      this.#options.onWriteProblem(message);
    }
    return err({ id: 'journal-closed', message });
  }

  #reload(): void {
    if (this.#reloading) return;
    this.#reloading = this.#options.journal
      .drain()
      .catch(() => undefined)
      .then(() => this.#options.reload())
      .then((folded) => {
        this.#take(folded);
      })
      .catch((error: unknown) => {
        this.#problem ??= `Could not read the journal again: ${error instanceof Error ? error.message : String(error)}`;
      })
      .finally(() => {
        this.#reloading = null;
      });
  }
}
