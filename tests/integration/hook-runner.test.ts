import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGitRepository } from '../../src/main/runtime/git/git-repository-adapter.js';
import { createNoJail } from '../../src/main/runtime/jail/no-jail.js';
import { createProcessGuardian } from '../../src/main/runtime/platform/process-guardian.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Jail } from '../../src/main/runtime/ports/jail.js';
import { createHookRunner } from '../../src/main/runtime/receipts/hook-runs.js';
import type { HookRunner, HooksRequest, HooksResult } from '../../src/main/runtime/receipts/hook-runs.js';
import { durableReplace } from '../../src/main/runtime/workspace/durable-replace.js';
import { describeGap, judgeReceipt } from '../../src/shared/domain/receipt.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { makeVerifyingBench } from '../fixtures/verifying-bench.js';
import type { VerifyingBench } from '../fixtures/verifying-bench.js';

let bench: VerifyingBench;

beforeEach(async () => {
  bench = await makeVerifyingBench();
});
afterEach(async () => {
  await bench.dispose();
});

const clock = new SystemClock();

function makeRunner(jail: Jail = bench.jail): HookRunner {
  const { git, blobs, folder } = bench;
  const paths = { checkoutsDir: join(folder, 'checkouts'), setupCacheDir: join(folder, 'set-ups'), runsDir: join(folder, 'runs') };
  const writeDurably = (path: string, text: string): Promise<void> => durableReplace(path, text, { clock });
  return createHookRunner({ git, jail, blobs, paths, nodeVersion: process.version, writeDurably });
}

async function writeHook(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const ownHook = (name: string, script: string): Promise<void> => writeHook(join(bench.repository.path, '.git', 'hooks', name), script);

/** Commits an executable file as part of what work begins with; returns the commit. */
async function trackedScript(path: string, script: string): Promise<string> {
  const { repository } = bench;
  await writeHook(join(repository.path, path), script);
  await repository.git('add', path);
  await repository.git('commit', '-q', '--no-verify', '-m', `Add ${path}`);
  return repository.git('rev-parse', 'HEAD');
}

/** Runs the hooks for work on `base` that writes these files. */
async function ask(
  work: Readonly<Record<string, string | null>> = { 'sum.mjs': 'export const sum = (a, b) => b + a;\n' },
  more: Partial<HooksRequest> = {},
  runner = makeRunner(),
): Promise<HooksResult> {
  const { repository } = bench;
  const base = await repository.git('rev-parse', 'HEAD');
  await repository.write(work);
  await repository.git('add', '--all');
  const tree = await repository.git('write-tree');
  await repository.git('reset', '-q', '--hard', base);
  return runner.run({
    ...{ runKey: 'run', base, tree, branch: 'muster/s/t-r1', message: '[s] t sum.mjs: Adds', closeoutId: 'c1' },
    ...{ setup: [], setupTimeoutMs: 30_000, timeoutMs: 30_000, trustedPath: null },
    ...more,
  });
}

const reasonOf = (result: HooksResult): string => (result.kind === 'refused' ? result.reason : `not refused: ${JSON.stringify(result)}`);

describe.skipIf(lacksJail)('hooks that a commit asks', () => {
  it('are none in most projects, which then costs no checkout', async () => {
    await ownHook('pre-commit.sample', 'exit 1');
    await writeFile(join(bench.repository.path, '.git', 'hooks', 'commit-msg'), 'not executable');
    expect(await ask()).toEqual({ kind: 'passed', hooks: { runs: [], changedByWork: [] } });
    expect(bench.jail.tags).toEqual([]);
    expect(existsSync(join(bench.folder, 'checkouts'))).toBe(false);
  });

  it('are only those that can stop a commit', async () => {
    for (const name of ['prepare-commit-msg', 'post-commit', 'post-rewrite', 'pre-push']) await ownHook(name, 'exit 1');
    expect(await ask()).toEqual({ kind: 'passed', hooks: { runs: [], changedByWork: [] } });
    expect(bench.jail.tags).toEqual([]);
  });

  it('reach neither the project nor anything else of the person, and leave nothing outside', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'muster-canary-'));
    await writeFile(join(outside, 'canary'), 'the secret of the house');
    const { path } = bench.repository;
    await ownHook(
      'pre-commit',
      `cat "${outside}/canary"; cat "${path}/.git/config"; git -C "${path}" log; echo x > "${outside}/planted"; cat .git/objects/info/alternates; echo "home: $(ls -A "$HOME")"; exit 1`,
    );
    const reason = reasonOf(await ask());
    expect(reason).toContain(`cat: ${outside}/canary: No such file or directory`);
    expect(reason).toContain(`cat: ${path}/.git/config: No such file or directory`);
    expect(reason).toContain('cat: .git/objects/info/alternates: No such file or directory');
    expect(reason).toMatch(/\nhome:$/);
    expect(reason).not.toContain('the secret');
    expect(await readdir(outside)).toEqual(['canary']);
    expect(await readdir(join(bench.folder, 'checkouts'))).toEqual([]);
    await rm(outside, { recursive: true });
  });

  it('wait with what set-up would run on work that changed what it reads, and ask nothing where there is no hook', async () => {
    const setup = [['sh', '-c', 'mkdir node_modules']];
    const work = { 'package.json': '{ "type": "module", "scripts": { "postinstall": "curl example.org" } }' };
    expect((await ask(work, { setup, mayRunSetup: () => false })).kind).toBe('passed');
    await ownHook('pre-commit', 'exit 0');
    expect(await ask(work, { setup, mayRunSetup: () => false })).toMatchObject({ kind: 'setup-asked', paths: ['package.json'] });
    expect(bench.jail.tags).toEqual([]);
    expect((await ask(work, { setup, mayRunSetup: () => true })).kind).toBe('passed');
  });

  it('have what set-up made, as a verification has it', async () => {
    await ownHook('pre-commit', 'cat node_modules/made; git status --porcelain; exit 1');
    const setup = [['sh', '-c', 'mkdir node_modules && echo "by set-up" > node_modules/made']];
    expect(reasonOf(await ask(undefined, { setup }))).toMatch(/\nby set-up\nM {2}sum\.mjs$/);
  });

  it('say why the checkout could not be set up', async () => {
    await ownHook('pre-commit', 'exit 0');
    expect(await ask(undefined, { setup: [['false']] })).toMatchObject({
      kind: 'setup-failed',
      reason: expect.stringContaining('exit code 1'),
    });
  });

  it('may be a link to a script of the project, which is then the one of the work', async () => {
    await trackedScript('tools/check.sh', 'exit 0');
    await mkdir(join(bench.repository.path, '.git', 'hooks'), { recursive: true });
    await symlink('../../tools/check.sh', join(bench.repository.path, '.git', 'hooks', 'pre-commit'));
    expect(reasonOf(await ask({ 'tools/check.sh': '#!/bin/sh\necho "as the work has it"\nexit 1\n' }))).toContain('as the work has it');
  });

  it('may lie outside of the project with a file that they read', async () => {
    const { repository } = bench;
    await writeHook(join(repository.outside, 'hooks', 'commit-msg'), '. "$(dirname "$0")/rules"; echo "$rule: $1"; exit 1');
    await writeFile(join(repository.outside, 'hooks', 'rules'), 'rule="no rule"\n');
    await repository.git('config', 'core.hooksPath', join(repository.outside, 'hooks'));
    expect(reasonOf(await ask())).toMatch(/\nno rule: \.git\/COMMIT_EDITMSG$/);
  });

  it('stop at the first that refuses', async () => {
    await ownHook('pre-commit', 'exit 1');
    await ownHook('commit-msg', 'exit 1');
    await ask();
    expect(bench.jail.tags.map((tag) => tag.replace(/-[0-9a-f]{16}-hooks$/, ''))).toEqual(['hook-pre-commit']);
  });

  it('are not asked again about the same commit, and are when the hook became another one', async () => {
    await ownHook('pre-commit', 'exit 0');
    const first = await ask();
    expect(await ask()).toEqual(first);
    expect(bench.jail.tags).toHaveLength(1);
    await ownHook('pre-commit', 'exit 5');
    expect(reasonOf(await ask())).toContain('exit code 5');
  });

  it('are remembered for the receipt by the closeout that they let pass', async () => {
    await ownHook('commit-msg', 'exit 0');
    await ask();
    expect((await makeRunner().passedFor('c1'))?.runs).toMatchObject([{ name: 'commit-msg', jailed: true, hasChangedMessage: false }]);
    expect(await makeRunner().passedFor('c2')).toBeNull();
  });

  it('run without a jail where there is none, which is a gap', async () => {
    const guardian = await createProcessGuardian({ ledgerDir: join(bench.folder, 'ledger-2'), clock, bwrapPath: null });
    const noJail = createNoJail({ guardian, nodePath: process.execPath, path: process.env['PATH'] ?? '', temporaryDir: bench.folder });
    await ownHook('pre-commit', 'exit 0');
    const result = await ask(undefined, {}, makeRunner(noJail));
    await guardian.stopAll();
    if (result.kind !== 'passed') throw new Error(reasonOf(result));
    const facts = { commands: [], protectedChanges: [], weakenedTests: null, isInPlace: false, hasCommit: true, override: null };
    expect(judgeReceipt({ ...facts, hooks: result.hooks }).gaps.map(describeGap)).toContain('The git hook pre-commit ran without a jail.');
  });

  it('never let git obey what set-up planted in the checkout', async () => {
    const mark = join(bench.folder, 'filtered');
    const setup = [
      ['sh', '-c', `git init -q . && git config filter.evil.clean "touch '${mark}'; cat" && git config core.fsmonitor "touch '${mark}'"`],
    ];
    await ownHook('pre-commit', 'git config --get filter.evil.clean || echo "no filter"; exit 1');
    const reason = reasonOf(
      await ask({ '.gitattributes': '* filter=evil\n', 'sum.mjs': 'export const sum = (a, b) => b + a;\n' }, { setup }),
    );
    expect(reason).toMatch(/\nno filter$/);
    expect(existsSync(mark)).toBe(false);
  });
});

describe.skipIf(lacksJail)('hooks in the checkout', () => {
  const trusted = { trustedPath: 'tools/hooks' };

  beforeEach(async () => {
    await trackedScript('tools/hooks/pre-commit', 'echo "as it was"; exit 1');
    await bench.repository.git('config', 'core.hooksPath', 'tools/hooks/');
  });

  it('do not run where nobody accepted their place', async () => {
    expect(reasonOf(await ask())).toBe(
      'Could not commit: git hooks of the project are in tools/hooks (core.hooksPath), which nobody has accepted yet. Look at it and accept it with `muster trust`, then retry.',
    );
    expect(reasonOf(await ask(undefined, { trustedPath: '.husky' }))).toContain('and what was accepted is .husky.');
    expect(bench.jail.tags).toEqual([]);
  });

  it('run as the work has them', async () => {
    expect(reasonOf(await ask(undefined, trusted))).toContain('as it was');
  });

  it('are told when the work weakened or removed them', async () => {
    expect(await ask({ 'tools/hooks/pre-commit': '#!/bin/sh\nexit 0\n' }, trusted)).toMatchObject({
      kind: 'passed',
      hooks: { runs: [{ name: 'pre-commit' }], changedByWork: ['tools/hooks/pre-commit'] },
    });
    const removed = await ask({ 'tools/hooks/pre-commit': null }, trusted);
    expect(removed).toEqual({ kind: 'passed', hooks: { runs: [], changedByWork: ['tools/hooks/pre-commit'] } });
  });

  it('are found behind a link from the git folder as well', async () => {
    const { repository } = bench;
    await repository.git('config', '--unset', 'core.hooksPath');
    await rm(join(repository.path, '.git', 'hooks'), { recursive: true, force: true });
    await symlink('../tools/hooks', join(repository.path, '.git', 'hooks'));
    const git = openGitRepository({
      projectPath: repository.path,
      emptyHooksDir: join(bench.folder, 'none'),
      clock,
      hostEnv: repository.env,
    });
    expect(await git.hooksFolder()).toEqual({ kind: 'in-checkout', path: 'tools/hooks', root: repository.path });
  });
});
