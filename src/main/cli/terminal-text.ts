import { styleText } from 'node:util';
import { dayOf } from '../../shared/kernel/time.js';

// C0 without tab and line feed, DEL, C1, and the marks that turn the direction of text around.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const visible = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of agents, people or files as a terminal may show it: what would steer the terminal is spelled out. */
export const terminalText = (text: string): string => text.replace(/\r\n/g, '\n').replace(unsafe, visible);

/** The same on one line. */
export const oneLine = (text: string): string => terminalText(text.replace(/\s+/g, ' ').trim());

/** Every string in plain data made safe for a terminal; keys stay. */
export function safeForTerminal<T>(value: T): T {
  if (typeof value === 'string') return terminalText(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => safeForTerminal(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, safeForTerminal<unknown>(each)])) as T;
}

const snake = (key: string): string =>
  /^[a-z][A-Za-z0-9]*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;

function withSnakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSnakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [snake(key), withSnakeKeys(each)]));
}

/** Data for scripts: keys as in the files of the workspace (`waiting_for`), no raw control characters. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(withSnakeKeys(value), null, 2).replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, visible)}\n`;

/** Rows as columns that stand under each other; the last one is not padded. */
export function columnsOf(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join(gap)
      .trimEnd(),
  );
}

/** Cut to a width, with an ellipsis where something is missing. */
export const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`);

/** Words out of `snake_case` and `kebab-case`. */
export const spaced = (word: string): string => word.replaceAll(/[_-]/g, ' ');

/** `1 card`, `2 cards`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `2026-03-24 09:00:00` in UTC. */
export const timeText = (instant: string): string => `${dayOf(instant)} ${instant.slice(11, 19)}`;

export type Style = Parameters<typeof styleText>[0];

/** Styles text where colours are wanted: on a terminal, and not with NO_COLOR. */
export const painter =
  (isTerminal: boolean, env: Readonly<Record<string, string | undefined>>) =>
  (style: Style, text: string): string =>
    isTerminal && !env['NO_COLOR'] ? styleText(style, text, { validateStream: false }) : text;
