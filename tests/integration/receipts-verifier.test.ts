import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VerifyRequest } from '../../src/main/runtime/receipts/tree-runs.js';
import type { VerifyResult } from '../../src/main/runtime/receipts/verifier.js';
import { describeGap, isGreen, judgeReceipt, redCommands } from '../../src/shared/domain/receipt.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { makeVerifyingBench, sampleFiles } from '../fixtures/verifying-bench.js';
import type { VerifyingBench } from '../fixtures/verifying-bench.js';

type Verified = Extract<VerifyResult, { kind: 'verified' }>;

describe.skipIf(lacksJail)('a verifier', () => {
  let bench: VerifyingBench;
  beforeEach(async () => {
    bench = await makeVerifyingBench();
  });
  afterEach(() => bench.dispose());

  const change = (files: Readonly<Record<string, string | null>>): Promise<string> => bench.repository.commit(files, 'Change');
  async function verify(treeish: string, more: Partial<VerifyRequest> = {}): Promise<Verified> {
    const result = await bench.makeVerifier().verify(bench.request(treeish, more));
    if (result.kind !== 'verified') throw new Error(JSON.stringify(result));
    return result;
  }
  const judge = (result: Verified): readonly string[] => {
    const { badge, gaps } = judgeReceipt({ ...result, isInPlace: false, hasCommit: true, override: null });
    return [badge, ...gaps.map(describeGap)];
  };
  const shell = (script: string): Pick<VerifyRequest, 'commands'> => ({
    commands: [{ name: 'check', argv: ['/bin/sh', '-c', script], timeoutMs: 20_000, network: false }],
  });

  it('proves a good change: green here, green on the base, output kept, checkouts gone', async () => {
    const result = await verify(await change({ 'sum.mjs': 'export const sum = (a, b) => b + a;\n' }));
    expect(result.commands).toMatchObject([
      { name: 'test', argv: ['node', '--test'], exitCode: 0, baseExitCode: 0, retries: 0, jailed: true, problem: '' },
    ]);
    expect(String(await bench.blobs.get(result.commands[0]?.outputHash ?? ''))).toContain('pass 1');
    expect(judge(result)).toEqual(['verified']);
    expect(readdirSync(join(bench.folder, 'checkouts'))).toEqual([]);
  });

  it('reports red where the base was green as a reopen', async () => {
    const result = await verify(await change({ 'sum.mjs': 'export const sum = (a, b) => a - b;\n' }));
    expect(redCommands(result)).toEqual(['test']);
    expect(isGreen({ ...result, override: null })).toBe(false);
    expect(result.commands).toMatchObject([{ exitCode: 1, baseExitCode: 0, retries: 1 }]);
    expect(judge(result)).toEqual(['not_verified', 'test failed with exit code 1, and nothing shows that the base fails it too.']);
  });

  it('calls red on the base too a gap', async () => {
    const result = await verify(await change({ 'note.txt': 'x' }), shell('exit 4'));
    expect(isGreen({ ...result, override: null })).toBe(true);
    expect(judge(result)).toEqual(['with_gaps', 'check fails, and failed on the base too.']);
  });

  it('records that a command passed only when tried again', async () => {
    const result = await verify(await change({ 'note.txt': 'x' }), shell('echo run; test -e tried || { touch tried; exit 1; }'));
    expect(judge(result)).toEqual(['with_gaps', 'check passed only when tried again (1).']);
  });

  it('finds a weakened test by its base version', async () => {
    const wrong = {
      'sum.mjs': 'export const sum = (a, b) => a - b;\n',
      'tests/sum.test.mjs': (sampleFiles['tests/sum.test.mjs'] ?? '').replace(', 4)', ', 0)'),
    };
    expect(judge(await verify(await change(wrong)))).toEqual([
      'with_gaps',
      'Protected files changed: tests/sum.test.mjs.',
      'test is red with the tests as they were before: tests/sum.test.mjs.',
    ]);
  });

  it('finds a removed test the same way, and takes a new one as fine', async () => {
    const removed = await change({
      'sum.mjs': 'export const sum = () => 5;\n',
      'tests/sum.test.mjs': null,
      'tests/other.test.mjs': "import 'node:test';\n",
    });
    expect((await verify(removed)).weakenedTests).toEqual({ files: ['tests/sum.test.mjs'], redCommands: ['test'] });
    await bench.repository.git('reset', '-q', '--hard', bench.base);
    const added = await change({ 'tests/other.test.mjs': "import test from 'node:test';\ntest('more', () => {});\n" });
    expect(judge(await verify(added))).toEqual(['verified']);
  });

  it('puts old tests back without following a link that took the place of their folder', async () => {
    const victim = join(bench.folder, 'victim');
    mkdirSync(victim);
    await bench.repository.git('rm', '-rq', 'tests');
    await rm(join(bench.repository.path, 'tests'), { recursive: true, force: true });
    symlinkSync(victim, join(bench.repository.path, 'tests'));
    const result = await verify(await change({ 'ok.test.mjs': "import test from 'node:test';\ntest('ok', () => {});\n" }));
    expect(result.weakenedTests?.files).toEqual(['tests/sum.test.mjs']);
    expect(readdirSync(victim)).toEqual([]);
  });

  it('lists a test script that was turned into exit 0, and says that it says nothing', async () => {
    const disarmed = await change({ 'package.json': '{ "name": "sample", "type": "module", "scripts": { "test": "exit 0" } }\n' });
    const result = await verify(
      disarmed,
      shell("node -e \"process.exit(JSON.parse(fs.readFileSync('package.json')).scripts.test === 'exit 0' ? 0 : 0)\""),
    );
    expect(judge(result)).toEqual([
      'with_gaps',
      'check says nothing, neither here nor on the base.',
      'Protected files changed: package.json.',
    ]);
  });

  it('leaves package.json alone when only its description changed, and lists what the project protects itself', async () => {
    const described = await change({
      'package.json': (sampleFiles['package.json'] ?? '').replace('{', '{ "description": "x",'),
      'sum.mjs': '// same\nexport const sum = (a, b) => a + b;\n',
    });
    expect((await verify(described)).protectedChanges).toEqual([]);
    expect((await verify(described, { runKey: 'strict', protect: ['sum.*'] })).protectedChanges).toEqual(['sum.mjs']);
  });

  it('sees no ignored file of the project', async () => {
    mkdirSync(join(bench.repository.path, 'node_modules'));
    writeFileSync(join(bench.repository.path, 'node_modules/patched'), 'x');
    const result = await verify(await change({ 'note.txt': 'x' }), shell('ls -A; test ! -e node_modules'));
    expect(result.commands[0]?.exitCode).toBe(0);
  });

  it('sets up once per lockfile and gives the next checkout a copy', async () => {
    const setup = [['/bin/sh', '-c', 'mkdir -p node_modules && head -c 8 /dev/urandom | od -An -tx1 > node_modules/stamp']];
    const say = { ...shell('cat node_modules/stamp'), setup };
    const result = await verify(await change({ 'note.txt': 'x' }), say);
    expect(result.commands[0]?.outputHash).toBe(result.commands[0]?.baseOutputHash);
    expect(bench.jail.tags.filter((tag) => tag.startsWith('setup-'))).toHaveLength(1);
    const relocked = await verify(await change({ 'package-lock.json': '{}' }), say);
    expect(relocked.commands[0]?.outputHash).not.toBe(result.commands[0]?.outputHash);
    expect(relocked.environmentHash).not.toBe(result.environmentHash);
  });

  it('asks before it sets up what the work changed, runs nothing until then, and asks for each set-up once', async () => {
    const setup = [['/bin/sh', '-c', 'mkdir node_modules']];
    const say = (accepted: readonly string[]) => ({ ...shell('echo fine'), setup, mayRunSetup: (key: string) => accepted.includes(key) });
    const ask = (treeish: string, accepted: readonly string[] = []) => bench.makeVerifier().verify(bench.request(treeish, say(accepted)));
    const locked = await change({
      'package-lock.json': '{}',
      'lib/package.json': '{}',
      'sum.mjs': 'export const sum = (a, b) => b + a;\n',
    });
    const asked = await ask(locked);
    if (asked.kind !== 'setup-asked') throw new Error(JSON.stringify(asked));
    expect(asked.paths).toEqual(['lib/package.json', 'package-lock.json']);
    expect(bench.jail.tags).toEqual([]);
    expect(existsSync(join(bench.folder, 'checkouts'))).toBe(false);
    expect((await ask(locked, [asked.key])).kind).toBe('verified');
    const more = await change({ 'note.txt': 'x' });
    expect((await ask(more, [asked.key])).kind).toBe('verified');
    const other = await ask(await change({ 'package-lock.json': '{ "a": 1 }' }), [asked.key]);
    expect(other.kind).toBe('setup-asked');
    await bench.repository.git('reset', '-q', '--hard', bench.base);
    expect((await ask(await change({ 'note.txt': 'y' }))).kind).toBe('verified');
  });

  it('says why set-up failed, with the end of its output', async () => {
    const result = await bench
      .makeVerifier()
      .verify(bench.request(bench.base, { setup: [['/bin/sh', '-c', 'echo no such package; exit 9']] }));
    expect(result).toEqual({
      kind: 'setup-failed',
      reason:
        'Could not set up the checkout: `/bin/sh -c echo no such package; exit 9` ended with exit code 9. Correct it or `git.worktree.setup`, then retry.',
      log: 'no such package\n',
    });
  });

  it('reuses a finished run after a restart, for the same tree and environment only', async () => {
    const commit = await change({ 'sum.mjs': 'export const sum = (a, b) => a - b;\n' });
    const first = await verify(commit);
    const ran = bench.jail.tags.length;
    expect(await verify(commit)).toEqual({ ...first, isReused: true });
    expect(await bench.makeVerifier().probe(bench.request(commit))).toEqual({ ...first, isReused: true });
    expect(bench.jail.tags).toHaveLength(ran);
    const other = await change({ 'sum.mjs': 'export const sum = (a, b) => a * b;\n' });
    expect(await bench.makeVerifier().probe(bench.request(other, { runKey: bench.request(commit).runKey }))).toBeNull();
    expect(await bench.makeVerifier().probe(bench.request(commit, shell('exit 0')))).toBeNull();
    expect(await bench.makeVerifier().probe(bench.request(commit, { base: other }))).toBeNull();
  });

  it('keeps the result on the base, and a green result of the same tree, for other runs', async () => {
    const commit = await change({ 'note.txt': 'x' });
    await verify(commit, { runKey: 'evidence' });
    expect(bench.jail.tags).toHaveLength(2);
    expect((await verify(commit, { runKey: 'closeout' })).commands[0]?.exitCode).toBe(0);
    expect(bench.jail.tags).toHaveLength(2);
    await verify(await change({ 'note.txt': 'y' }), { runKey: 'next' });
    expect(bench.jail.tags).toHaveLength(3);
  });

  it('runs a red tree again for another run', async () => {
    const commit = await change({ 'sum.mjs': 'export const sum = () => 1;\n' });
    await verify(commit, { runKey: 'evidence', retries: 0 });
    const ran = bench.jail.tags.length;
    await verify(commit, { runKey: 'closeout', retries: 0 });
    expect(bench.jail.tags).toHaveLength(ran + 1);
  });

  it('stops when told and leaves no record', async () => {
    const abort = new AbortController();
    const request = bench.request(bench.base, shell('sleep 60'));
    const running = bench.makeVerifier().verify(request, abort.signal);
    await expect.poll(() => bench.jail.tags.length, { timeout: 10_000 }).toBe(1);
    abort.abort();
    expect(await running).toEqual({ kind: 'stopped' });
    expect(await bench.makeVerifier().probe(request)).toBeNull();
  });

  it('calls a program that is nowhere a gap, and one that only the base has red', async () => {
    const commands = [{ name: 'lint', argv: ['tools/lint'], timeoutMs: 5_000, network: false }];
    const commit = await change({ 'note.txt': 'x' });
    expect(judge(await verify(commit, { commands }))).toEqual([
      'with_gaps',
      'lint could not run: There is no program tools/lint where the command runs. Check its name, or let `git.worktree.setup` install it.',
    ]);
    await change({ 'tools/lint': '#!/bin/sh\necho linted\n' });
    await bench.repository.git('update-index', '--chmod=+x', 'tools/lint');
    await bench.repository.git('commit', '-qm', 'Lint');
    const base = await bench.repository.git('rev-parse', 'HEAD');
    await bench.repository.git('rm', '-qf', 'tools/lint');
    const removed = await change({ 'note.txt': 'z' });
    expect(judge(await verify(removed, { commands, base }))).toEqual(['not_verified', 'lint did not finish, and the base passes it.']);
  });
});
