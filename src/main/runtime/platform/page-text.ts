import type { ByteRange, TextPage } from '../ports/text-page.js';

/** The bytes that a range of a text of `size` bytes asks for. */
export function pageAt(size: number, { before, after, limitBytes }: ByteRange): { readonly from: number; readonly to: number } {
  if (after !== undefined) {
    const from = Math.min(after, size);
    return { from, to: Math.min(size, from + limitBytes) };
  }
  const to = Math.min(before ?? size, size);
  return { from: Math.max(0, to - limitBytes), to };
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Bytes of a text from `from` as a page: a character of which only a part is there belongs to the next page. */
export function pageText(bytes: Buffer, from: number, size: number): TextPage {
  let start = 0;
  while (start < Math.min(3, bytes.length) && isContinuation(bytes[start] ?? 0)) start += 1;
  let end = bytes.length;
  if (from + bytes.length < size) end = bytes.length - partialTail(bytes);
  if (end < start) end = start;
  return { text: bytes.toString('utf8', start, end), from: from + start, to: from + end, size };
}

/** Bytes at the end that begin a character without ending it. */
function partialTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
