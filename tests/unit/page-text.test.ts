import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageAt, pageText } from '../../src/main/runtime/platform/page-text.js';
import { sortKeyOf } from '../../src/main/runtime/views-sort-key.js';
import { compareTodos } from '../../src/shared/domain/board.js';
import { sampleTodo } from '../fakes/sample-todo.js';

const pageOf = (bytes: Buffer, range: Parameters<typeof pageAt>[1]) => {
  const { from, to } = pageAt(bytes.length, range);
  return pageText(bytes.subarray(from, to), from, bytes.length);
};

describe('pages of a text', () => {
  it('begin at its end and go up to its beginning without losing or cutting a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 4, max: 40 }), (text, limitBytes) => {
        const whole = Buffer.from(text.toWellFormed());
        let read = '';
        for (let before = whole.length; before > 0;) {
          const page = pageOf(whole, { before, limitBytes });
          expect(page.to).toBe(before);
          read = page.text + read;
          before = page.from;
        }
        expect(read).toBe(whole.toString('utf8'));
      }),
    );
  });

  it('go on after what was read, and wait for a character of which only a part is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 4, max: 40 }), (text, limitBytes) => {
        const whole = Buffer.from(text.toWellFormed());
        let read = '';
        for (let after = 0; after < whole.length;) {
          const page = pageOf(whole, { after, limitBytes });
          expect(page.from).toBe(after);
          read += page.text;
          after = page.to;
        }
        expect(read).toBe(whole.toString('utf8'));
      }),
    );
  });

  it('are empty behind the end', () => {
    expect(pageOf(Buffer.from('abc'), { after: 9, limitBytes: 4 })).toEqual({ text: '', from: 3, to: 3, size: 3 });
  });
});

describe('the key of a card', () => {
  it('sorts as the board does, for every order, rank and age', () => {
    const todo = fc
      .record({
        order: fc.double({ noNaN: true }),
        priorityRank: fc.nat({ max: 1_000_000 }),
        started: fc.boolean(),
        minute: fc.nat({ max: 59 }),
        nth: fc.nat({ max: 99 }),
      })
      .map(({ order, priorityRank, started, minute, nth }) =>
        sampleTodo({
          todoId: `todo-090000-${String(nth).padStart(6, '0')}`,
          order,
          priorityRank,
          startedAt: started ? '2026-03-24T09:00:00.000Z' : null,
          createdAt: `2026-03-24T09:${String(minute).padStart(2, '0')}:00.000Z`,
        }),
      );
    fc.assert(
      fc.property(todo, todo, (a, b) => {
        const [left, right] = [sortKeyOf(a), sortKeyOf(b)];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(Math.sign(compareTodos(a, b)) + 0);
      }),
    );
  });
});
