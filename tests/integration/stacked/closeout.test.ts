import { afterEach, describe, expect, it } from 'vitest';
import { columnOf, waitingFor } from '../../../src/shared/domain/board.js';
import { StackGround } from '../../fixtures/stack-ground.js';
import type { StackedTodo } from '../../fixtures/stack-ground.js';

const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
const setLine = (nth: number, to: string) => (text: string) =>
  text
    .split('\n')
    .with(nth - 1, to)
    .join('\n');

/** A is at the top of the list, B at its end, C between them; each has a file of its own as well. */
const todoA: StackedTodo = {
  title: 'A',
  work: { 'a.txt': (_, revision) => `a, revision ${revision}\n`, 'list.txt': (text, revision) => setLine(2, `A ${revision}`)(text) },
};
const todoB: StackedTodo = { title: 'B', dependsOn: ['A'], work: { 'b.txt': () => 'b\n', 'list.txt': setLine(28, 'B') } };
const todoC: StackedTodo = { title: 'C', dependsOn: ['B'], work: { 'c.txt': () => 'c\n', 'list.txt': setLine(15, 'C') } };
/** Never done, so that the sprint goes on and changes can be asked for. */
const open: StackedTodo = { title: 'Open', work: {} };

let ground: StackGround;
afterEach(() => ground.dispose());

async function make(todos: readonly StackedTodo[]): Promise<void> {
  ground = await StackGround.make({ 'list.txt': `${lines.join('\n')}\n` }, [...todos, open]);
  await ground.play(() => todos.every(({ title }) => ground.stage.todo(title).status === 'committed'));
  const { todoId } = ground.stage.todo('Open');
  if (ground.stage.todo('Open').status === 'running') ground.stage.do({ type: 'requeue', todoId });
}

const cardOf = (title: string) => ({
  column: columnOf(ground.stage.todo(title)),
  waitsFor: waitingFor(ground.stage.todo(title), ground.stage.state),
});
const verdictsOf = (title: string) => ground.stage.revision(title).verdicts.map(({ kind }) => kind);
const onTarget = (name: string): Promise<string> => ground.repository.git('show', `main:${name}`);
const moveTarget = (): Promise<string> => ground.repository.commit({ 'person.txt': 'mine\n' }, 'Person');

/** Both on the target, each as one commit of its own, as it was seen, and proven. */
async function expectBothApproved(history: readonly string[], revisions: { readonly A: number; readonly B: number }): Promise<void> {
  expect(await ground.landed()).toEqual(history);
  expect(await ground.audit()).toEqual([]);
  expect([cardOf('A'), cardOf('B')]).toEqual([
    { column: 'approved', waitsFor: '' },
    { column: 'approved', waitsFor: '' },
  ]);
  expect(await ground.filesOf('A')).toEqual(['a.txt', 'list.txt']);
  expect(await ground.filesOf('B')).toEqual(['b.txt', 'list.txt']);
  expect(await onTarget('a.txt')).toBe(`a, revision ${revisions.A}`);
  expect(await onTarget('list.txt')).toBe([...lines].with(1, `A ${revisions.A}`).with(27, 'B').join('\n'));
}

const held = 'waits for "A", which it builds on, to be approved and on the target branch';
const places = [
  ['where the target stood still', false],
  ['where the target moved', true],
] as const;

describe.each(places)('work that was built on work without an approval, %s', (_where, isMoved) => {
  const before = isMoved ? ['Person'] : [];

  it('goes to the target after it when it is approved second, with its approval kept', async () => {
    await make([todoA, todoB]);
    if (isMoved) await moveTarget();
    expect(await ground.audit()).toEqual([]);
    expect(await ground.filesOf('B')).toEqual(['b.txt', 'list.txt']);
    await ground.approve('A');
    expect(await ground.landed()).toEqual([...before, 'A r1']);
    await ground.approve('B');
    await expectBothApproved([...before, 'A r1', 'B r1'], { A: 1, B: 1 });
    expect(verdictsOf('B')).toEqual(['approved']);
  });

  it('waits for it by name when it is approved first, and brings nothing of it to the target', async () => {
    await make([todoA, todoB]);
    if (isMoved) await moveTarget();
    const tip = await ground.repository.git('rev-parse', 'main');
    await ground.approve('B');
    expect(await ground.repository.git('rev-parse', 'main')).toBe(tip);
    expect(cardOf('B')).toEqual({ column: 'done', waitsFor: held });
    await ground.approve('A');
    await expectBothApproved([...before, 'A r1', 'B r1'], { A: 1, B: 1 });
    expect([verdictsOf('A'), verdictsOf('B')]).toEqual([['approved'], ['approved']]);
  });

  it('goes onto what that became when changes were asked for on it meanwhile', async () => {
    await make([todoA, todoB]);
    await ground.approve('B');
    ground.requestChanges('A');
    await ground.play(() => ground.stage.todo('A').status === 'committed');
    if (isMoved) await moveTarget();
    expect(await ground.audit()).toEqual([]);
    expect(cardOf('B')).toEqual({ column: 'done', waitsFor: held });
    expect(await ground.landed()).toEqual(before);
    await ground.approve('A');
    await expectBothApproved([...before, 'A r2', 'B r1'], { A: 2, B: 1 });
    expect(verdictsOf('B')).toEqual(['approved']);
  });
});

describe('work that was built on work without an approval', () => {
  it('goes up a chain in order, however the approvals came, each waiting for the next below by name', async () => {
    await make([todoA, todoB, todoC]);
    for (const title of ['C', 'B']) await ground.approve(title);
    expect([cardOf('B').waitsFor, cardOf('C').waitsFor]).toEqual([held, held.replace('"A"', '"B"')]);
    expect(await ground.landed()).toEqual([]);
    await ground.approve('A');
    expect(await ground.landed()).toEqual(['A r1', 'B r1', 'C r1']);
    expect(await ground.audit()).toEqual([]);
    expect(await ground.filesOf('C')).toEqual(['c.txt', 'list.txt']);
  });

  it('stays on its branch when its approval is taken back while it waits, and goes with the next one', async () => {
    await make([todoA, todoB]);
    await ground.approve('B');
    const { todoId } = ground.stage.todo('B');
    ground.stage.do({ type: 'take-back', todoId, revision: 1 });
    await ground.approve('A');
    expect(await ground.landed()).toEqual(['A r1']);
    await ground.approve('B');
    await expectBothApproved(['A r1', 'B r1'], { A: 1, B: 1 });
  });

  it('is finished on what it began on when changes are asked for below it, and goes onto what that became', async () => {
    ground = await StackGround.make({ 'list.txt': `${lines.join('\n')}\n` }, [todoA, todoB]);
    await ground.play(() => ground.stage.todo('B').workflow.step === 'developer_build');
    ground.requestChanges('A');
    await ground.play(() => ground.stage.todo('B').status === 'committed');
    await ground.play(() => ground.stage.todo('A').status === 'committed');
    expect(await ground.audit()).toEqual([]);
    for (const title of ['B', 'A']) await ground.approve(title);
    await expectBothApproved(['A r2', 'B r1'], { A: 2, B: 1 });
  });

  it('comes back to its developer with both sides when it does not fit onto what that became', async () => {
    const work = { ...todoA.work, 'list.txt': (text: string, revision: number) => setLine(revision === 1 ? 2 : 28, `A ${revision}`)(text) };
    await make([{ ...todoA, work }, todoB]);
    await ground.approve('B');
    ground.requestChanges('A');
    await ground.play(() => ground.stage.todo('A').status === 'committed');
    await ground.approve('A');
    expect(ground.stage.todo('B')).toMatchObject({ revision: 2, status: 'committed', needsFix: false });
    expect(ground.stage.revision('B').request).toMatch(/^The work conflicts with what landed meanwhile, in list\.txt \(commit /);
    expect(ground.stage.todo('B').inputs.at(-1)?.text).toBe(
      'What was changed in revision 1 does not fit onto what landed meanwhile: both sides stand between markers in list.txt. Resolve them first.',
    );
    expect(await ground.landed()).toEqual(['A r2']);
    await ground.approve('B');
    expect(await ground.landed()).toEqual(['A r2', 'B r2']);
    expect(await ground.audit()).toEqual([]);
    expect(await ground.filesOf('B')).toEqual(['b.txt', 'list.txt']);
  });

  it('keeps its own base where that does not fit onto the target any more, until it is mended there', async () => {
    ground = await StackGround.make({ 'list.txt': `${lines.join('\n')}\n` }, [todoA, todoB]);
    await ground.play(() => ground.stage.todo('B').workflow.step === 'developer_build');
    await ground.repository.commit({ 'list.txt': `${lines.with(1, 'Person').join('\n')}\n` }, 'Person');
    await ground.play(() => ground.stage.todo('B').status === 'committed');
    expect(await ground.audit()).toEqual([]);
    expect(await ground.filesOf('B')).toEqual(['b.txt', 'list.txt']);
    for (const title of ['B', 'A']) await ground.approve(title);
    expect(await ground.landed()).toEqual(['Person']);
  });
});

describe('a revision that was sent back before it was on the target', () => {
  it('becomes a part of the next one: one commit, seen and proven as a whole', async () => {
    await make([todoA]);
    ground.requestChanges('A');
    await ground.play(() => ground.stage.todo('A').status === 'committed');
    await moveTarget();
    expect(await ground.filesOf('A')).toEqual(['a.txt', 'list.txt']);
    expect(await ground.audit()).toEqual([]);
    await ground.approve('A');
    expect(await ground.landed()).toEqual(['Person', 'A r2']);
    expect(await ground.audit()).toEqual([]);
    expect(await onTarget('a.txt')).toBe('a, revision 2');
  });

  it('because the approved work conflicts with the target does not stand in the way of the next one', async () => {
    await make([todoA]);
    await ground.repository.commit({ 'list.txt': `${lines.with(1, 'Person').join('\n')}\n` }, 'Person');
    await ground.approve('A');
    expect(ground.stage.todo('A')).toMatchObject({ revision: 2, status: 'committed' });
    expect(ground.stage.todo('A').inputs.at(-1)?.text).toContain('both sides stand between markers in list.txt');
    await ground.approve('A');
    expect(await ground.landed()).toEqual(['Person', 'A r2']);
    expect(await ground.audit()).toEqual([]);
  });
});

describe('work that waits for its approval and that a person brought to the target by hand', () => {
  it('is there as it stands when it is approved, with the receipt that it had', async () => {
    await make([todoA, todoB]);
    const { commit, receipt } = ground.stage.revision('A');
    await ground.repository.git('merge', '-q', '--ff-only', commit ?? '');
    await ground.approve('A');
    expect(ground.stage.revision('A')).toMatchObject({ commit, isIntegrated: true });
    expect(ground.stage.revision('A').receipt?.badge).toBe(receipt?.badge);
    await ground.approve('B');
    await expectBothApproved(['A r1', 'B r1'], { A: 1, B: 1 });
  });
});
