import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import type { Bench } from './git-test-bench.js';
import { closeOut, startBench } from './git-test-bench.js';

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function startTurn() {
  const bench = await startBench();
  const made = await bench.worktree('t1');
  const before = await bench.git.readGuard(made);
  const agent = (...args: string[]): Promise<string> => bench.repo.gitIn(made.path, ...args);
  return { ...bench, made, before, agent };
}

describe('a turn that keeps to its files', () => {
  it('breaches nothing, also when the guard is compared after a restart', async () => {
    const { git, made, before, reopen } = await startTurn();
    await writeFile(join(made.path, 'a.txt'), 'work');
    expect(await git.enforceGuard(made, before)).toEqual([]);
    expect(await reopen().enforceGuard(made, JSON.parse(JSON.stringify(before)) as typeof before)).toEqual([]);
  });
});

describe('two turns that end at the same moment after a restart', () => {
  it('breach nothing, though both are the first to read the shared configuration', async () => {
    const { worktree, git, reopen } = await startBench();
    const names = ['t1', 't2', 't3', 't4', 't5', 't6'];
    const turns: { made: WorktreeRecord; before: Awaited<ReturnType<typeof git.readGuard>> }[] = [];
    for (const name of names) {
      const made = await worktree(name);
      turns.push({ made, before: await git.readGuard(made) });
    }
    // Branches that were made after a guard was read are no turn's doing either way, and not what this is about.
    const fresh = reopen();
    const found = await Promise.all(turns.map(({ made, before }) => fresh.enforceGuard(made, before)));
    expect(found.flat().filter(({ what }) => what === 'config-changed')).toEqual([]);
  });
});

describe('a turn that commits', () => {
  it('has its commits folded: HEAD goes back, the files stay and go into the one commit', async () => {
    const { git, made, before, agent } = await startTurn();
    await writeFile(join(made.path, 'n.txt'), 'n');
    await agent('add', '.');
    await agent('commit', '-q', '-m', 'mine');
    const own = await agent('rev-parse', 'HEAD');
    const breaches = await git.enforceGuard(made, before);
    expect(breaches).toEqual([
      {
        what: 'own-commits',
        by: 'turn',
        detail: `The turn made commits of its own up to ${own.slice(0, 12)}; HEAD went back to ${made.base.slice(0, 12)}, and the files were kept.`,
      },
    ]);
    expect(await git.tipOf('muster/s1/t1-r1')).toBe(made.base);
    expect(await readFile(join(made.path, 'n.txt'), 'utf8')).toBe('n');
    expect(await git.parentOf(await closeOut(git, made, 'c1'))).toBe(made.base);
    expect(await git.tipOf(`refs/muster/rescued/${own.slice(0, 20)}`)).toBe(own);
  });

  it('amends, switches or detaches HEAD in vain', async () => {
    for (const command of [
      ['commit', '-q', '--amend', '-m', 'other'],
      ['checkout', '-q', '-b', 'side'],
      ['checkout', '-q', '--detach'],
      ['checkout', '-q', '--orphan', 'lone'],
    ]) {
      const { git, made, before, agent } = await startTurn();
      await agent(...command);
      expect((await git.enforceGuard(made, before)).map((breach) => breach.what)).toContain('head-moved');
      expect(await agent('symbolic-ref', 'HEAD')).toBe('refs/heads/muster/s1/t1-r1');
      expect(await agent('rev-parse', 'HEAD')).toBe(made.base);
      expect(await git.tipOf('side')).toBeNull();
      expect(await git.enforceGuard(made, before)).toEqual([]);
    }
  });

  it('deletes its branch in vain', async () => {
    const { git, made, before, repo } = await startTurn();
    await repo.git('update-ref', '-d', 'refs/heads/muster/s1/t1-r1');
    expect(await git.enforceGuard(made, before)).toMatchObject([{ what: 'head-moved', by: 'turn' }]);
    expect(await git.tipOf('muster/s1/t1-r1')).toBe(made.base);
  });

  it('leaves no unfinished merge behind', async () => {
    const { git, made, before, agent, repo } = await startTurn();
    const other = await repo.commit({ 'b.txt': 'moved' }, 'Person');
    await agent('merge', '-q', '--no-ff', '--no-commit', other);
    await agent('commit', '-q', '-m', 'x');
    await agent('merge', '--no-commit', '--no-ff', '-s', 'ours', other).catch(() => '');
    await writeFile(join(repo.path, '.git/worktrees/t1/MERGE_HEAD'), `${other}\n`);
    await git.enforceGuard(made, before);
    expect(await isThere(join(repo.path, '.git/worktrees/t1/MERGE_HEAD'))).toBe(false);
  });

  it('is undone in place too, with the files kept', async () => {
    const { git, repo } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const place: WorktreeRecord = { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null };
    const before = await git.readGuard(place);
    await repo.commit({ 'n.txt': 'n' }, 'mine');
    expect(await git.enforceGuard(place, before)).toMatchObject([{ what: 'own-commits', by: 'turn' }]);
    expect(await git.tipOf('main')).toBe(base);
    expect(await repo.git('status', '--porcelain')).toBe('A  n.txt');
  });
});

describe('refs that moved during a turn', () => {
  it('are put back when they hold the work of the turn, and what they held is kept', async () => {
    const { git, made, before, agent, repo } = await startTurn();
    await repo.git('branch', 'release');
    await repo.git('tag', 'v1');
    const later = await git.readGuard(made);
    await writeFile(join(made.path, 'n.txt'), 'n');
    await agent('add', '.');
    await agent('commit', '-q', '-m', 'mine');
    const own = await agent('rev-parse', 'HEAD');
    await agent('branch', '-f', 'release');
    await agent('tag', '-f', '-a', '-m', 'moved', 'v1');
    await agent('branch', 'extra');
    const breaches = await git.enforceGuard(made, later);
    expect(breaches.map(({ what, by }) => `${what} ${by}`)).toEqual([
      'own-commits turn',
      'refs-changed turn',
      'refs-changed turn',
      'refs-changed turn',
    ]);
    expect(breaches.at(-1)?.detail).toMatch(/^refs\/tags\/v1 went from [0-9a-f]{12} to [0-9a-f]{12} by this turn; it was put back\.$/);
    expect(await git.tipOf('release')).toBe(made.base);
    expect(await git.tipOf('v1')).toBe(made.base);
    expect(await git.tipOf('extra')).toBeNull();
    expect(await git.tipOf(`refs/muster/rescued/${own.slice(0, 20)}`)).toBe(own);
    expect(before.head).toBe(made.base);
  });

  it('are put back when a checked-out branch was moved behind the back of its checkout', async () => {
    const { git, made, before, agent, repo } = await startTurn();
    const forged = await agent('commit-tree', '-m', 'forged', '-p', 'HEAD', 'HEAD^{tree}');
    await agent('update-ref', 'refs/heads/main', forged);
    expect(await git.enforceGuard(made, before)).toMatchObject([{ what: 'refs-changed', by: 'turn' }]);
    expect(await git.tipOf('main')).toBe(made.base);
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  it('are left alone when a person moved them, and only told', async () => {
    const { git, made, before, repo } = await startTurn();
    const theirs = await repo.commit({ 'b.txt': 'mine' }, 'Person');
    await repo.git('branch', 'idea');
    await repo.git('tag', 'v2');
    const breaches = await git.enforceGuard(made, before);
    expect(breaches.map(({ by }) => by)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(breaches[1]?.detail).toBe(
      `refs/heads/main went from ${made.base.slice(0, 12)} to ${theirs.slice(0, 12)} while this turn ran; it was left as it is.`,
    );
    expect(await git.tipOf('main')).toBe(theirs);
    expect(await git.tipOf('v2')).toBe(theirs);
  });

  it('are no matter when the runtime moved them, or when they are the branch of another turn', async () => {
    const { git, made, before, worktree, repo, reopen } = await startTurn();
    const other = await worktree('t2');
    await writeFile(join(other.path, 'n.txt'), 'n');
    const commit = await closeOut(git, other, 'c2');
    await repo.git('checkout', '-q', '-b', 'person');
    await git.integrate({ target: 'main', from: made.base, to: commit });
    await repo.gitIn(other.path, 'commit', '-q', '--allow-empty', '-m', 'own commit of the other turn');
    expect((await git.enforceGuard(made, before)).map(({ detail, by }) => `${by} ${detail.split(' ')[0] ?? ''}`)).toEqual([
      'unknown refs/heads/person',
    ]);
    expect(await git.tipOf('main')).toBe(commit);
    expect(await reopen().enforceGuard(made, before, ['refs/heads/main', 'refs/heads/person'])).toEqual([]);
  });
});

describe('configuration and hooks that a turn changed', () => {
  it('are put back before anything could be run by them, and what stood there is kept', async () => {
    const { git, made, before, agent, repo } = await startTurn();
    const config = join(repo.path, '.git/config');
    const text = await readFile(config, 'utf8');
    await agent('config', 'filter.x.clean', `touch ${repo.outside}/ran`);
    await agent('config', 'core.sshCommand', 'evil');
    await repo.write({ '.git/hooks/pre-commit': '#!/bin/sh\n', '.git/info/attributes': '* filter=x\n' });
    await writeFile(join(made.path, 'a.txt'), 'work');
    const breaches = await git.enforceGuard(made, before);
    expect(breaches.map(({ what, by }) => `${what} ${by}`)).toEqual(['config-changed turn', 'config-changed turn', 'config-changed turn']);
    expect(breaches[0]?.detail).toContain(
      `${config} changed during this turn; it was put back. What stood there is kept as ${repo.path}/.git/muster/`,
    );
    expect(await readFile(config, 'utf8')).toBe(text);
    expect(await isThere(join(repo.path, '.git/hooks/pre-commit'))).toBe(false);
    expect(await isThere(join(repo.path, '.git/info/attributes'))).toBe(false);
    await git.writeTree(made);
    expect(await isThere(join(repo.outside, 'ran'))).toBe(false);
  });

  it('are put back after a restart from the kept copy, and a planted link is not written through', async () => {
    const { made, before, repo, reopen } = await startTurn();
    const config = join(repo.path, '.git/config');
    const victim = join(repo.outside, 'victim');
    const text = await readFile(config, 'utf8');
    await writeFile(victim, '[core]\n\tbare = false\n');
    await rm(config);
    await symlink(victim, config);
    expect(await reopen().enforceGuard(made, before)).toMatchObject([{ what: 'config-changed', by: 'turn' }]);
    expect(await readFile(config, 'utf8')).toBe(text);
    expect(await readFile(victim, 'utf8')).toBe('[core]\n\tbare = false\n');
  });

  it('are no matter where a person set an upstream branch', async () => {
    const { git, made, before, repo } = await startTurn();
    await repo.git('config', 'branch.main.remote', 'origin');
    expect(await git.enforceGuard(made, before)).toEqual([]);
    expect(await repo.git('config', 'branch.main.remote')).toBe('origin');
  });
});

describe('a replaced .git', () => {
  async function plant(bench: Bench, made: WorktreeRecord): Promise<string> {
    const ran = join(bench.repo.outside, 'ran');
    const program = join(made.path, 'evil.sh');
    await writeFile(program, `#!/bin/sh\ntouch ${ran}\n`);
    await chmod(program, 0o755);
    await rm(join(made.path, '.git'));
    await bench.repo.gitIn(made.path, 'init', '-q');
    for (const key of ['core.fsmonitor', 'filter.x.clean', 'filter.x.smudge', 'diff.external', 'core.sshCommand', 'gpg.program']) {
      await bench.repo.gitIn(made.path, 'config', key, program);
    }
    await writeFile(join(made.path, '.gitattributes'), '* filter=x\n');
    await mkdir(join(made.path, '.git/hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'pre-commit', 'post-index-change', 'reference-transaction']) {
      await writeFile(join(made.path, '.git/hooks', hook), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    }
    return ran;
  }

  it('gets no program run by any call, and stops each of them with a sentence', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const made = await bench.worktree('t1');
    const before = await git.readGuard(made);
    await git.checkpoint(made, 'turn-1');
    const ran = await plant(bench, made);
    const sentence = `The file ${join(made.path, '.git')} is not the one that was recorded, so no git command was run there.`;
    await expect(git.writeTree(made)).rejects.toThrow(sentence);
    await expect(git.checkpoint(made, 'turn-2')).rejects.toThrow(sentence);
    await expect(git.readGuard(made)).rejects.toThrow(sentence);
    await expect(git.restoreCheckpoint(made, 'turn-1')).rejects.toThrow(sentence);
    const reason = expect.stringContaining(sentence) as string;
    expect(await git.commitAll(made, { message: 'm', closeoutId: 'c1', parent: made.base, signTimeoutMs: 1_000 })).toMatchObject({
      kind: 'refused',
      reason,
    });
    expect(await git.removeWorktree(made, { checkpoint: null, deleteBranch: true })).toMatchObject({ kind: 'refused', reason });
    expect(await isThere(ran)).toBe(false);
    expect(await git.enforceGuard(made, before)).toEqual([
      { what: 'git-file-replaced', by: 'turn', detail: `${join(made.path, '.git')} was replaced during this turn; it was put back.` },
    ]);
    await git.restoreCheckpoint(made, 'turn-1');
    expect(await isThere(ran)).toBe(false);
    // The bait is real: plain git in such a folder runs it.
    await plant(bench, made);
    await repo.gitIn(made.path, 'status').catch(() => '');
    expect(await isThere(ran)).toBe(true);
  });

  it('in a folder inside the worktree runs nothing either', async () => {
    const bench = await startBench();
    const made = await bench.worktree('t1');
    const inner = join(made.path, 'inner');
    await mkdir(inner);
    await writeFile(join(inner, '.git'), '');
    const ran = await plant(bench, { ...made, path: inner });
    await bench.git.checkpoint(made, 'turn-1');
    await bench.git.inspect();
    expect(await isThere(ran)).toBe(false);
  });
});

describe('a .git planted where a submodule belongs', () => {
  it('runs nothing', async () => {
    const { git, repo, worktree } = await startBench();
    const source = join(repo.outside, 'source');
    await repo.gitIn(repo.outside, 'init', '-q', source);
    await writeFile(join(source, 'x.txt'), 'x');
    await repo.gitIn(source, 'add', '.');
    await repo.gitIn(source, 'commit', '-q', '-m', 'x');
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${await repo.gitIn(source, 'rev-parse', 'HEAD')},part`);
    await repo.git('commit', '-q', '-m', 'Add part');
    const made = await worktree('t1');
    const ran = join(repo.outside, 'ran');
    const part = join(made.path, 'part');
    await repo.gitIn(made.path, 'clone', '-q', source, 'part');
    await writeFile(join(part, '.gitattributes'), '* filter=x\n');
    await writeFile(join(part, 'x.txt'), 'y');
    await repo.gitIn(part, 'config', 'core.fsmonitor', `touch ${ran}`);
    await repo.gitIn(part, 'config', 'filter.x.clean', `touch ${ran}; cat`);
    const kept = await git.checkpoint(made, 'turn-1');
    expect(await git.changedFiles(made.base, kept.tree)).toEqual([]);
    await writeFile(join(made.path, 'a.txt'), 'work');
    await closeOut(git, made, 'c1');
    await git.removeWorktree(made, { checkpoint: 'turn-1', deleteBranch: false });
    expect(await isThere(ran)).toBe(false);
    await repo.git('worktree', 'add', '-q', '-f', '-f', made.path, 'muster/s1/t1-r1');
    await repo.gitIn(made.path, 'clone', '-q', source, 'part');
    await writeFile(join(part, '.gitattributes'), '* filter=x\n');
    await repo.gitIn(part, 'config', 'core.fsmonitor', `touch ${ran}`);
    // The bait is real: plain git looks into the folder and runs it.
    await repo.gitIn(made.path, 'status');
    expect(await isThere(ran)).toBe(true);
  });
});

describe('a worktree that is gone', () => {
  it('is told', async () => {
    const { git, made, before } = await startTurn();
    await rm(made.path, { recursive: true });
    expect(await git.enforceGuard(made, before)).toEqual([
      { what: 'worktree-missing', by: 'turn', detail: `The worktree ${made.path} is gone.` },
    ]);
  });
});
