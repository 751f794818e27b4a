import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDemo } from '../../../src/main/host/demo-workspace.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { loadConfiguration } from '../../../src/main/runtime/workspace/configuration.js';
import { publicRoles, roleSettings } from '../../../src/shared/domain/configuration.js';
import { MemoryRuntime } from '../../fakes/memory-runtime.js';
import { ScriptedTerminal } from '../../fakes/scripted-places.js';
import type { CliRun } from '../../fakes/scripted-places.js';

let folder = '';
const stateHomeBefore = process.env['MUSTER_STATE_HOME'];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-demo-runner-')));
  process.env['MUSTER_STATE_HOME'] = join(folder, 'state');
});
afterEach(async () => {
  if (stateHomeBefore === undefined) delete process.env['MUSTER_STATE_HOME'];
  else process.env['MUSTER_STATE_HOME'] = stateHomeBefore;
  await rm(folder, { recursive: true, force: true });
});

const dir = (): string => join(folder, 'demo');

/** A person's machine on which nothing but these programs is on the PATH. */
async function demoWith(runner: string, programs: Readonly<Record<string, string>>): Promise<CliRun> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, version] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} ${version}"\n`);
    await chmod(join(bin, name), 0o755);
  }
  const terminal = new ScriptedTerminal(new MemoryRuntime(), folder);
  terminal.changes = { env: { PATH: bin, HOME: folder }, clock: new SystemClock() };
  return terminal.run('demo', '--runner', runner, '--dir', dir(), '--headless');
}

/** There codex is found whatever the PATH says. */
const isInstalledForAll = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'].some((at) => existsSync(join(at, 'codex')));

describe('muster demo --runner', () => {
  it.skipIf(isInstalledForAll)('says how to install a program that is not there', async () => {
    const { code, err } = await demoWith('codex', {});
    expect([code, err.trim()]).toEqual([
      1,
      'Could not play the demo with codex: Codex was found neither on PATH nor in its usual places. Install it with `npm install -g @openai/codex`.',
    ]);
    expect(existsSync(dir())).toBe(false);
  });

  it.each([
    [
      'codex',
      { codex: '0.169.0' },
      /^Could not play the demo with codex: Codex 0\.169\.0 at .+ is not logged in\. Run `codex login` .+\.$/m,
    ],
    [
      'claude',
      { claude: '2.1.329' },
      /^Could not play the demo with claude: Claude Code 2\.1\.329 at .+ is not logged in\. Run `claude` once .+\.$/m,
    ],
  ])('says how to log in when %s of %o is not, and makes nothing', async (runner, programs, sentence) => {
    const { code, err } = await demoWith(runner, programs);
    expect([code, err]).toEqual([1, expect.stringMatching(sentence)]);
    expect(existsSync(dir())).toBe(false);
  });

  it('knows no other runners', async () => {
    const { code, err } = await demoWith('gpt', {});
    expect([code, err.trim()]).toEqual([2, 'A runner is one of rehearsal, codex, claude, not "gpt".']);
  });

  it('is kept for a folder that was made with it, and refused another one', async () => {
    const setup = { dir: dir(), rehearsal: 'sample', settings: [] };
    expect(await makeDemo({ ...setup, runner: 'codex' })).toMatchObject({ runner: 'codex' });
    expect(await makeDemo(setup)).toMatchObject({ runner: 'codex' });
    await expect(makeDemo({ ...setup, runner: 'claude' })).rejects.toThrow(
      `Could not play the demo in ${dir()} with claude: it was made for codex. Name another folder with --dir, or leave --runner out.`,
    );
  });

  it('gives every role that runner, with models that it knows', async () => {
    const { workspace } = await makeDemo({ dir: dir(), rehearsal: 'sample', settings: [], runner: 'claude' });
    const loaded = await loadConfiguration(workspace);
    if (!loaded.ok) throw new Error(loaded.error.message);
    const settings = publicRoles.map((role) => roleSettings(loaded.value.configuration, role));
    expect(settings.map(({ runner }) => runner)).toEqual(publicRoles.map(() => 'claude'));
    expect(new Set(settings.map(({ model }) => model))).toEqual(new Set(['opus', 'sonnet']));
  });
});
