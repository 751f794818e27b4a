import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fine, note } from '../../../src/main/cli/doctor/check.js';
import type { Check } from '../../../src/main/cli/doctor/check.js';
import { runnerChecks } from '../../../src/main/cli/doctor/runner-checks.js';
import type { CliPlaces } from '../../../src/main/cli/cli-places.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';

const hasJail = existsSync('/usr/bin/bwrap');
const jail = fine('jail', 'bubblewrap works');
const noJail = note('jail', 'No jail.', 'Install it, e.g. `apt-get install bubblewrap`.');

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'muster-doctor-test-'));
  await mkdir(join(dir, 'bin'));
  await mkdir(join(dir, 'home'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function program(name: string, script: string): Promise<string> {
  const path = join(dir, 'bin', name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function look(env: Readonly<Record<string, string>> = {}, found: Check = jail): Promise<Record<string, Check>> {
  const places = {
    env: { PATH: `${join(dir, 'bin')}:/usr/bin:/bin`, HOME: join(dir, 'home'), ...env },
    clock: new SystemClock(),
  } as unknown as CliPlaces;
  const checks = await runnerChecks(defaultConfiguration, found, places);
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

describe('what doctor says of coding CLIs', () => {
  it.skipIf(!hasJail)('is version, place, login and sandbox of each that is there', async () => {
    const path = await program('codex', 'echo "codex-cli 0.169.0"');
    await mkdir(join(dir, 'home', '.codex'));
    await writeFile(join(dir, 'home', '.codex', 'auth.json'), '{}');
    const checks = await look();
    expect(checks['codex']).toEqual(fine('codex', `0.169.0 (${path})`));
    expect(checks['codex login']).toMatchObject({ status: 'ok' });
    expect(checks['codex sandbox']).toEqual(
      fine(
        'codex sandbox',
        "its turns run in Muster's jail (bubblewrap works): they see the system, their checkout and their session, not your home",
      ),
    );
  });

  it('is the command that logs in where a used one is not logged in, and nothing once a key is exported', async () => {
    await program('codex', 'echo "codex-cli 0.169.0"');
    expect((await look())['codex login']).toEqual({
      name: 'codex login',
      status: 'wrong',
      says: `Codex is not logged in: ${join(dir, 'home', '.codex', 'auth.json')} does not exist, and no key is exported.`,
      remedy: 'Run `codex login` as the user who runs Muster (or set CODEX_API_KEY).',
    });
    expect((await look({ CODEX_API_KEY: 'sk-test-1234' }))['codex login']?.status).toBe('ok');
  });

  it('is the command that installs one that does not answer, which is wrong only where the configuration uses it', async () => {
    const [codex, claude] = [await program('codex', 'exit 1'), await program('claude', 'exit 1')];
    const checks = await look();
    expect(checks['codex']).toEqual({
      name: 'codex',
      status: 'wrong',
      says: `Codex at ${codex} does not answer to --version. The configuration names it as a runner.`,
      remedy: 'Install it with `npm install -g @openai/codex`, or set another runner in team_runtime.yaml.',
    });
    expect(checks['claude']).toEqual({
      name: 'claude',
      status: 'note',
      says: `Claude Code at ${claude} does not answer to --version. Nothing uses it here.`,
      remedy: 'Install it with `npm install -g @anthropic-ai/claude-code`.',
    });
    expect(checks['codex login']).toBeUndefined();
  });

  it.skipIf(!hasJail)('is what stands between turns and your files, with the command that mends it', async () => {
    await program('claude', 'echo "2.1.0 (Claude Code)"');
    await program('codex', 'echo "codex-cli 0.137.9"');
    const checks = await look({ ANTHROPIC_API_KEY: 'sk-test-1234' });
    expect(checks['claude sandbox']?.says).toMatch(/^its turns run in Muster's jail \(bubblewrap works\)/);
    expect(checks['codex sandbox']).toEqual({
      name: 'codex sandbox',
      status: 'wrong',
      says: "Codex 0.137.9 cannot keep its own login from the commands that it runs; all else of the person's was out of their sight. Update it with `npm install -g @openai/codex` (0.138.0 or later).",
      remedy: 'Install it with `npm install -g @openai/codex`.',
    });
    const without = await look({}, noJail);
    expect(without['claude sandbox']).toEqual({
      name: 'claude sandbox',
      status: 'note',
      says: "There is no jail on this machine: only Claude Code's own sandbox and permissions kept the person's files from it. `muster doctor` says more.",
      remedy: 'Install it, e.g. `apt-get install bubblewrap`.',
    });
    expect(without['codex sandbox']?.says).toMatch(/^Codex 0\.137\.9 ran without a jail: its commands could read every file of the person/);
    expect(without['claude login']).toMatchObject({ status: 'note' });
  });

  it.skipIf(!hasJail)('is that a CLI behind a version manager does not start in the jail', async () => {
    const hidden = join(dir, 'home', '.shims', 'codex-behind');
    await mkdir(join(dir, 'home', '.shims'), { recursive: true });
    await writeFile(hidden, '#!/bin/sh\necho "codex-cli 0.169.0"\n');
    await chmod(hidden, 0o755);
    const path = await program('codex', `exec ${hidden}`);
    expect((await look())['codex sandbox']).toMatchObject({
      status: 'wrong',
      says: `Codex at ${path} does not start in Muster's jail, where your home is not there: it is started through a program of a version manager.`,
    });
  });
});
