import { isDelete } from 'react-diff-view';
import type { ChangeData } from 'react-diff-view';
import { lineNumberOf } from './diff-hunks.js';

const longestQuote = 160;
const mostQuoted = 6;

/** Lines of a diff as a reviewer quotes them: `path:12` or `path:12-14`, and the lines below as a quotation. */
export function quoteLines(path: string, changes: readonly ChangeData[]): string {
  const first = changes[0];
  const last = changes.at(-1);
  if (first === undefined || last === undefined) return '';
  const from = lineNumberOf(first);
  const to = lineNumberOf(last);
  const place = `${path}:${from}${to > from ? `-${to}` : ''}${isDelete(first) && isDelete(last) ? ' (removed)' : ''}`;
  const shown = changes.slice(0, mostQuoted).map(({ content }) => `> ${shortened(content)}`);
  if (changes.length > mostQuoted) shown.push('> …');
  return [place, ...shown].join('\n');
}

const shortened = (line: string): string => (line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line);

/** A draft with a quotation at its end, and room to write below it. */
export function withQuote(draft: string, quote: string): string {
  const before = draft.trimEnd();
  return `${before === '' ? '' : `${before}\n\n`}${quote}\n`;
}
