import type { KnownSecret } from '../ports/secret-guard.js';

/** Where a secret stands: bytes `start` to before `end`. */
export interface SecretHit {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Finds secrets in bytes, in one pass whatever their number; hits do not overlap and come in order. */
export type SecretFinder = (bytes: Uint8Array) => readonly SecretHit[];

interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

// A shorter piece of base64 could stand anywhere by chance.
const shortestPiece = 8;

/** The digits that a value has in base64 wherever it stands in a longer text: for each of the three ways in which its bytes can fall. */
function base64Pieces(value: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), value])
      .toString('base64')
      .replace(/=+$/, '');
    const first = offset === 0 ? 0 : offset + 1;
    const isWhole = (offset + value.length) % 3 === 0;
    const piece = coded.slice(first, isWhole ? undefined : -1);
    return piece.length < shortestPiece ? [] : [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function formsOf(value: string): Set<string> {
  const bytes = Buffer.from(value, 'utf8');
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  // A value with half of a surrogate pair has no percent-encoded form.
  const encoded = value.isWellFormed() ? encodeURIComponent(value) : value;
  return new Set([
    value,
    JSON.stringify(value).slice(1, -1),
    encoded,
    lower(encoded),
    encoded.replaceAll('%20', '+'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64Pieces(bytes),
  ]);
}

/** Buckets by the first two bytes, the longest first, so that a secret is not taken for a shorter one that begins alike. */
function bucketsOf(secrets: readonly KnownSecret[]): Map<number, Needle[]> {
  const seen = new Set<string>();
  const buckets = new Map<number, Needle[]>();
  for (const { name, value } of secrets)
    for (const form of formsOf(value)) {
      const bytes = Buffer.from(form, 'utf8');
      if (seen.has(form) || bytes.length < 2) continue;
      seen.add(form);
      const key = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
      buckets.set(key, [...(buckets.get(key) ?? []), { name, bytes }]);
    }
  for (const needles of buckets.values()) needles.sort((a, b) => b.bytes.length - a.bytes.length);
  return buckets;
}

/** Makes a finder of these secrets and of the forms in which they usually travel. */
export function createSecretFinder(secrets: readonly KnownSecret[]): SecretFinder {
  const buckets = bucketsOf(secrets);
  const isStart = new Uint8Array(65_536);
  for (const key of buckets.keys()) isStart[key] = 1;
  return (given) => {
    const hits: SecretHit[] = [];
    if (buckets.size === 0) return hits;
    const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    for (let at = 0; at + 1 < bytes.length;) {
      const key = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      const needle = isStart[key] === 1 ? buckets.get(key)?.find((each) => standsAt(bytes, at, each.bytes)) : undefined;
      if (needle) hits.push({ name: needle.name, start: at, end: at + needle.bytes.length });
      at += needle ? needle.bytes.length : 1;
    }
    return hits;
  };
}

const standsAt = (bytes: Buffer, at: number, needle: Buffer): boolean =>
  at + needle.length <= bytes.length && bytes.compare(needle, 0, needle.length, at, at + needle.length) === 0;

/** The bytes with `[secret NAME]` in the place of each hit; the same bytes when there is none. */
export function withoutSecrets(find: SecretFinder, bytes: Uint8Array): { readonly bytes: Uint8Array; readonly names: readonly string[] } {
  const hits = find(bytes);
  if (hits.length === 0) return { bytes, names: [] };
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { name, start, end } of hits) {
    parts.push(bytes.subarray(from, start), Buffer.from(`[secret ${name}]`, 'utf8'));
    from = end;
  }
  parts.push(bytes.subarray(from));
  return { bytes: Buffer.concat(parts), names: [...new Set(hits.map(({ name }) => name))] };
}
