import { describe, expect, test } from 'vitest';
import type { LiveChange } from '../../../src/shared/contract/live-events.js';
import { applyChange } from '../../../src/renderer/state/apply-change.js';
import { columnsOf, withCard, withoutCard } from '../../../src/renderer/state/card-order.js';
import { emptyView } from '../../../src/renderer/state/view-store.js';
import type { ViewState } from '../../../src/renderer/state/view-store.js';
import { columns } from '../../../src/shared/domain/board.js';
import { sampleChange } from '../../fakes/sample-change.js';
import { manyCards, stageCard, stageCards, stageKey, stageSprint } from '../../fakes/stage-cards.js';

function boardOf(cards = stageCards()): ViewState {
  const board = columns.map((id) => ({ id, cards: cards.filter((card) => card.column === id) }));
  return {
    ...emptyView(),
    cards: new Map(cards.map((card) => [card.id, card])),
    columns: columnsOf(board),
    needsYou: cards.filter(({ needsPerson }) => needsPerson).map(({ id }) => id),
  };
}

const after = (state: ViewState, change: Partial<LiveChange>): ViewState => ({
  ...state,
  ...applyChange(state, sampleChange({ seq: 7, ...change })),
});

describe('a change of the stream', () => {
  test('of a card that stays in its place leaves every column and every other card as they were', () => {
    const before = boardOf();
    const old = before.cards.get('todo-142');
    const others = [...before.cards.values()].filter(({ id }) => id !== 'todo-142');
    const now = after(before, { cards: [{ ...old!, title: 'Another title' }] });
    expect(now.columns).toBe(before.columns);
    expect(now.cards.get('todo-142')?.title).toBe('Another title');
    for (const card of others) expect(now.cards.get(card.id)).toBe(card);
  });

  test('of trust is seen by every page, not only by the one that gave it', () => {
    const facts = { workspace: '/w', project: '/p', isTrusted: false, untrustedChanges: [], writeProblem: '' };
    const before = { ...boardOf(), facts };
    expect(after(before, {}).facts).toBe(facts);
    expect(after(before, { isTrusted: true }).facts).toEqual({ ...facts, isTrusted: true });
  });

  test('of a card that moves takes it from its column and puts it in its place in the other, and leaves the rest alone', () => {
    const before = boardOf();
    const now = after(before, { cards: [stageCard('todo-139', 'approved', 'Locked accounts say why and for how long')] });
    expect(now.columns.review).toEqual(['todo-141']);
    expect(now.columns.approved).toEqual(['todo-134', 'todo-135', 'todo-136', 'todo-139']);
    expect(now.columns.todo).toBe(before.columns.todo);
    expect(now.columns.done).toBe(before.columns.done);
  });

  test('of a sort key alone changes the order within the column', () => {
    const before = boardOf();
    const now = after(before, { cards: [{ ...before.cards.get('todo-134')!, sortKey: stageKey(999, true) }] });
    expect(now.columns.approved).toEqual(['todo-135', 'todo-136', 'todo-134']);
  });

  test('with a card that is gone takes it off the board and out of what needs a person', () => {
    const now = after(boardOf(), { goneCards: ['todo-138'] });
    expect(now.columns.done).toEqual(['todo-137']);
    expect(now.cards.has('todo-138')).toBe(false);
    expect(now.needsYou).not.toContain('todo-138');
  });

  test('puts a card that comes to need a person behind those that did before', () => {
    const before = boardOf();
    const now = after(before, { cards: [{ ...before.cards.get('todo-142')!, needsPerson: true }] });
    expect(now.needsYou).toEqual([...before.needsYou, 'todo-142']);
  });

  test('tells of everything that it names that its details are old', () => {
    const now = after(boardOf(), { seq: 9, goneCards: ['todo-138'], lines: [{ text: 'x', subjectId: 'request-1' }] });
    expect(now.touched.get('todo-138')).toBe(9);
    expect(now.touched.get('request-1')).toBe(9);
    expect(now.feed.at(-1)).toMatchObject({ seq: 9, text: 'x' });
  });

  test('with a new sprint puts it before the older ones', () => {
    const older = { ...stageSprint([]), id: 'older', startedAt: '2026-11-01T10:00:00.000Z' };
    const now = after({ ...boardOf(), sprints: [older] }, { sprint: stageSprint([]) });
    expect(now.sprints.map(({ id }) => id)).toEqual(['261120-Sprint-09-00', 'older']);
  });
});

describe('the order of a column', () => {
  test('is the order of the sort keys, whatever order cards come and go in', () => {
    const cards = manyCards(60).map((card, index) => ({ ...card, column: 'todo' as const, sortKey: stageKey((index * 37) % 60, true) }));
    const known = new Map(cards.map((card) => [card.id, card]));
    let board = columnsOf([]);
    for (const card of cards) board = withCard(board, known, card);
    const wanted = cards.toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : 1)).map(({ id }) => id);
    expect(board.todo).toEqual(wanted);
    for (const card of cards.slice(0, 30)) {
      board = withoutCard(board, known, card);
      known.delete(card.id);
    }
    expect(board.todo).toEqual(wanted.filter((id) => known.has(id)));
  });
});
