import type { Effect } from '../../shared/domain/effect.js';
import { evolve } from '../../shared/domain/evolve/evolve.js';
import type { Actor, State } from '../../shared/domain/state.js';
import { stampEffect, stampEvent, upcastEffect, upcastEvent } from '../../shared/domain/upcast.js';
import type { Event } from '../../shared/domain/vocabulary.js';
import type { JournalRecord } from './ports/journal.js';

/** Kind and version of the records that carry accepted commands. */
export const commandRecord = { kind: 'command', v: 1 } as const;

/** What one accepted command leaves in the journal. */
export interface CommandEntry {
  readonly command: {
    readonly type: string;
    readonly actor: Actor;
    /** Of a client; absent for the runtime's own. */ readonly id?: string;
    readonly sha256?: string;
  };
  readonly events: readonly Event[];
  readonly effects: readonly { readonly effectId: string; readonly effect: Effect }[];
}

/** An accepted client command, so that a repeated id gets its first answer (rules 1: 30 days or 100,000). */
export interface CommandReceipt {
  readonly sha256: string;
  readonly seq: number;
  readonly at: string;
  readonly events: readonly string[];
  readonly createdIds: readonly string[];
}

/** Everything that is folded from the journal. */
export interface Folded {
  readonly state: State;
  readonly receipts: Map<string, CommandReceipt>;
  /** Sequence number of the last record that is in it. */
  seq: number;
}

/** Ids that came into being with these events, in order. */
export function createdIds(events: readonly Event[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'backlog-item-added') return [event.item.backlogId];
    if (event.type === 'request-accepted') return [event.request.requestId];
    if (event.type === 'sprint-started') return [event.sprint.sprintId];
    if (event.type === 'operation-asked') return [event.operation.operationId];
    return event.type === 'todo-created' ? [event.todo.todoId] : [];
  });
}

/** What is appended for an accepted command: events and effects with the versions of their shapes. */
export const stamped = (entry: CommandEntry): CommandEntry => ({
  command: entry.command,
  events: entry.events.map(stampEvent),
  effects: entry.effects.map(({ effectId, effect }) => ({ effectId, effect: stampEffect(effect) })),
});

/** Puts the effects of a record where the worker and the next snapshot find them. */
export function keepEffects(state: State, effects: CommandEntry['effects']): void {
  for (const { effectId, effect } of effects) state.effects[effectId] = { effectId, lane: effect.lane, attempts: 0, effect };
}

const receiptLimit = 100_000;
const receiptDaysMs = 30 * 86_400_000;

/** Remembers an accepted client command and forgets the oldest over the limit. */
export function keepReceipt(receipts: Map<string, CommandReceipt>, id: string, receipt: CommandReceipt): void {
  receipts.set(id, receipt);
  for (const [oldId, old] of receipts) {
    if (receipts.size <= receiptLimit && Date.parse(receipt.at) - Date.parse(old.at) < receiptDaysMs) break;
    receipts.delete(oldId);
  }
}

/** Folds one record. Throws when an event cannot be applied; the caller names the record. */
export function foldRecord(folded: Folded, record: JournalRecord): void {
  folded.seq = record.seq;
  if (record.kind !== commandRecord.kind) return;
  const entry = record.body as CommandEntry;
  const events = entry.events.map(upcastEvent);
  for (const event of events) evolve(folded.state, event, record.time);
  keepEffects(
    folded.state,
    entry.effects.map(({ effectId, effect }) => ({ effectId, effect: upcastEffect(effect) })),
  );
  const { id, sha256 } = entry.command;
  if (id !== undefined && sha256 !== undefined)
    keepReceipt(folded.receipts, id, {
      sha256,
      seq: record.seq,
      at: record.time,
      events: events.map(({ type }) => type),
      createdIds: createdIds(events),
    });
}
