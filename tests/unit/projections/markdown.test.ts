import { expect, it } from 'vitest';
import { code, inline, quoted } from '../../../src/main/runtime/workspace/projections/markdown.js';

it.each([
  ['\u001b[31mred\u001b[0m and \u001b]0;title\u0007plain', 'red and plain'],
  ['# heading', '\\# heading'],
  ['1. item', '1\\. item'],
  ['[text](http://x)', '\\[text\\](http://x)'],
  ['<img src=x onerror=y>', '&lt;img src=x onerror=y>'],
  ['a | b', 'a \\| b'],
  ['*bold* `code` ~~gone~~', '\\*bold\\* \\`code\\` \\~\\~gone\\~\\~'],
  ['snake_case stays, _emphasis_ does not', 'snake_case stays, \\_emphasis\\_ does not'],
  ['two\n## lines', 'two ## lines'],
  ['abc\u202edef', 'abcdef'],
])('shows %j as text on one line', (text, shown) => {
  expect(inline(text)).toBe(shown);
});

it('ends no code span from inside', () => {
  expect(code('a `` b')).toBe('``` a `` b ```');
});

it('keeps every quoted line in the quotation', () => {
  expect(quoted('one\n\n# two')).toBe('> one\n>\n> \\# two');
});
