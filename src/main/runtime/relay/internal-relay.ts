import { createHash } from 'node:crypto';
import type { Envelope, State } from '../../../shared/domain/state.js';
import { roster } from '../../../shared/domain/roster.js';
import type { Event, Refusal, RuntimeCommand } from '../../../shared/domain/vocabulary.js';
import type { Cancel, Clock } from '../ports/clock.js';
import type { RelayFiles } from '../ports/relay.js';
import { archivedRecord, envelopeRecord } from './envelope-record.js';
import { readIntake } from './read-intake.js';
import type { IntakeEnvelope } from './read-intake.js';

const triesBeforeDeadLetter = 3;
const retryDelaysMs: readonly number[] = [1_000, 5_000];
const lookDelayMs = 100;
const largestIntakeBytes = 1024 * 1024;
const ownName = /^\d{10,}-[0-9a-f]{8}\.json$/;
/** Refusals that are about the moment, not about the file: it stays in the inbox. */
const passing: readonly string[] = ['journal-closed', 'halted'];

/** What the relay works with. */
export interface InternalRelayOptions {
  readonly files: RelayFiles;
  readonly clock: Clock;
  readonly state: () => State;
  /** Accepts a command durably; the refusal where the domain says no; throws when it cannot be accepted at all. */
  readonly dispatch: (command: RuntimeCommand) => Promise<Refusal | null>;
}

/** Makes a relay; nothing is written or read before `note`, `rebuild` or `look`. */
export const createInternalRelay = (options: InternalRelayOptions): InternalRelay => new InternalRelay(options);

/** Shows the envelopes as files, and takes in the files that others put in an inbox (sprint-runtime 7.1, rules 1). */
export class InternalRelay {
  readonly #options: InternalRelayOptions;
  /** Envelopes whose files have to be brought up to date, and those whose file is in an inbox. */
  readonly #dirty = new Map<string, Envelope>();
  readonly #inInbox = new Map<string, Envelope>();
  readonly #tries = new Map<string, number>();
  #timer: Cancel | null = null;
  #tail: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: InternalRelayOptions) {
    this.#options = options;
  }

  /** Takes in a durable record; files follow in the background, in order. */
  note(delta: { readonly events: readonly Event[] }): void {
    const state = this.#options.state();
    for (const event of delta.events) {
      if (event.type === 'turn-asked' && event.envelope) this.#mark(event.envelope, state);
      if (event.type === 'envelope-consumed') this.#markById(event.relayId, state);
      if (event.type === 'turn-ended') for (const open of this.#inInbox.values()) if (open.turnId === event.turnId) this.#mark(open, state);
      if (event.type === 'sprint-archived')
        for (const open of this.#inInbox.values()) if (!state.envelopes[open.relayId]) this.#mark(open, state);
    }
    if (this.#dirty.size > 0) void this.#enqueue(() => this.#project());
  }

  /** Brings inboxes and archive in line with the state, then takes in what waits in the inboxes; at the start. */
  async rebuild(): Promise<void> {
    const state = this.#options.state();
    for (const envelope of Object.values(state.envelopes)) this.#mark(envelope, state);
    await this.#enqueue(() => this.#project());
    await this.#enqueue(() => this.#takeAll());
  }

  /** Something in an inbox changed: looked at shortly, several changes together. */
  changed(): void {
    this.#lookAfter(lookDelayMs);
  }

  /** Takes in now what waits in the inboxes. */
  look(): Promise<void> {
    return this.#enqueue(() => this.#takeAll());
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    let tail;
    do {
      tail = this.#tail;
      await tail;
    } while (tail !== this.#tail);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.();
    this.#timer = null;
    await this.drain();
  }

  #mark(envelope: Envelope, state: State): void {
    this.#dirty.set(envelope.relayId, state.envelopes[envelope.relayId] ?? envelope);
  }

  #markById(relayId: string, state: State): void {
    const envelope = state.envelopes[relayId] ?? this.#inInbox.get(relayId);
    if (envelope) this.#mark(envelope, state);
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail
      .then(task)
      .then(() => this.#mended('relay'))
      .catch((error: unknown) => this.#problem('relay', 'internal_relay', `Could not keep the relay's folder: ${wordsOf(error)}`));
    return this.#tail;
  }

  #lookAfter(ms: number): void {
    if (this.#isStopped || this.#timer) return;
    this.#timer = this.#options.clock.after(ms, () => {
      this.#timer = null;
      void this.look();
    });
  }

  async #project(): Promise<void> {
    const envelopes = [...this.#dirty.values()];
    this.#dirty.clear();
    for (const envelope of envelopes) {
      try {
        await this.#projectOne(envelope);
        await this.#mended(`relay:${envelope.relayId}`);
      } catch (error) {
        await this.#problem(
          `relay:${envelope.relayId}`,
          `${envelope.relayId}.json`,
          `Could not write the relay file ${envelope.relayId}: ${wordsOf(error)}`,
        );
      }
    }
  }

  async #projectOne(envelope: Envelope): Promise<void> {
    const { files, state } = this.#options;
    const name = `${envelope.relayId}.json`;
    if (isOpen(envelope, state())) {
      this.#inInbox.set(envelope.relayId, { ...envelope });
      await files.write(envelope.to, name, recordText(envelopeRecord(envelope, state())));
      return;
    }
    if (!(await files.hasArchived(envelope.to, name)))
      await files.writeArchive(envelope.to, name, recordText(archivedRecord(envelope, state())));
    await files.remove(envelope.to, name);
    this.#inInbox.delete(envelope.relayId);
  }

  async #takeAll(): Promise<void> {
    for (const { role } of roster) {
      const { names, refused } = await this.#options.files.list(role);
      for (const name of refused)
        await this.#problem(
          `relay:${role}/${name}`,
          `inbox/${role}/${name}`,
          `Could not take in inbox/${role}/${name}: it is a link or a folder. Remove it.`,
          this.#options.files.placeOf(role, name),
        );
      for (const name of names) await this.#takeOne(role, name);
    }
  }

  /** One file; whatever goes wrong with it, the next one is looked at. */
  async #takeOne(role: string, name: string): Promise<void> {
    const key = `${role}/${name}`;
    if (this.#inInbox.has(stemOf(name))) return;
    try {
      await this.#take(role, name);
      this.#tries.delete(key);
    } catch (error) {
      const tries = (this.#tries.get(key) ?? 0) + 1;
      this.#tries.set(key, tries);
      const delayMs = retryDelaysMs[tries - 1];
      if (tries < triesBeforeDeadLetter && delayMs !== undefined) this.#lookAfter(delayMs);
      else if (tries === triesBeforeDeadLetter) await this.#bury(role, name, error);
    }
  }

  async #bury(role: string, name: string, cause: unknown): Promise<void> {
    const key = `${role}/${name}`;
    const problem = (where: string, standsWith: string): Promise<void> =>
      this.#problem(
        `relay:${key}`,
        `inbox/${key}`,
        `Could not take in inbox/${key} after ${triesBeforeDeadLetter} tries: ${wordsOf(cause)} ${where}`,
        standsWith,
      );
    try {
      const path = await this.#options.files.move(role, name, 'dead-letter', safeStem(name));
      this.#tries.delete(key);
      await problem(`It is in ${path}; put it back into the inbox to try again.`, path);
    } catch (error) {
      const where = `It could not be moved away either: ${wordsOf(error)} It is left alone until Muster starts again.`;
      await problem(where, this.#options.files.placeOf(role, name));
    }
  }

  async #take(role: string, name: string): Promise<void> {
    const { files, state } = this.#options;
    if (ownName.test(name) && Number(name.slice(0, name.indexOf('-'))) <= state().envelopeCount) {
      // An envelope of a sprint that left memory; it was handed over long ago.
      await files.move(role, name, 'archive', safeStem(name));
      return;
    }
    const bytes = await files.read(role, name, largestIntakeBytes);
    if (bytes === null) return;
    if (bytes === 'too-large') return this.#refuse(role, name, `is larger than ${largestIntakeBytes} bytes`, null);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const known = state().intakes[sha256];
    if (known) {
      await files.move(role, name, 'archive', known.isValid ? safeStem(name) : `${safeStem(name)}-invalid`);
      return;
    }
    const intake = readIntake(bytes, role);
    if (!intake.ok) return this.#refuse(role, name, intake.reason, sha256);
    await this.#accept(role, name, sha256, intake.envelope);
  }

  async #accept(role: string, name: string, sha256: string, envelope: IntakeEnvelope): Promise<void> {
    const refusal = await this.#options.dispatch({ type: 'take-intake', sha256, role, envelope, reason: '' });
    if (refusal && passing.includes(refusal.id)) return;
    if (refusal) return this.#refuse(role, name, `was refused: ${refusal.message}`, sha256);
    await this.#options.files.move(role, name, 'archive', safeStem(name));
    await this.#mended(`relay:${role}/${name}`);
  }

  /** The problem first and the move last: after a kill in between the same is said again, and nothing is lost in silence. */
  async #refuse(role: string, name: string, reason: string, sha256: string | null): Promise<void> {
    const { files, dispatch } = this.#options;
    const problem = (standsWith: string): Promise<void> =>
      this.#problem(
        `relay:${role}/${name}`,
        `inbox/${role}/${name}`,
        `Could not take in inbox/${role}/${name}: it ${reason.replace(/\.$/, '')}. It is in archive/${role} with "-invalid" in its name; mend it and put it back into the inbox.`,
        standsWith,
      );
    await problem('');
    if (sha256 !== null) {
      const refusal = await dispatch({ type: 'take-intake', sha256, role, envelope: null, reason });
      if (refusal && passing.includes(refusal.id)) return;
    }
    await problem(await files.move(role, name, 'archive', `${safeStem(name)}-invalid`));
  }

  async #mended(problemId: string): Promise<void> {
    if (this.#options.state().problems[problemId]) await this.#options.dispatch({ type: 'clear-problem', problemId });
  }

  async #problem(problemId: string, path: string, reason: string, standsWith = ''): Promise<void> {
    const problem = { problemId, path, reason, at: this.#options.clock.now(), ...(standsWith === '' ? {} : { standsWith }) };
    try {
      await this.#options.dispatch({ type: 'report-problem', problem });
    } catch (error) {
      // Nothing can be accepted now, so nobody can be told through the journal; the file is still where it was.
      this.#lookAfter(retryDelaysMs.at(-1) ?? lookDelayMs);
      if (!(error instanceof Error)) throw error;
    }
  }
}

/** Whether an envelope still waits for its turn. */
function isOpen(envelope: Envelope, state: State): boolean {
  if (envelope.consumedAt !== null || state.envelopes[envelope.relayId] === undefined) return false;
  const turn = state.turns[envelope.turnId];
  return turn !== undefined && turn.status !== 'ended';
}

const recordText = (record: unknown): string => `${JSON.stringify(record, null, 2)}\n`;

const stemOf = (name: string): string => name.replace(/\.json$/, '');

/** The name without its ending, as a name that is fine on every system. */
const safeStem = (name: string): string =>
  stemOf(name)
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 100) || 'intake';

const wordsOf = (error: unknown): string => (error instanceof Error ? `${error.message.replace(/\.$/, '')}.` : String(error));
