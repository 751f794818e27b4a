import { plainLine, plainText } from '../../../../shared/domain/plain-text.js';

/**
 * Text that somebody else wrote as one line of Markdown that shows exactly that text: no markup, link, table cell, HTML or terminal
 * sequence in it takes effect.
 */
export function inline(text: string, limit?: number): string {
  return plainLine(text, limit)
    .replace(/\\/g, '\\\\')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([`*[\]|~])/g, '\\$1')
    .replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (match) => match.replace('_', '\\_'))
    .replace(/^([#>+=-])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text of several lines as a quotation, each line as `inline` gives it. */
export const quoted = (text: string): string =>
  plainText(text)
    .trim()
    .split('\n')
    .map((line) => `> ${inline(line)}`.trimEnd())
    .join('\n');

/** A code span that shows exactly that text on one line. */
export function code(text: string): string {
  const line = plainLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const mark = '`'.repeat(longest + 1);
  return longest > 0 ? `${mark} ${line} ${mark}` : `${mark}${line}${mark}`;
}

/** `- name: value` lines; those without a value are left out. */
export const facts = (pairs: readonly (readonly [string, string | number])[]): string =>
  pairs
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');

/** A bullet list of other people's lines. */
export const bullets = (lines: readonly string[], indent = ''): string => lines.map((line) => `${indent}- ${inline(line)}`).join('\n');

/** Parts with an empty line between them and one line break at the end; empty parts are left out. */
export const page = (...parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;
