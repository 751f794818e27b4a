import { expect, it } from 'vitest';
import { CommitLoop } from '../../../src/main/runtime/commit-loop.js';
import type { Folded } from '../../../src/main/runtime/journal-entry.js';
import { emptyFold } from '../../../src/main/runtime/load-state.js';
import type { Journal } from '../../../src/main/runtime/ports/journal.js';
import type { Actor, State, Todo } from '../../../src/shared/domain/state.js';
import { FixedIds } from '../../fakes/fixed-ids.js';
import { ManualClock } from '../../fakes/manual-clock.js';

const actor: Actor = { kind: 'person', id: 'lead', via: 'cli' };

/** Takes everything at once, and remembers which state each record was decided on. */
class CountingJournal implements Journal {
  readonly epoch = 1;
  lastSeq = 0;
  readonly states: State[] = [];
  stateNow: () => State = () => emptyFold().state;

  get durableSeq(): number {
    return this.lastSeq;
  }

  append(): { readonly seq: number; readonly durable: Promise<void> } {
    this.states.push(this.stateNow());
    this.lastSeq += 1;
    return { seq: this.lastSeq, durable: Promise.resolve() };
  }

  async *read(): AsyncGenerator<never> {}
  reopen = (): Promise<void> => Promise.resolve();
  drain = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
}

it('a command that comes beside one whose rule throws is decided on what is on disk, not on what the rule left', async () => {
  const journal = new CountingJournal();
  const broken = emptyFold();
  broken.state.todos['todo-1'] = { todoId: 'todo-1', status: 'committed', revision: 1, revisions: [] } as unknown as Todo;
  const onDisk: Folded = emptyFold();
  const loop = new CommitLoop({
    journal,
    folded: broken,
    reload: () => Promise.resolve(onDisk),
    clock: new ManualClock(),
    ids: new FixedIds(),
    onWriteProblem: () => undefined,
  });
  journal.stateNow = () => loop.state;
  const [thrown, added] = await Promise.all([
    loop.dispatch({ type: 'approve', todoId: 'todo-1', revision: 1, comment: '' }, { commandId: 'one', actor }),
    loop.dispatch({ type: 'add-backlog-item', fields: { title: 'Login' } }, { commandId: 'two', actor }),
  ]);
  expect(!thrown.ok && thrown.error.message).toContain('Could not carry out approve: Todo todo-1 has no revision 1.');
  expect(added.ok).toBe(true);
  expect(journal.states).toEqual([onDisk.state]);
  expect(Object.values(onDisk.state.backlog).map(({ title }) => title)).toEqual(['Login']);
});
