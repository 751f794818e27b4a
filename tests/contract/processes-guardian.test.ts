import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { GuardedSpec, ProcessGuardian, ProcessIdentity } from '../../src/main/runtime/ports/process-guardian.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { livingProcesses, untilTrue } from '../fixtures/living-processes.js';

const bwrap = '/usr/bin/bwrap';
const fixtures = join(import.meta.dirname, '../fixtures');
const daemon = join(fixtures, 'stubborn-daemon.mjs');

const kinds = [
  { kind: 'namespace', bwrapPath: bwrap },
  { kind: 'watchdog', bwrapPath: null },
] as const;

describe.skipIf(lacksJail).each(kinds)('a guardian of kind $kind', ({ kind, bwrapPath }) => {
  let folder: string;
  let ledgerDir: string;
  let pidFile: string;
  let guardian: ProcessGuardian;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster guardian-'));
    ledgerDir = join(folder, 'ledger');
    pidFile = join(folder, 'daemon.pid');
    guardian = await createProcessGuardian({ ledgerDir, clock: new SystemClock(), bwrapPath });
  });
  afterEach(async () => {
    await guardian.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const spec = (argv: readonly [string, ...string[]], more: Partial<GuardedSpec> = {}): GuardedSpec => ({
    tag: 'turn-abc123',
    argv,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdoutFile: join(folder, 'out.log'),
    stderrFile: join(folder, 'err.log'),
    timeoutMs: 30_000,
    ...more,
  });
  const node = (program: string, more: Partial<GuardedSpec> = {}): GuardedSpec => spec([process.execPath, '-e', program], more);
  const log = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('is of the kind that was asked for', () => {
    expect(guardian.kind).toBe(kind);
  });

  it('keeps both streams in their files, passes on what is said, feeds standard input and tells the exit code', async () => {
    let heard = '';
    const run = await guardian.start(
      spec(['/bin/sh', '-c', 'cat; echo trouble >&2; exit 7'], { stdin: 'grüße\n', onStdout: (text) => (heard += text) }),
    );
    expect(await run.exit).toMatchObject({
      reason: 'exited',
      exitCode: 7,
      signal: null,
      outputBytes: Buffer.byteLength('grüße\ntrouble\n'),
    });
    expect(heard).toBe('grüße\n');
    expect(log('out.log')).toBe('grüße\n');
    expect(log('err.log')).toBe('trouble\n');
  });

  it('keeps both streams in order of arrival when they share a file', async () => {
    const run = await guardian.start(
      spec(['/bin/sh', '-c', 'echo one; echo two >&2; echo three; echo four >&2'], { stderrFile: join(folder, 'out.log') }),
    );
    await run.exit;
    expect(log('out.log')).toBe('one\ntwo\nthree\nfour\n');
  });

  it('waits for files that take long, and loses none of the last words', async () => {
    const slow = join(folder, 'slow');
    execFileSync('mkfifo', [slow]);
    // Open on both sides, so that nobody waits for the other; what is not read fills it.
    const reader = await open(slow, 'r+');
    const longPause = Promise.withResolvers<void>();
    const clock = new SystemClock();
    const after = (ms: number, task: () => void): (() => void) =>
      clock.after(ms, () => {
        task();
        if (ms >= 1_000) longPause.resolve();
      });
    const patient = await createProcessGuardian({
      ledgerDir,
      bwrapPath,
      clock: { now: () => clock.now(), monotonicMs: () => clock.monotonicMs(), after },
    });
    const run = await patient.start(spec(['/bin/sh', '-c', 'head -c 150000 /dev/zero'], { stdoutFile: slow }));
    await longPause.promise;
    expect(livingProcesses(folder)).toEqual([]);
    const readAll = async (): Promise<void> => {
      for (let read = 0; read < 150_000;) read += (await reader.read(Buffer.alloc(65_536))).bytesRead;
    };
    const [exit] = await Promise.all([run.exit, Promise.race([readAll(), run.exit])]);
    await reader.close();
    expect(exit).toMatchObject({ reason: 'exited', exitCode: 0, outputBytes: 150_000 });
  });

  it('gives the child its own environment with the tag in it, and neither our variables nor our descriptors', async () => {
    process.env['MUSTER_TEST_SECRET'] = 'do not leak';
    const run = await guardian.start(
      spec(['/bin/sh', '-c', 'env; ls /proc/self/fd'], { env: { PATH: '/usr/bin:/bin', GREETING: 'hello' } }),
    );
    await run.exit;
    delete process.env['MUSTER_TEST_SECRET'];
    const lines = log('out.log')
      .trim()
      .split('\n')
      .filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line));
    expect(lines.filter((line) => line.includes('=')).sort()).toEqual([
      'GREETING=hello',
      expect.stringMatching(/^MUSTER_PROCESS_OWNER=[0-9a-f]{16}$/),
      'MUSTER_PROCESS_TAG=turn-abc123',
      'PATH=/usr/bin:/bin',
    ]);
    // 3 is the folder that ls reads; with our pipes still open it would be a later one.
    expect(lines.filter((line) => /^\d$/.test(line))).toEqual(['0', '1', '2', '3']);
  });

  it('names the signal that a process died of', async () => {
    const run = await guardian.start(spec(['/bin/sh', '-c', 'kill -SEGV $$']));
    expect(await run.exit).toMatchObject({ reason: 'exited', exitCode: null, signal: 'SIGSEGV' });
  });

  it('ends a child that says nothing for ever at its time limit', async () => {
    const run = await guardian.start(node("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)", { timeoutMs: 300 }));
    const exit = await run.exit;
    expect(exit.reason).toBe('timed-out');
    expect(exit.durationMs).toBeGreaterThanOrEqual(300);
    expect(exit.durationMs).toBeLessThan(2_300);
  });

  it('lets a child end by itself after SIGTERM when it is stopped', async () => {
    const ready = Promise.withResolvers<void>();
    const run = await guardian.start(
      node("process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); setInterval(() => {}, 1000); console.log('ready')", {
        onStdout: () => ready.resolve(),
      }),
    );
    await ready.promise;
    await run.stop();
    expect(log('out.log')).toBe('ready\nbye\n');
    expect(await run.exit).toMatchObject({ reason: 'stopped' });
  });

  it('keeps a flood to its limit, without holding it in memory', async () => {
    const before = process.memoryUsage().rss;
    const run = await guardian.start(
      node(
        "const b = Buffer.alloc(1 << 20, 120); const more = () => { while (process.stdout.write(b)); process.stdout.once('drain', more) }; more()",
        { maxOutputBytes: 100_000_000 },
      ),
    );
    const exit = await run.exit;
    expect(exit).toMatchObject({ reason: 'output-limit', outputBytes: 100_000_000 });
    expect(statSync(join(folder, 'out.log')).size).toBe(100_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(90_000_000);
  });

  it('survives a child that closes its input unread', async () => {
    const run = await guardian.start(spec(['/bin/sh', '-c', 'exec 0<&-; echo done'], { stdin: 'x'.repeat(5_000_000) }));
    expect(await run.exit).toMatchObject({ reason: 'exited', exitCode: 0 });
    expect(log('out.log')).toBe('done\n');
  });

  it('refuses a program that does not exist, with its name and the PATH', async () => {
    await expect(guardian.start(spec(['no-such-program'], { env: { PATH: '/usr/bin' } }))).rejects.toThrow(
      'Could not start no-such-program: there is no such program on the PATH /usr/bin. Install it or correct the command.',
    );
    await expect(guardian.start(spec(['/bin/true'], { cwd: join(folder, 'gone') }))).rejects.toMatchObject({ name: 'ProcessStartError' });
    expect(guardian.running()).toEqual([]);
    expect(readdirSync(ledgerDir)).toEqual([]);
  });

  it('refuses a second process with the same tag while the first runs, and takes it afterwards', async () => {
    const run = await guardian.start(spec(['sleep', '60']));
    await expect(guardian.start(spec(['true']))).rejects.toThrow(
      'Could not start true: a process with the tag turn-abc123 runs already. Wait for its end.',
    );
    await run.stop();
    expect(await (await guardian.start(spec(['true']))).exit).toMatchObject({ exitCode: 0 });
  });

  it('has the process in its ledger while it runs, and not after', async () => {
    const run = await guardian.start(node('setInterval(() => {}, 1000)'));
    const [name = ''] = readdirSync(ledgerDir);
    expect(JSON.parse(readFileSync(join(ledgerDir, name), 'utf8'))).toEqual(run.identity);
    expect(guardian.running()).toEqual([run.identity]);
    expect(await guardian.isAlive(run.identity)).toBe(true);
    await run.stop();
    expect(readdirSync(ledgerDir)).toEqual([]);
    expect(guardian.running()).toEqual([]);
    expect(await guardian.isAlive(run.identity)).toBe(false);
  });

  it('leaves no daemon behind a program that ends by itself', async () => {
    const run = await guardian.start(spec([process.execPath, daemon, 'leave', pidFile]));
    const exit = await run.exit;
    expect(exit).toMatchObject({ reason: 'exited', exitCode: 0 });
    expect(livingProcesses(pidFile)).toEqual([]);
  });

  it.runIf(kind === 'namespace')('leaves no daemon behind that cleared its environment and left the session', async () => {
    const mark = `86400.${process.pid}`;
    const flood = `i=0; while [ $i -lt 20 ]; do env -i setsid sleep ${mark} & i=$((i+1)); done; sleep 0.05`;
    for (let round = 0; round < 5; round += 1) {
      const run = await guardian.start(spec(['/bin/sh', '-c', flood]));
      expect(await run.exit).toMatchObject({ reason: 'exited', exitCode: 0 });
      expect(livingProcesses(mark)).toEqual([]);
    }
  });

  it('ends daemons that ignore SIGTERM within two seconds of stop', async () => {
    const run = await guardian.start(spec([process.execPath, daemon, 'stay', pidFile]));
    await untilTrue(() => existsSync(pidFile), 10_000);
    expect(livingProcesses(pidFile).length).toBeGreaterThanOrEqual(2);
    const started = performance.now();
    await run.stop();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(livingProcesses(pidFile)).toEqual([]);
  });

  it('leaves nothing alive when its own wrapper is killed, and says so', async () => {
    const run = await guardian.start(spec([process.execPath, daemon, 'stay', pidFile]));
    await untilTrue(() => existsSync(pidFile), 10_000);
    process.kill(run.identity.pid, 'SIGKILL');
    expect(await run.exit).toMatchObject({ reason: 'exited', exitCode: null, signal: 'SIGKILL' });
    expect(livingProcesses(pidFile)).toEqual([]);
    expect(readdirSync(ledgerDir)).toEqual([]);
  });

  it('ends nothing on a bare pid, and exactly the process whose identity matches', async () => {
    const run = await guardian.start(node('setInterval(() => {}, 1000)'));
    const others: readonly ProcessIdentity[] = [
      { ...run.identity, startTime: '1' },
      { ...run.identity, bootId: 'another boot' },
      { ...run.identity, tag: 'turn-other' },
    ];
    for (const other of others) expect(await guardian.end(other)).toBe(false);
    expect(await guardian.isAlive(run.identity)).toBe(true);
    expect(await guardian.end(run.identity)).toBe(true);
    await run.exit;
    expect(await guardian.isAlive(run.identity)).toBe(false);
    expect(await guardian.end(run.identity)).toBe(false);
  });

  it('spares a stranger whose pid stands in an old ledger', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync(
      join(ledgerDir, 'old.json'),
      JSON.stringify({ pid: stranger.pid, startTime: '12', bootId: 'an older boot', tag: 'turn-old' }),
    );
    writeFileSync(join(ledgerDir, 'torn.json'), '{"pid": 12');
    expect(await guardian.reap()).toEqual([]);
    expect(stranger.exitCode).toBeNull();
    stranger.kill('SIGKILL');
  });

  it('leaves nothing alive two seconds after the runtime was killed, and the next start clears the ledger', async () => {
    const args = [
      join(fixtures, 'runtime-stand-in.ts'),
      ledgerDir,
      bwrapPath ?? '',
      'turn-killed',
      daemon,
      pidFile,
      join(folder, 'out.log'),
    ];
    const runtime = spawn(process.execPath, ['--import', join(fixtures, 'js-to-ts.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(runtime.stdout, 'data');
    await untilTrue(() => existsSync(pidFile), 10_000);
    expect(livingProcesses(`stay\0${pidFile}`).length).toBeGreaterThanOrEqual(1);
    runtime.kill('SIGKILL');
    await once(runtime, 'exit');
    expect(await untilTrue(() => livingProcesses(pidFile).length === 0, 2_000)).toBeLessThan(2_000);
    expect(readdirSync(ledgerDir)).toHaveLength(1);
    await guardian.reap();
    expect(readdirSync(ledgerDir)).toEqual([]);
    expect(livingProcesses('turn-killed')).toEqual([]);
  });

  it('reaps a daemon that outlived its guardian by the tag in its environment', async () => {
    const run = await guardian.start(spec(['/bin/sh', '-c', 'echo $MUSTER_PROCESS_OWNER']));
    await run.exit;
    const env = { ...process.env, MUSTER_PROCESS_TAG: 'turn-left', MUSTER_PROCESS_OWNER: log('out.log').trim() };
    const left = spawn(process.execPath, [daemon, 'leave', pidFile], { env, stdio: 'ignore' });
    await once(left, 'exit');
    await untilTrue(() => existsSync(pidFile), 10_000);
    const identity: ProcessIdentity = { pid: left.pid ?? 0, startTime: '1', bootId: 'x', tag: 'turn-left' };
    writeFileSync(join(ledgerDir, 'left.json'), JSON.stringify(identity));
    expect(await guardian.reap()).toEqual([identity]);
    expect(livingProcesses(pidFile)).toEqual([]);
  });

  it('leaves the processes of another workspace alone, even under the same tag', async () => {
    const neighbour = await createProcessGuardian({ ledgerDir: join(folder, 'neighbour'), clock: new SystemClock(), bwrapPath });
    const theirs = await neighbour.start(
      node('setInterval(() => {}, 1000)', { stdoutFile: join(folder, 'n.log'), stderrFile: join(folder, 'n.log') }),
    );
    const ours = await guardian.start(spec(['true']));
    expect(ours.identity.tag).toBe(theirs.identity.tag);
    await ours.exit;
    expect(await neighbour.isAlive(theirs.identity)).toBe(true);
    await neighbour.stopAll();
  });
});
