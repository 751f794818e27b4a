/** Castagnoli's polynomial, reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

const ROWS = 8;

/** Eight tables in one array, so that eight bytes are folded per step (slicing by eight). */
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

/** CRC-32C of `bytes[start, end)` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let i = start;
  for (const last = end - 8; i <= last; i += 8) {
    const low = crc ^ (byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24));
    crc =
      row(1792 + (low & 0xff)) ^
      row(1536 + ((low >>> 8) & 0xff)) ^
      row(1280 + ((low >>> 16) & 0xff)) ^
      row(1024 + (low >>> 24)) ^
      row(768 + byteAt(bytes, i + 4)) ^
      row(512 + byteAt(bytes, i + 5)) ^
      row(256 + byteAt(bytes, i + 6)) ^
      row(byteAt(bytes, i + 7));
  }
  for (; i < end; i += 1) crc = (crc >>> 8) ^ row((crc ^ byteAt(bytes, i)) & 0xff);
  return ~crc >>> 0;
}
