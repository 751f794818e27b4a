import { describe, expect, it } from 'vitest';
import { columnsOf, jsonText, painter, safeForTerminal, terminalText } from '../../../src/main/cli/terminal-text.js';

describe('text for a terminal', () => {
  it.each([
    ['an escape', '\u001b[31m', '\\u001b[31m'],
    ['a bell', '\u0007', '\\u0007'],
    ['a carriage return that would overwrite the line', 'safe\revil', 'safe\\u000devil'],
    ['a control of the upper half', '\u009b2J', '\\u009b2J'],
    ['a mark that turns text around', '\u202e', '\\u202e'],
  ])('spells out %s', (_what, text, shown) => expect(terminalText(text)).toBe(shown));

  it('leaves words, tabs and line ends alone', () => expect(terminalText('für\t日本\r\n"x"\n')).toBe('für\t日本\n"x"\n'));

  it('is made safe everywhere in plain data', () => {
    expect(safeForTerminal({ a: ['\u001b', { b: '\u0007' }], c: 1, d: null })).toEqual({ a: ['\\u001b', { b: '\\u0007' }], c: 1, d: null });
  });
});

describe('data for scripts', () => {
  it('has keys in snake case and keeps ids that are keys', () => {
    expect(JSON.parse(jsonText({ waitingFor: 'x', cards: [{ isDone: true }], tally: { in_progress: 1, 'todo-1': 2 } }))).toEqual({
      waiting_for: 'x',
      cards: [{ is_done: true }],
      tally: { in_progress: 1, 'todo-1': 2 },
    });
  });
});

describe('columns', () => {
  it('stand under each other without trailing spaces', () => {
    expect(
      columnsOf([
        ['a', 'bb', ''],
        ['ccc', 'd', 'e'],
      ]),
    ).toEqual(['a    bb', 'ccc  d   e']);
  });
});

describe('colours', () => {
  it('come only on a terminal and not with NO_COLOR', () => {
    expect(painter(true, {})('bold', 'x')).toBe('\u001b[1mx\u001b[22m');
    expect(painter(true, { NO_COLOR: '1' })('bold', 'x')).toBe('x');
    expect(painter(false, {})('bold', 'x')).toBe('x');
  });
});
