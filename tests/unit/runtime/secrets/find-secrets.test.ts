import { describe, expect, it } from 'vitest';
import { createSecretFinder, withoutSecrets } from '../../../../src/main/runtime/secrets/find-secrets.js';

const value = 's3cr3t/value+42 "quoted"';
const find = createSecretFinder([{ name: 'DEPLOY_KEY', value }]);
const cleaned = (text: string): string => Buffer.from(withoutSecrets(find, Buffer.from(text)).bytes).toString('utf8');

describe('secrets in a text', () => {
  it('are replaced by their names, wherever and however often they stand', () => {
    expect(cleaned(`a ${value}${value} b`)).toBe('a [secret DEPLOY_KEY][secret DEPLOY_KEY] b');
  });

  it.each([
    ['percent-encoded', encodeURIComponent(value)],
    ['percent-encoded with small letters', encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
    ['a JSON string', JSON.stringify({ key: value })],
    ['hexadecimal digits', Buffer.from(value).toString('hex')],
  ])('are found as %s', (_how, text) => {
    expect(withoutSecrets(find, Buffer.from(text)).names).toEqual(['DEPLOY_KEY']);
  });

  it.each(['', 'u', 'us', 'user:', 'user1:'])('are found in base64 behind "%s"', (before) => {
    for (const kind of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${before}${value} and more`).toString(kind);
      expect(withoutSecrets(find, Buffer.from(`Authorization: Basic ${text}`)).names).toEqual(['DEPLOY_KEY']);
    }
  });

  it('are found between bytes that are no text, which stay as they are', () => {
    const { bytes } = withoutSecrets(find, Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from(value), Buffer.from([0xc0])]));
    expect(Buffer.from(bytes)).toEqual(
      Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from('[secret DEPLOY_KEY]'), Buffer.from([0xc0])]),
    );
  });

  it('are told apart when one begins with the other', () => {
    const both = createSecretFinder([
      { name: 'SHORT', value: 'abcdefgh' },
      { name: 'LONG', value: 'abcdefghijkl' },
    ]);
    expect(both(Buffer.from('abcdefghijkl abcdefgh')).map(({ name, start }) => [name, start])).toEqual([
      ['LONG', 0],
      ['SHORT', 13],
    ]);
  });

  it('are not seen in a text without them, which is given back as it is', () => {
    const bytes = Buffer.from('s3cr3t/value, but not all of it');
    expect(withoutSecrets(find, bytes)).toEqual({ bytes, names: [] });
  });

  it('are found when they are one of two hundred, at the end of two megabytes', () => {
    const many = createSecretFinder(
      Array.from({ length: 200 }, (_each, at) => ({ name: `N${at}`, value: `value-number-${at}-${'x'.repeat(20)}` })),
    );
    const text = Buffer.from(`${'The quick brown fox jumps over the lazy dog. '.repeat(50_000)}value-number-7-${'x'.repeat(20)}`);
    expect(many(text).map(({ name }) => name)).toEqual(['N7']);
  });
});
