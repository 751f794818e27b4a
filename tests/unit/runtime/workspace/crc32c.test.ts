import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../src/main/runtime/workspace/crc32c.js';

/** The definition, bit by bit. */
function byDefinition(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('CRC-32C', () => {
  it.each([
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720 B.4)', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones (RFC 3720 B.4)', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s is the published one', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('is that of the definition for any bytes and any part of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(30), fc.nat(30), (bytes, from, to) => {
        const [start, end] = [Math.min(from, bytes.length), Math.max(Math.min(from, bytes.length), bytes.length - to)];
        expect(crc32c(bytes, start, end)).toBe(byDefinition(bytes.subarray(start, end)));
      }),
    );
  });
});
