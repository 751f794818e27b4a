import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  endOf,
  hasMoreAbove,
  hasMoreBelow,
  heldBytes,
  openedAt,
  startOf,
  textOf,
  withPageAbove,
  withPageBelow,
} from '../../../../src/renderer/turn/output-window.js';
import { readableOutput } from '../../../../src/renderer/turn/readable-output.js';
import { wrapLines } from '../../../../src/renderer/turn/wrap-lines.js';
import type { TurnOutputView } from '../../../../src/shared/contract/work-views.js';

const page = (from: number, to: number, size: number, text = 'x'.repeat(to - from)): TurnOutputView => ({
  turnId: 'turn-1',
  text,
  from,
  to,
  size,
  isLive: true,
});

describe('output of a program', () => {
  test('loses colours, titles and cursor moves', () => {
    expect(readableOutput('\u001b[32mok\u001b[0m \u001b]0;title\u0007done\u001b[2K\u001b[1A')).toBe('ok done');
    expect(readableOutput('\u001b]8;;http://x.example\u001b\\link\u001b]8;;\u001b\\')).toBe('link');
    expect(readableOutput('\u001bP1;2|payload\u001b\\after')).toBe('after');
  });

  test('keeps the last state of a line that was written over, and lines that end as on Windows', () => {
    expect(readableOutput('10 %\r50 %\r100 %\nnext\r\nlast')).toBe('100 %\nnext\nlast');
  });

  test('shows what is left of control characters instead of obeying it', () => {
    expect(readableOutput('a\u0007b\u0008c\u007f')).toBe('a␇b␈c␡');
    expect(readableOutput('a\u202eb')).toBe('a⟨U+202E⟩b');
  });

  test('has its tabs at every eighth column', () => {
    expect(readableOutput('a\tb\t\tc')).toBe('a       b               c');
  });

  test('has nothing in it that a terminal or a reader could be steered by, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = readableOutput(text);
        expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(shown)).toBe(false);
      }),
    );
  });
});

describe('rows of output', () => {
  test('are no longer than the width, and together they are the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ maxLength: 300 }).map((line) => line.replaceAll('\n', ' ')),
          { minLength: 1 },
        ),
        fc.integer({ min: 20, max: 120 }),
        (lines, width) => {
          const rows = wrapLines(lines.join('\n'), width);
          expect(rows.every(({ text }) => text.length <= width)).toBe(true);
          const joined = rows.map(({ text, isRest }, index) => (index === 0 || isRest ? text : `\n${text}`)).join('');
          expect([joined, `${joined}\n`]).toContain(lines.join('\n'));
        },
      ),
    );
  });

  test('are broken after a word where one ends near the edge, else anywhere', () => {
    expect(wrapLines('the code it is about here', 20).map(({ text }) => text)).toEqual(['the code it is ', 'about here']);
    expect(wrapLines('y'.repeat(45), 20).map(({ text }) => text.length)).toEqual([20, 20, 5]);
  });
});

describe('the part of an output that is held', () => {
  test('begins at the end and grows upwards, page by page without a gap', () => {
    let window = openedAt(page(70, 100, 100));
    expect([hasMoreAbove(window), hasMoreBelow(window)]).toEqual([true, false]);
    window = withPageAbove(window, page(40, 70, 100));
    window = withPageAbove(window, page(0, 40, 100));
    expect([startOf(window), endOf(window), textOf(window).length, hasMoreAbove(window)]).toEqual([0, 100, 100, false]);
  });

  test('takes what is new at its end', () => {
    const window = withPageBelow(openedAt(page(0, 10, 10, '0123456789')), page(10, 12, 12, 'ab'));
    expect(textOf(window)).toBe('0123456789ab');
    expect(hasMoreBelow(window)).toBe(false);
  });

  test('does not take a page that comes too late and would leave a gap or double something', () => {
    const window = openedAt(page(50, 100, 100));
    expect(withPageAbove(window, page(0, 40, 100))).toBe(window);
    expect(textOf(withPageBelow(window, page(90, 120, 120)))).toHaveLength(50);
    expect(withPageBelow(window, page(90, 120, 120)).size).toBe(120);
  });

  test('lets go of what is far away, so that an output of any length fits', () => {
    const step = 64 * 1024;
    let up = openedAt(page(100 * step, 101 * step, 101 * step, 'end'));
    for (let at = 99; at >= 0; at -= 1) up = withPageAbove(up, page(at * step, (at + 1) * step, 101 * step, 'p'));
    expect(startOf(up)).toBe(0);
    expect(endOf(up) - startOf(up)).toBeLessThanOrEqual(heldBytes);
    expect(hasMoreBelow(up)).toBe(true);
    let down = openedAt(page(0, step, step, 'p'));
    for (let at = 1; at < 100; at += 1) down = withPageBelow(down, page(at * step, (at + 1) * step, (at + 1) * step, 'p'));
    expect(endOf(down)).toBe(100 * step);
    expect(endOf(down) - startOf(down)).toBeLessThanOrEqual(heldBytes);
  });
});
