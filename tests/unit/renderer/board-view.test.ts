import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from '../../../src/renderer/board/card-filter.js';
import type { CardQuery } from '../../../src/renderer/board/card-filter.js';
import { besideCard, headBadges, shortId, waitLine } from '../../../src/renderer/board/card-words.js';
import { cardIdsOf, columnRows } from '../../../src/renderer/board/column-rows.js';
import { nextCursor, nextNeedsYou } from '../../../src/renderer/board/cursor.js';
import { standstillOf } from '../../../src/renderer/board/standstill.js';
import { planReorder } from '../../../src/renderer/board/plan-reorder.js';
import { sortKeyOf } from '../../../src/main/runtime/views-sort-key.js';
import { sampleTodo } from '../../fakes/sample-todo.js';
import { stageCard, stageCards } from '../../fakes/stage-cards.js';

const cards = new Map(stageCards().map((card) => [card.id, card]));
const everything: CardQuery = { search: '', filters: [], role: '' };

describe('a search', () => {
  const found = (query: Partial<CardQuery>): readonly string[] =>
    [...cards.values()].filter((card) => matches(card, { ...everything, ...query })).map(({ id }) => id);

  test('finds cards that have every word, in the id, the title, the owner or a badge', () => {
    expect(found({ search: 'form login' })).toEqual(['todo-142']);
    expect(found({ search: 'NEEDS fix' })).toEqual(['todo-146']);
    expect(found({ search: '139' })).toEqual(['todo-139']);
    expect(found({ search: 'nowhere' })).toEqual([]);
  });

  test('shows what is of any of the filters, and of the role', () => {
    expect(found({ filters: ['blocked', 'needs_fix'] })).toEqual(['todo-146', 'todo-144']);
    expect(found({ filters: ['not_verified'] })).toEqual(['todo-137']);
    expect(found({ role: 'architect' })).toEqual(['todo-144', 'todo-141']);
  });
});

describe('the rows of a column', () => {
  test('are its cards in order, and with groups a head before each group', () => {
    const ids = ['todo-142', 'todo-144'];
    expect(columnRows(ids, cards, everything, 'none')).toEqual(ids.map((id) => ({ kind: 'card', id })));
    const rows = columnRows(ids, cards, everything, 'state');
    expect(rows[0]).toEqual({ kind: 'group', id: 'group person', name: 'person', count: 1 });
    expect(cardIdsOf(rows)).toEqual(['todo-144', 'todo-142']);
  });
});

describe('the cursor', () => {
  const sight = [['a', 'b'], [], ['c']];

  test('begins at the first card', () => expect(nextCursor(sight, null, 'down')).toBe('a'));
  test('stays at the end of a column', () => expect(nextCursor(sight, 'b', 'down')).toBe('b'));
  test('passes over an empty column', () => expect(nextCursor(sight, 'b', 'right')).toBe('c'));
  test('stays at the last column', () => expect(nextCursor(sight, 'c', 'right')).toBe('c'));
  test('goes round what needs a person', () => {
    expect(nextNeedsYou(['a', 'c'], 'c')).toBe('a');
    expect(nextNeedsYou(['a', 'c'], null)).toBe('a');
    expect(nextNeedsYou([], 'a')).toBeNull();
  });
});

describe('a card', () => {
  test('has a short id', () => {
    expect(shortId('todo-140422-51a086')).toBe('51a086');
    expect(shortId('todo-142')).toBe('142');
  });

  test('says beside itself what it says with its name elsewhere', () => {
    const card = { id: 'todo-1', title: 'A title' };
    expect(besideCard('todo-1 "A title" has no receipt.', card)).toBe('This card has no receipt.');
  });

  test('that a person has to look at says so, and one in DONE does not, as its column does', () => {
    expect(waitLine(cards.get('todo-139')!)).toEqual({ text: 'Waits for you: review', isForYou: true });
    expect(waitLine(cards.get('todo-138')!)).toBeNull();
  });

  test('that was sent back after its sprint says where its rework is', () => {
    const more = {
      badges: ['needs_fix', 'verified'],
      waitingFor: 'changes were requested; their rework is in the backlog',
      needsPerson: false,
    };
    const text = 'Changes were requested; their rework is in the backlog';
    expect(waitLine(stageCard('todo-1', 'done', 'A card', more))).toEqual({ text, isForYou: false });
  });

  test('that is approved and waits for what it builds on says so in DONE, and that is not for you', () => {
    const waitingFor = 'waits for "A", which it builds on, to be approved and on the target branch';
    const card = stageCard('todo-1', 'done', 'A card', { waitingFor, needsPerson: false, dependsOnOpen: ['todo-2'] });
    expect(waitLine(card)).toEqual({ text: `W${waitingFor.slice(1)}`, isForYou: false });
  });

  test('that was sent back quotes what should change, and shows no badge twice', () => {
    expect(waitLine(cards.get('todo-146')!)).toEqual({ text: '“use the legal name in the footer”', isForYou: false });
    expect(headBadges(cards.get('todo-137')!)).toEqual([]);
  });
});

describe('what stands still', () => {
  const sprint = { status: 'running', pausedReason: '', endedAt: null };
  const ended = { status: 'blocked', pausedReason: 'could not start codex: install it.', endedAt: '2026-11-21T13:00:00.000Z' };

  test('is nothing while a sprint runs, was completed, or was never started', () => {
    expect(standstillOf(null, sprint)).toBeNull();
    expect(standstillOf(null, { ...ended, status: 'completed' })).toBeNull();
    expect(standstillOf(null, null)).toBeNull();
  });

  test('is a sprint that ended before it was done, with its reason and nothing to resume', () => {
    expect(standstillOf(null, ended)).toEqual({
      title: 'The sprint ended before it was done',
      reason: 'Could not start codex: install it.',
      at: ended.endedAt,
      isBad: true,
      canResume: false,
    });
  });

  test('is a paused sprint, which can be resumed, and before it that everything is stopped', () => {
    const paused = { ...sprint, status: 'paused', pausedReason: 'The day is spent.' };
    expect(standstillOf(null, paused)).toMatchObject({ reason: 'The day is spent.', canResume: true, isBad: false });
    const halt = { reason: 'Ana stopped everything.', at: '2026-11-21T13:00:00.000Z' };
    expect(standstillOf(halt, paused)).toMatchObject({ title: 'Everything is stopped', reason: 'Ana stopped everything.' });
  });
});

describe('a new place in a column', () => {
  const columnWith = (orders: readonly number[]) =>
    orders
      .map((order, index) => sampleTodo({ todoId: `todo-${index}`, order, startedAt: null, priorityRank: index + 1 }))
      .map((todo) => ({ id: todo.todoId, sortKey: sortKeyOf(todo), todo }))
      .toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : 1));

  test('is where the card is after the commands, whatever orders the others have', () => {
    const order = fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 5 }), fc.double({ min: -9, max: 9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(order, { minLength: 2, maxLength: 8 }), fc.nat(), fc.nat(), (orders, from, to) => {
        const column = columnWith(orders);
        const id = column[from % column.length]!.id;
        const at = to % column.length;
        const plan = planReorder(column, id, at);
        if (!plan.ok) throw new Error(plan.error);
        for (const step of plan.value) column.find((card) => card.id === step.todoId)!.todo.order = step.order;
        const now = column
          .map(({ id: cardId, todo }) => ({ id: cardId, key: sortKeyOf(todo) }))
          .toSorted((a, b) => (a.key < b.key ? -1 : 1));
        expect(now.findIndex((card) => card.id === id)).toBe(at);
        const others = column.filter((card) => card.id !== id).map((card) => card.id);
        expect(now.filter((card) => card.id !== id).map((card) => card.id)).toEqual(others);
      }),
    );
  });

  test('before work that has started is refused to work that has not', () => {
    const [started, waiting] = [stageCard('todo-1', 'in_progress', 'A'), stageCard('todo-2', 'todo', 'B')];
    const plan = planReorder([started, waiting], 'todo-2', 0);
    expect(plan).toEqual({ ok: false, error: 'Work that has started stands before work that has not.' });
  });
});
