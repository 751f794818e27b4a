import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLightStarter } from '../../../src/main/runtime/platform/light-starter.js';
import type { LightStarter } from '../../../src/main/runtime/platform/light-starter.js';
import type { ProgramSpec } from '../../../src/main/runtime/platform/run-program.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { livingProcesses, untilTrue } from '../../fixtures/living-processes.js';
import { makeRepository } from '../../fixtures/make-repository.js';

const baseEnv = { PATH: process.env['PATH'] ?? '', BASE: 'base' };
let folder = '';
let starter: LightStarter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-light-'));
  starter = createLightStarter({ baseEnv, folderPrefix: join(folder, 'output-'), clock: new SystemClock() });
});

afterEach(async () => {
  starter.end();
  await rm(folder, { recursive: true, force: true });
});

const run = (argv: ProgramSpec['argv'], more: Partial<ProgramSpec> = {}) =>
  starter.run({ argv, cwd: folder, env: baseEnv, timeoutMs: 10_000, maxBytes: 1_000_000, ...more });

/** Children of a process that have ended and that it has not asked about. Linux only. */
const zombiesBelow = (parent: number): readonly string[] =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const stat = statOf(name);
    const [state, of] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' && Number(of) === parent;
  });

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

describe('a program that is started from the small shell', () => {
  it('gets its arguments, input and environment byte for byte, whatever a shell would make of them', async () => {
    const odd = `it's "$HOME" \`id\` \\ ;& * ?\nsecond line`;
    const ended = await run(['sh', '-c', 'printf "%s|%s|%s|" "$1" "$ODD" "$BASE"; cat', 'sh', odd], {
      env: { ...baseEnv, ODD: odd },
      stdin: Buffer.from([0, 255, 10, 39, 0]),
    });
    expect(ended).toMatchObject({ outcome: 'exited', exitCode: 0, stderr: '' });
    expect(ended.stdout).toEqual(Buffer.concat([Buffer.from(`${odd}|${odd}|base|`), Buffer.from([0, 255, 10, 39, 0])]));
  });

  it('has its exit code and errors told, also beside others that run at the same time', async () => {
    const codes = [0, 1, 3, 128, 129];
    const ended = await Promise.all(codes.map((code) => run(['sh', '-c', `echo said ${code} >&2; exit ${code}`])));
    expect(ended.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(codes.map((code) => [code, `said ${code}\n`]));
  });

  it('has no answer of its own when a signal ended it, and is ended at its time limit', async () => {
    expect(await run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ outcome: 'exited', exitCode: null });
    expect(await run(['sleep', '30'], { timeoutMs: 100 })).toMatchObject({ outcome: 'timed-out', exitCode: null });
  });

  it('that is not there, or has no folder to run in, is told as such', async () => {
    expect((await run(['no-such-program'])).outcome).toBe('could-not-start');
    expect((await run(['true'], { cwd: join(folder, 'nowhere') })).outcome).toBe('could-not-start');
  });

  it('leaves nothing behind: neither its output nor, after the end, the folder', async () => {
    await run(['sh', '-c', 'echo much; cat'], { stdin: 'input' });
    const [made = ''] = await readdir(folder);
    expect(await readdir(join(folder, made))).toEqual([]);
    starter.end();
    await untilTrue(() => readdirSync(folder).length === 0, 2_000);
  });

  it('is no zombie after its end, however many come after it', async () => {
    for (let nth = 0; nth < 30; nth += 1) await run(['true']);
    const [shell] = livingProcesses(folder);
    // The last ones may not have been looked at: that is done when the next begins.
    expect(zombiesBelow(shell ?? 0).length).toBeLessThan(5);
  });

  it('runs in the plain way when somebody ended the shell', async () => {
    await run(['true']);
    const [made = ''] = await readdir(folder);
    for (const pid of livingProcesses(join(folder, made))) process.kill(pid, 'SIGKILL');
    await untilTrue(() => livingProcesses(join(folder, made)).length === 0, 2_000);
    expect(await run(['echo', 'again'])).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(await run(['echo', 'again'])).toMatchObject({ outcome: 'exited', exitCode: 0 });
  });
});

describe('a runtime that is killed', () => {
  it('takes the programs that it kept with it, and their folder', async () => {
    const repo = await makeRepository({ files: { 'a.txt': 'one\n' } });
    try {
      const source = new URL('../../../src/main/runtime/', import.meta.url);
      const text = `
        const { openGitRepository } = await import(${JSON.stringify(new URL('git/git-repository-adapter.ts', source).href)});
        const { SystemClock } = await import(${JSON.stringify(new URL('platform/system-clock.ts', source).href)});
        const git = openGitRepository({
          projectPath: ${JSON.stringify(repo.path)}, clock: new SystemClock(),
          emptyHooksDir: ${JSON.stringify(join(repo.outside, 'no-hooks'))}, hostEnv: process.env,
        });
        const worktree = { path: ${JSON.stringify(repo.path)}, branch: 'refs/heads/main', base: '', gitFileSha256: null };
        await git.checkpoint(worktree, 'one');
        process.stdout.write('asked');
        setInterval(() => undefined, 1000);`;
      const hooks = new URL('../../fixtures/js-to-ts.mjs', import.meta.url).href;
      const child = spawn(process.execPath, ['--import', hooks, '--input-type=module', '-e', text], {
        env: { ...process.env, ...repo.env },
      });
      let said = '';
      child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
      await untilTrue(() => said === 'asked' || child.exitCode !== null, 20_000);
      const kept = (): readonly number[] =>
        [`--git-dir=${repo.path}/.git\0`, `${repo.outside}/no-hooks.output-`]
          .flatMap((marker) => livingProcesses(marker))
          .filter((pid) => pid !== child.pid);
      expect(kept().length).toBeGreaterThanOrEqual(4);
      child.kill('SIGKILL');
      await untilTrue(() => kept().length === 0, 2_000);
      await untilTrue(() => readdirSync(repo.outside).every((name) => !name.includes('output')), 2_000);
    } finally {
      await repo.dispose();
    }
  });
});
