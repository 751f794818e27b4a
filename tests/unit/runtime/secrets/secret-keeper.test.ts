import { describe, expect, it } from 'vitest';
import type { KnownSecret } from '../../../../src/main/runtime/ports/secret-guard.js';
import { withoutSecretTexts } from '../../../../src/main/runtime/secrets/redacting-blobs.js';
import { createSecretKeeper } from '../../../../src/main/runtime/secrets/secret-keeper.js';

describe('the keeper of secrets', () => {
  it('learns a renewed login and goes on knowing the old one', async () => {
    let known: KnownSecret[] = [{ name: 'codex login token', value: 'first-token-12345' }];
    const keeper = await createSecretKeeper(() => Promise.resolve(known));
    known = [{ name: 'codex login token', value: 'second-token-6789' }];
    expect(keeper.redact('first-token-12345 second-token-6789').text).toBe('[secret codex login token] second-token-6789');
    await keeper.refresh();
    expect(keeper.redact('first-token-12345 second-token-6789')).toEqual({
      text: '[secret codex login token] [secret codex login token]',
      names: ['codex login token'],
    });
  });

  it('takes a secret with quotes and line breaks out of plain data, and leaves data without one alone', async () => {
    const value = 'line "one"\nline two';
    const keeper = await createSecretKeeper(() => Promise.resolve([{ name: 'PRIVATE_KEY', value }]));
    expect(withoutSecretTexts({ kind: 'failed', log: [`said ${value}!`], n: 1 }, keeper)).toEqual({
      kind: 'failed',
      log: ['said [secret PRIVATE_KEY]!'],
      n: 1,
    });
    const clean = { kind: 'failed', log: ['nothing'] };
    expect(withoutSecretTexts(clean, keeper)).toBe(clean);
  });
});
