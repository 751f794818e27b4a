const utf8Bytes = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** Bytes of a character within a JSON text, its escapes included. */
function escapedBytes(code: number): number {
  if (code === 0x22 || code === 0x5c) return 2;
  return code < 0x20 || (code >= 0xd800 && code <= 0xdfff) ? 6 : utf8Bytes(code);
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value) ?? '') bytes += utf8Bytes(character.codePointAt(0) ?? 0);
  return bytes;
}

/** Whether a value takes no more than that; what has more characters than that is not counted. */
const fits = (value: unknown, maxBytes: number): boolean =>
  (JSON.stringify(value) ?? '').length <= maxBytes && jsonBytes(value) <= maxBytes;

const textOfAtMost = (text: string, maxBytes: number): string => {
  let bytes = 2;
  let kept = '';
  for (const character of text) {
    bytes += escapedBytes(character.codePointAt(0) ?? 0);
    if (bytes > maxBytes) return `${kept.trimEnd()} …`;
    kept += character;
  }
  return text;
};

/** Longest text in bytes and longest list, from one try to the next. */
const steps: readonly (readonly [number, number])[] = [
  [4_000, 60],
  [2_000, 30],
  [1_000, 15],
  [500, 8],
  [200, 5],
  [80, 3],
];

function cut(value: unknown, maxBytes: number, maxEntries: number): unknown {
  if (typeof value === 'string') return textOfAtMost(value, maxBytes);
  if (Array.isArray(value)) {
    const kept = value.slice(0, maxEntries).map((entry) => cut(entry, maxBytes, maxEntries));
    return value.length > maxEntries ? [...kept, `… and ${value.length - maxEntries} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, maxBytes, maxEntries)]));
}

/**
 * A value made of texts, lists of texts and records of them, with texts and lists cut, each cut marked with an ellipsis, until it takes no
 * more than `maxBytes` as JSON; the very same value where it fits. A record of a few dozen fields fits into 10,000.
 */
export function fitted<T>(value: T, maxBytes: number): T {
  if (fits(value, maxBytes)) return value;
  for (const [textBytes, entries] of steps) {
    const tried = cut(value, textBytes, entries) as T;
    if (fits(tried, maxBytes)) return tried;
  }
  return cut(value, 40, 1) as T;
}
