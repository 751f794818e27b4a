import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyRequest } from '../../src/main/runtime/receipts/tree-runs.js';
import type { VerifyResult } from '../../src/main/runtime/receipts/verifier.js';
import { judgeReceipt } from '../../src/shared/domain/receipt.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { makeVerifyingBench } from '../fixtures/verifying-bench.js';
import type { VerifyingBench } from '../fixtures/verifying-bench.js';

describe.skipIf(lacksJail)('a project with a submodule in a submodule', () => {
  let bench: VerifyingBench;
  /** The first commit of the submodule `part`, and the one that the project has. */
  let parts: readonly [string, string];
  let base = '';
  let worktree = '';

  beforeAll(async () => {
    bench = await makeVerifyingBench();
    const { repository } = bench;
    await repository.git('config', '--global', 'protocol.file.allow', 'always');
    const make = async (name: string, file: string, text: string): Promise<string> => {
      const folder = join(repository.outside, name);
      if (!existsSync(folder)) await repository.gitIn(repository.outside, 'init', '-q', '-b', 'main', name);
      await writeFile(join(folder, file), text);
      await repository.gitIn(folder, 'add', '.');
      await repository.gitIn(folder, 'commit', '-q', '-m', file);
      return repository.gitIn(folder, 'rev-parse', 'HEAD');
    };
    await make('inner', 'deep.txt', 'deep');
    const first = await make('part', 'part.txt', 'one');
    await repository.gitIn(join(repository.outside, 'part'), 'submodule', '--quiet', 'add', join(repository.outside, 'inner'), 'inner');
    parts = [first, await make('part', 'part.txt', 'two')];
    await repository.git('submodule', '--quiet', 'add', '--name', 'the part', join(repository.outside, 'part'), 'lib/part');
    base = await repository.commit({}, 'Add part');
    // As after a fresh clone: only the worktree of the work has the submodules' content.
    await repository.git('submodule', '--quiet', 'deinit', '--all', '--force');
    await rm(join(repository.path, '.git/modules'), { recursive: true, force: true });
    worktree = join(repository.outside, 'work');
    const made = await bench.git.addWorktree({ path: worktree, branch: null, base, copy: [], submodules: true });
    expect(made.kind).toBe('ready');
  });
  afterAll(() => bench.dispose());

  const reads = (): Pick<VerifyRequest, 'commands' | 'submodules' | 'base'> => ({
    commands: [
      { name: 'check', argv: ['/bin/sh', '-c', 'cat lib/part/part.txt lib/part/inner/deep.txt'], timeoutMs: 20_000, network: false },
    ],
    submodules: true,
    base,
  });
  const verify = (treeish: string, more: Partial<VerifyRequest> = {}): Promise<VerifyResult> =>
    bench.makeVerifier().verify(bench.request(treeish, { ...reads(), ...more }));
  /** The base with another commit as its submodule; null takes it out. */
  const withPart = async (commit: string | null): Promise<string> => {
    const { repository } = bench;
    await repository.git('reset', '-q', '--hard', base);
    if (commit === null) await repository.git('rm', '-q', '--cached', 'lib/part');
    else await repository.git('update-index', '--cacheinfo', `160000,${commit},lib/part`);
    await repository.git('commit', '-q', '-m', 'Change part');
    return repository.git('rev-parse', 'HEAD');
  };

  it('is verified with the content of both, as the worktree has it, and leaves no checkout behind', async () => {
    await bench.repository.git('reset', '-q', '--hard', base);
    const result = await verify(await bench.repository.commit({ 'note.txt': 'x' }, 'Note'));
    if (result.kind !== 'verified') throw new Error(JSON.stringify(result));
    expect(result.commands).toMatchObject([{ exitCode: 0, baseExitCode: 0 }]);
    expect(String(await bench.blobs.get(result.commands[0]?.outputHash ?? ''))).toBe('twodeep');
    expect(judgeReceipt({ ...result, isInPlace: false, hasCommit: true, override: null }).badge).toBe('verified');
    expect(readdirSync(join(bench.folder, 'checkouts'))).toEqual([]);
  });

  it('says with gaps which submodule was changed, removed or added, though no file of the diff is protected', async () => {
    const told = async (from: string, treeish: string): Promise<readonly string[]> => {
      const silent = {
        ...reads(),
        base: from,
        commands: [{ name: 'check', argv: ['echo', 'x'] as const, timeoutMs: 20_000, network: false }],
      };
      const result = await verify(treeish, silent);
      if (result.kind !== 'verified') throw new Error(JSON.stringify(result));
      const { badge } = judgeReceipt({ ...result, isInPlace: false, hasCommit: true, override: null });
      return [badge, ...result.protectedChanges];
    };
    const changed = await withPart(parts[0]);
    const removed = await withPart(null);
    expect(await told(base, changed)).toEqual(['with_gaps', 'lib/part']);
    expect(await told(base, removed)).toEqual(['with_gaps', 'lib/part']);
    expect(await told(removed, changed)).toEqual(['with_gaps', 'lib/part']);
  });

  it('asks before it runs the setup with another commit of the submodule, runs it anew, and keeps nothing that it made inside of it', async () => {
    const setup = [['/bin/sh', '-c', 'cp lib/part/part.txt lib/part/made.txt']];
    const say = { setup, commands: [{ name: 'check', argv: ['cat', 'lib/part/made.txt'] as const, timeoutMs: 20_000, network: false }] };
    const changed = await withPart(parts[0]);
    const asked = await verify(changed, { ...say, mayRunSetup: () => false });
    expect(asked).toMatchObject({ kind: 'setup-asked', paths: ['lib/part'] });
    const result = await verify(changed, { ...say, runKey: 'set-up' });
    if (result.kind !== 'verified') throw new Error(JSON.stringify(result));
    const [command] = result.commands;
    expect(String(await bench.blobs.get(command?.outputHash ?? ''))).toBe('one');
    expect(String(await bench.blobs.get(command?.baseOutputHash ?? ''))).toBe('two');
  });

  it('cannot be verified at a commit of the submodule that nobody has here, and is not taken for red on the base too', async () => {
    const result = await verify(await withPart('1234567890'.repeat(4)));
    expect(result).toEqual({
      kind: 'setup-failed',
      reason:
        'Could not put the submodule lib/part into the clean checkout: this machine has no commit 123456789012 of it. Run `git submodule update --init --recursive` in the project, then retry.',
      log: '',
    });
  });

  it('follows no name of a submodule out of the folder that git keeps them in', async () => {
    const { repository } = bench;
    await repository.git('reset', '-q', '--hard', base);
    const planted = await repository.commit(
      { '.gitmodules': '[submodule "../../../outside/part/.git"]\n\tpath = lib/part\n\turl = ../x\n' },
      'Plant a name',
    );
    expect(await verify(planted)).toMatchObject({
      kind: 'setup-failed',
      reason: expect.stringContaining('.gitmodules does not say which one belongs there.'),
    });
  });

  it('is verified without its content where the terms do not ask for it', async () => {
    const result = await verify(base, { ...reads(), submodules: false, runKey: 'without' });
    expect(result).toMatchObject({ kind: 'verified', commands: [{ exitCode: 1 }] });
  });
});
