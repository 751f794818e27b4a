import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommitLoop } from '../../../src/main/runtime/commit-loop.js';
import type { CommandEntry } from '../../../src/main/runtime/journal-entry.js';
import { emptyFold, foldTail } from '../../../src/main/runtime/load-state.js';
import type { Journal, JournalRecord } from '../../../src/main/runtime/ports/journal.js';
import { readJournal } from '../../../src/main/runtime/workspace/journal-open.js';
import { emptyState } from '../../../src/shared/domain/state.js';
import { FixedIds } from '../../fakes/fixed-ids.js';
import { ManualClock } from '../../fakes/manual-clock.js';

const golden = join(import.meta.dirname, '../../fixtures/golden');
const foldOf = async (name: string) => foldTail(emptyFold(), await readJournal(join(golden, name), new ManualClock(), 0));

it.each(['without-versions', 'versions-1'])('the golden journal %s is folded to the state that it was written from', async (name) => {
  const state: unknown = JSON.parse(await readFile(join(golden, 'state.json'), 'utf8'));
  const { state: folded } = await foldOf(name);
  // What later versions add to the state is empty in these journals.
  expect(JSON.parse(JSON.stringify(folded))).toEqual({ ...emptyState(), ...(state as object) });
});

/** Keeps what is appended, as its line would hold it. */
class KeepingJournal implements Journal {
  readonly epoch = 1;
  readonly records: JournalRecord[] = [];

  get lastSeq(): number {
    return this.records.length;
  }

  get durableSeq(): number {
    return this.records.length;
  }

  append(entry: Parameters<Journal['append']>[0]): { readonly seq: number; readonly durable: Promise<void> } {
    this.records.push(JSON.parse(JSON.stringify({ ...entry, seq: this.lastSeq + 1, epoch: 1 })) as JournalRecord);
    return { seq: this.lastSeq, durable: Promise.resolve() };
  }

  async *read(after: number): AsyncGenerator<JournalRecord> {
    for (const record of this.records.slice(after)) yield await Promise.resolve(record);
  }

  reopen = (): Promise<void> => Promise.resolve();
  drain = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
}

async function journalWithRequest(): Promise<{ readonly journal: KeepingJournal; readonly loop: CommitLoop }> {
  const journal = new KeepingJournal();
  const loop = new CommitLoop({
    journal,
    folded: emptyFold(),
    reload: () => Promise.resolve(emptyFold()),
    clock: new ManualClock(),
    ids: new FixedIds(),
    onWriteProblem: () => undefined,
  });
  const { configuration } = (await foldOf('versions-1')).state;
  if (!configuration) throw new Error('The golden journal has no configuration.');
  await loop.tell({ type: 'load-configuration', configuration, sha256: 'f'.repeat(64), isTrusted: true, untrustedChanges: [] });
  const actor = { kind: 'person', id: 'pat', via: 'cli' } as const;
  await loop.dispatch({ type: 'submit-request', text: 'Mend the sum' }, { commandId: 'one', actor });
  return { journal, loop };
}

it('every event and effect is appended with the version of its shape, and folded to the state in memory', async () => {
  const { journal, loop } = await journalWithRequest();
  const entries = journal.records.map(({ body }) => body as CommandEntry);
  const kept = entries.flatMap(({ events, effects }) => [...events, ...effects.map(({ effect }) => effect)]);
  expect(kept.map(({ type }) => type)).toContain('run-turn');
  expect(kept.every((each) => (each as { readonly v?: number }).v === 1)).toBe(true);
  expect((await foldTail(emptyFold(), journal)).state).toEqual(loop.state);
});

it.each(['event', 'effect'])('an %s of a newer version stops the reading with a sentence', async (what) => {
  const { journal } = await journalWithRequest();
  const entry = journal.records[1]?.body as { events: { v: number }[]; effects: { effect: { v: number } }[] };
  const newer = what === 'event' ? entry.events[0] : entry.effects[0]?.effect;
  if (newer) newer.v = 2;
  await expect(foldTail(emptyFold(), journal)).rejects.toThrow(
    new RegExp(
      `^Could not apply record 2 of the journal: The journal holds an ${what} "[a-z-]+" of version 2, and this Muster knows 1\\. Open the workspace with the newer Muster that wrote it\\.`,
    ),
  );
});
