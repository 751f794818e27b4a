import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJail } from '../../src/main/runtime/jail/create-jail.js';
import { createNoJail } from '../../src/main/runtime/jail/no-jail.js';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Jail, JailCommand, JailResult } from '../../src/main/runtime/ports/jail.js';
import type { ProcessGuardian } from '../../src/main/runtime/ports/process-guardian.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { livingProcesses } from '../fixtures/living-processes.js';

const bwrap = '/usr/bin/bwrap';
const kinds = [
  { kind: 'bubblewrap', guard: 'namespace', jailed: true },
  { kind: 'bubblewrap', guard: 'watchdog', jailed: true },
  { kind: 'none', guard: 'namespace', jailed: false },
] as const;

let folder: string;
let checkout: string;
let cache: string;
let guardian: ProcessGuardian;
let jail: Jail;

async function setUp(kind: 'bubblewrap' | 'none', guard: 'namespace' | 'watchdog'): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'muster jail-'));
  checkout = join(folder, 'a checkout');
  cache = join(folder, 'package cache');
  mkdirSync(checkout);
  guardian = await createProcessGuardian({
    ledgerDir: join(folder, 'ledger'),
    clock: new SystemClock(),
    bwrapPath: guard === 'namespace' ? bwrap : null,
  });
  const options = { guardian, nodePath: process.execPath, path: process.env['PATH'] ?? '', temporaryDir: folder };
  jail = kind === 'none' ? createNoJail(options) : await createJail({ ...options, bwrapPath: bwrap, hidden: [homedir()] });
}

afterEach(async () => {
  await guardian.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const command = (argv: readonly [string, ...string[]], more: Partial<JailCommand> = {}): JailCommand => ({
  tag: 'verify-run-1',
  argv,
  checkout,
  caches: [cache],
  readable: [],
  network: false,
  env: {},
  timeoutMs: 20_000,
  outputFile: join(folder, 'output.log'),
  ...more,
});
const node = (program: string): readonly [string, ...string[]] => ['node', '-e', program];
const output = (): string => readFileSync(join(folder, 'output.log'), 'utf8');
const exitCode = (result: JailResult): number | string => (result.kind === 'exited' ? result.exitCode : result.kind);

describe.skipIf(lacksJail).each(kinds)('a jail of kind $kind under a $guard', ({ kind, guard, jailed }) => {
  beforeEach(() => setUp(kind, guard));

  it('tells exit code, output and its hash', async () => {
    const result = await jail.run(command(['/bin/sh', '-c', 'echo out; echo err >&2; exit 3']));
    expect(jail.kind).toBe(kind);
    expect(result).toMatchObject({
      kind: 'exited',
      exitCode: 3,
      jailed,
      outputBytes: 8,
      outputSha256: createHash('sha256').update('out\nerr\n').digest('hex'),
    });
    expect(output()).toBe('out\nerr\n');
  });

  it('starts with an empty output file each time', async () => {
    await jail.run(command(['echo', 'first']));
    await jail.run(command(['echo', 'second']));
    expect(output()).toBe('second\n');
  });

  it('says a death by signal as a shell does', async () => {
    expect(exitCode(await jail.run(command(['/bin/sh', '-c', 'kill -KILL $$'])))).toBe(137);
  });

  it('writes into the checkout and the cache', async () => {
    const result = await jail.run(command(['/bin/sh', '-c', 'echo 1 > here && echo 2 > "$npm_config_cache/there"']));
    expect(exitCode(result)).toBe(0);
    expect(readFileSync(join(checkout, 'here'), 'utf8')).toBe('1\n');
    expect(readFileSync(join(cache, 'there'), 'utf8')).toBe('2\n');
  });

  it('runs the Node that it was given, with none of our variables', async () => {
    process.env['MUSTER_TEST_SECRET'] = 'do not leak';
    await jail.run(
      command(node('console.log(process.version); console.log(Object.keys(process.env).sort().join(" "))'), { env: { GREETING: 'hello' } }),
    );
    delete process.env['MUSTER_TEST_SECRET'];
    const [version, names = ''] = output().trim().split('\n');
    expect(version).toBe(process.version);
    const own = names
      .split(' ')
      .filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD', 'MUSTER_PROCESS_TAG', 'MUSTER_PROCESS_OWNER'].includes(name));
    expect(own).toEqual([
      'CI',
      'GREETING',
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
      'npm_config_audit',
      'npm_config_cache',
      'npm_config_fund',
      'npm_config_update_notifier',
    ]);
  });

  it('lets a test listen on loopback and connect to itself', async () => {
    const program = `const net = require('net'); const s = net.createServer((c) => c.end('hello')).listen(0, '127.0.0.1', () =>
      net.connect(s.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); s.close() }))`;
    expect(exitCode(await jail.run(command(node(program))))).toBe(0);
    expect(output()).toBe('hello\n');
  });

  it('leaves no server behind', async () => {
    const marker = `server-of-${guard}-${kind}`;
    const program = `require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', '${marker}'], { detached: true, stdio: 'ignore' }).unref()`;
    expect(exitCode(await jail.run(command(node(program))))).toBe(0);
    expect(livingProcesses(marker)).toEqual([]);
  });

  it('ends a command at its time limit, at its output limit and when told', async () => {
    expect(await jail.run(command(['sleep', '60'], { timeoutMs: 200 }))).toMatchObject({ kind: 'timed-out' });
    expect(await jail.run(command(['yes'], { maxOutputBytes: 5_000 }))).toMatchObject({ kind: 'output-limit' });
    const abort = new AbortController();
    const running = jail.run(command(['sleep', '60']), abort.signal);
    abort.abort();
    expect(await running).toMatchObject({ kind: 'stopped' });
    expect(await jail.run(command(['sleep', '60']), abort.signal)).toMatchObject({ kind: 'stopped', durationMs: 0 });
  });

  it('says in a sentence why a command could not start', async () => {
    expect(await jail.run(command(['no-such-program']))).toEqual({
      kind: 'could-not-start',
      reason: 'There is no program no-such-program where the command runs. Check its name, or let `git.worktree.setup` install it.',
    });
    const gone = join(folder, 'gone');
    expect(await jail.run(command(['true'], { checkout: gone }))).toEqual({
      kind: 'could-not-start',
      reason: `The checkout ${gone} does not exist.`,
    });
  });
});

describe.skipIf(lacksJail)('a bubblewrap jail', () => {
  beforeEach(() => setUp('bubblewrap', 'namespace'));

  it('keeps a planted test from the secrets at home, the servers of the host and every file outside the checkout', async () => {
    const secret = mkdtempSync(join(homedir(), '.muster-canary-'));
    writeFileSync(join(secret, 'token'), 'canary-4711');
    const server = createServer((socket) => socket.end('host')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const outside = join(secret, 'outside.txt');
    writeFileSync(
      join(checkout, 'planted.test.mjs'),
      `import test from 'node:test'; import assert from 'node:assert'; import fs from 'node:fs'; import net from 'node:net';
      test('reads the secret', () => { assert.equal(fs.readFileSync(${JSON.stringify(join(secret, 'token'))}, 'utf8'), 'canary-4711') });
      test('reaches the host', async () => { await new Promise((ok, no) => net.connect(${port}, '127.0.0.1').on('connect', ok).on('error', no)) });
      test('writes outside', () => { fs.writeFileSync(${JSON.stringify(outside)}, 'x') });
      test('writes into the root', () => { fs.writeFileSync('/planted', 'x') });
      test('writes into the system', () => { fs.writeFileSync('/usr/bin/planted', 'x') });
      test('writes inside', () => { fs.writeFileSync('inside.txt', 'x') });`,
    );
    const result = await jail.run(command(['node', '--test', '--test-reporter=tap', 'planted.test.mjs']));
    server.close();
    const isOutside = existsSync(outside);
    rmSync(secret, { recursive: true });
    expect(exitCode(result)).toBe(1);
    expect(output()).toMatch(/^# pass 1$/m);
    expect(output()).toMatch(/^# fail 5$/m);
    expect(output()).toMatch(/^ok \d+ - writes inside$/m);
    expect(output()).toContain('ENOENT');
    expect(output()).toContain('ECONNREFUSED');
    expect(isOutside).toBe(false);
  });

  it('shows a readable folder, and lets nothing be written there', async () => {
    const extra = join(folder, 'extra');
    mkdirSync(extra);
    writeFileSync(join(extra, 'note'), 'seen');
    await jail.run(command(['/bin/sh', '-c', `cat "${extra}/note"; echo x > "${extra}/new" || echo refused`], { readable: [extra] }));
    expect(output()).toMatch(/^seen.*refused\n$/s);
    expect(existsSync(join(extra, 'new'))).toBe(false);
  });

  it('finds npm where the person has it', async () => {
    const result = await jail.run(command(['npm', '--version']));
    expect(exitCode(result)).toBe(0);
    expect(output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('is replaced by no jail where bubblewrap does not work', async () => {
    const none = await createJail({
      guardian,
      bwrapPath: '/bin/false',
      nodePath: process.execPath,
      path: process.env['PATH'] ?? '',
      hidden: [],
      temporaryDir: folder,
    });
    expect(none.kind).toBe('none');
  });
});
