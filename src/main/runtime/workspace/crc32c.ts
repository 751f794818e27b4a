/** Castagnoli's polynomial, reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

const ROWS = 16;

/** Sixteen tables in one array, so that sixteen bytes are folded per step (slicing by sixteen). */
const TABLE = buildTable();

function buildTable(): Int32Array {
  const table = new Int32Array(ROWS * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < ROWS * 256; i += 1) {
    const previous = table[i - 256] ?? 0;
    table[i] = (previous >>> 8) ^ (table[previous & 0xff] ?? 0);
  }
  return table;
}

/** Every index below is in range by construction; a check per byte would halve the speed. */
const row = (index: number): number => TABLE[index] as number;
const byteAt = (bytes: Uint8Array, index: number): number => bytes[index] as number;

/** The rows from `first` down for the four bytes of a word, the lowest first. */
const fold = (word: number, first: number): number =>
  row(first + (word & 0xff)) ^
  row(first - 256 + ((word >>> 8) & 0xff)) ^
  row(first - 512 + ((word >>> 16) & 0xff)) ^
  row(first - 768 + (word >>> 24));

/** CRC-32C of `bytes[start, end)` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  let i = start;
  for (const last = end - 16; i <= last; i += 16) {
    crc =
      fold(crc ^ words.getInt32(i, true), 3840) ^
      fold(words.getInt32(i + 4, true), 2816) ^
      fold(words.getInt32(i + 8, true), 1792) ^
      fold(words.getInt32(i + 12, true), 768);
  }
  for (; i < end; i += 1) crc = (crc >>> 8) ^ row((crc ^ byteAt(bytes, i)) & 0xff);
  return ~crc >>> 0;
}
