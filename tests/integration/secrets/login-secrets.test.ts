import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginSecrets } from '../../../src/main/runtime/secrets/login-secrets.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-login-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe('secrets of a login', () => {
  it('are its tokens by their place in the file, and not the words beside them', async () => {
    const path = join(dir, 'auth.json');
    const login = {
      OPENAI_API_KEY: null,
      tokens: { access_token: 'access-token-0123456789', account_id: 'account-0123456789-abcdef', token_type: 'bearer' },
      plan: 'a plan with a long name of its own',
    };
    await writeFile(path, JSON.stringify(login));
    expect(await loginSecrets([{ label: 'codex login', path }])).toEqual([
      { name: 'codex login tokens.access_token', value: 'access-token-0123456789' },
      { name: 'codex login tokens.account_id', value: 'account-0123456789-abcdef' },
    ]);
  });

  it('are none where the file is missing or no JSON', async () => {
    await writeFile(join(dir, 'broken'), '{"access_token": "acc');
    expect(await loginSecrets(['missing', 'broken'].map((name) => ({ label: name, path: join(dir, name) })))).toEqual([]);
  });
});
