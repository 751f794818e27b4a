import { describe, expect, it } from 'vitest';
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

/** Holds the fsync of each record until the test lets it end, or fail. */
class HeldJournal extends CountingJournal {
  readonly fsyncs: PromiseWithResolvers<void>[] = [];

  override append(): { readonly seq: number; readonly durable: Promise<void> } {
    const fsync = Promise.withResolvers<void>();
    this.fsyncs.push(fsync);
    return { seq: super.append().seq, durable: fsync.promise };
  }
}

describe('while the fsync of a record is held', () => {
  const origin = (commandId: string) => ({ commandId, actor });
  const add = { type: 'add-backlog-item', fields: { title: 'Login' } } as const;

  type Tell = (name: string, answer: ReturnType<CommitLoop['dispatch']>) => Promise<void>;

  function opened(): { readonly journal: HeldJournal; readonly loop: CommitLoop; readonly answers: string[]; readonly told: Tell } {
    const journal = new HeldJournal();
    const onDisk = emptyFold();
    const answers: string[] = [];
    const loop = new CommitLoop({
      journal,
      folded: emptyFold(),
      reload: () => Promise.resolve(onDisk),
      clock: new ManualClock(),
      ids: new FixedIds(),
      onWriteProblem: () => undefined,
    });
    const told: Tell = (name, answer) =>
      answer.then(
        (given) => void answers.push(`${name}: ${given.ok ? given.value.createdIds.join() || 'nothing new' : given.error.message}`),
      );
    return { journal, loop, answers, told };
  }

  /** Longer than any answer takes that waits for nothing. */
  const aWhile = () => new Promise(setImmediate);

  it('a repeated id is answered when the first one is durable, with the same answer', async () => {
    const { journal, loop, answers, told } = opened();
    const both = [told('first', loop.dispatch(add, origin('one'))), told('again', loop.dispatch(add, origin('one')))];
    await aWhile();
    expect(answers).toEqual([]);
    journal.fsyncs[0]?.resolve();
    await Promise.all(both);
    const id = Object.keys(loop.state.backlog)[0];
    expect(answers.sort()).toEqual([`again: ${id}`, `first: ${id}`]);
    expect(journal.lastSeq).toBe(1);
  });

  it('a repeated id fails as the first one fails, and is a new command after that', async () => {
    const { journal, loop, answers, told } = opened();
    const both = [told('first', loop.dispatch(add, origin('one'))), told('again', loop.dispatch(add, origin('one')))];
    await aWhile();
    journal.fsyncs[0]?.reject(new Error('The disk is full.'));
    await Promise.all(both);
    expect(answers.sort()).toEqual(['again: The disk is full.', 'first: The disk is full.']);
    await loop.reopen();
    const later = told('later', loop.dispatch(add, origin('one')));
    await aWhile();
    journal.fsyncs[1]?.resolve();
    await later;
    expect(answers.at(-1)).toMatch(/^later: backlog-/);
  });

  it('another body under the same id is refused when the first one is durable, not before', async () => {
    const { journal, loop, answers, told } = opened();
    const first = told('first', loop.dispatch(add, origin('one')));
    const other = told('other', loop.dispatch({ ...add, fields: { title: 'Logout' } }, origin('one')));
    await aWhile();
    expect(answers).toEqual([]);
    journal.fsyncs[0]?.resolve();
    await Promise.all([first, other]);
    expect(answers.sort()[1]).toBe('other: The command id one was used for another command already. Send a new id.');
  });

  it.each([
    ['that changes nothing', { type: 'report-problem', problem: { problemId: 'p', path: '', reason: 'It broke.', at: 'now' } }],
    ['that is refused', { type: 'begin-effect', effectId: 'fx-1' }],
  ] as const)('a command %s is answered when what it was decided on is durable, and fails with that', async (_what, command) => {
    const { journal, loop, answers, told } = opened();
    const problem = { problemId: 'p', path: '', reason: 'It broke.', at: 'now' };
    const first = told('first', loop.tell({ type: 'report-problem', problem }));
    const second = told('second', loop.tell(command));
    await aWhile();
    expect([answers, journal.lastSeq]).toEqual([[], 1]);
    journal.fsyncs[0]?.resolve();
    await Promise.all([first, second]);
    expect(answers[1]).toBe(command.type === 'begin-effect' ? 'second: Effect fx-1 is not open.' : 'second: nothing new');
    const third = told('third', loop.tell({ type: 'report-problem', problem: { ...problem, reason: 'It broke again.' } }));
    const fourth = told('fourth', loop.tell({ type: 'report-problem', problem: { ...problem, reason: 'It broke again.' } }));
    journal.fsyncs[1]?.reject(new Error('The disk is full.'));
    await Promise.all([third, fourth]);
    expect(answers.slice(2)).toEqual(['third: The disk is full.', 'fourth: The disk is full.']);
  });

  it('what was looked up for a command makes it no other command: the id stands for what the client sent', async () => {
    const { journal, loop, answers, told } = opened();
    const sent = { type: 'add-backlog-item', title: 'Login' };
    const first = told('first', loop.dispatch(add, origin('one'), sent));
    journal.fsyncs[0]?.resolve();
    await first;
    await told('again', loop.dispatch({ ...add, fields: { title: 'Login', scope: 'found since' } }, origin('one'), sent));
    expect(answers[1]).toBe(answers[0]?.replace('first', 'again'));
    expect(await loop.firstAnswer(sent, origin('one'))).toMatchObject({ ok: true });
    expect(await loop.firstAnswer(sent, origin('two'))).toBeNull();
  });
});
