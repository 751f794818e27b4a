import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { childEnvironment } from '../../../src/main/runtime/runners/cli/child-environment.js';
import { linkLogin } from '../../../src/main/runtime/runners/cli/link-login.js';
import { findClaude } from '../../../src/main/runtime/runners/claude/find-claude.js';
import { findCodex } from '../../../src/main/runtime/runners/codex/find-codex.js';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(path: string, answer: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${answer}\n`);
  chmodSync(path, 0o755);
}

describe('a coding CLI', () => {
  it('is found on PATH, with its version', async () => {
    install(at('bin/codex'), 'echo codex-cli 0.169.0');
    expect(await findCodex({ PATH: at('bin'), HOME: at('home') }, new SystemClock())).toEqual({
      kind: 'found',
      path: at('bin/codex'),
      version: '0.169.0',
    });
  });

  it('is found where its installer puts it, when PATH does not name that', async () => {
    install(at('home/.claude/local/claude'), 'echo "2.1.329 (Claude Code)"');
    expect(await findClaude({ PATH: at('empty'), HOME: at('home') }, new SystemClock())).toEqual({
      kind: 'found',
      path: at('home/.claude/local/claude'),
      version: '2.1.329',
    });
  });

  it('that cannot even tell its version is told with the way to mend it', async () => {
    install(at('bin/codex'), 'exit 3');
    expect(await findCodex({ PATH: `${at('bin')}:/usr/bin:/bin`, HOME: at('home') }, new SystemClock())).toEqual({
      kind: 'missing',
      message: `Codex at ${at('bin/codex')} does not answer to --version. Install it with \`npm install -g @openai/codex\`.`,
    });
  });
});

describe('the environment of a coding CLI', () => {
  it('holds what is plain and what is its own, and no secret of anybody else', () => {
    const env = { PATH: '/bin', HTTPS_PROXY: 'http://proxy', DISCORD_TOKEN: 'a', CODEX_API_KEY: 'b', ANTHROPIC_API_KEY: 'c', LANG: '' };
    expect(childEnvironment(env, ['CODEX_API_KEY'])).toEqual({
      PATH: '/bin',
      LANG: 'C.UTF-8',
      HTTPS_PROXY: 'http://proxy',
      CODEX_API_KEY: 'b',
    });
  });
});

describe("a person's login", () => {
  it('is linked, so that what the CLI writes there reaches the person', async () => {
    writeFileSync(at('auth.json'), 'old');
    expect(await linkLogin(at('auth.json'), at('own/auth.json'))).toBe(true);
    writeFileSync(at('own/auth.json'), 'refreshed');
    expect(readFileSync(at('auth.json'), 'utf8')).toBe('refreshed');
    expect(await linkLogin(at('auth.json'), at('own/auth.json'))).toBe(true);
  });

  it('is gone for the CLI when the person logs out', async () => {
    writeFileSync(at('auth.json'), '');
    await linkLogin(at('auth.json'), at('own/auth.json'));
    rmSync(at('auth.json'));
    expect(await linkLogin(at('auth.json'), at('own/auth.json'))).toBe(false);
    expect(lstatSync(at('own/auth.json'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('does not replace a login that was made for this workspace', async () => {
    mkdirSync(at('own'));
    writeFileSync(at('own/auth.json'), 'own');
    writeFileSync(at('auth.json'), 'persons');
    expect(await linkLogin(at('auth.json'), at('own/auth.json'))).toBe(true);
    expect(readFileSync(at('own/auth.json'), 'utf8')).toBe('own');
    expect(existsSync(at('auth.json'))).toBe(true);
  });
});
