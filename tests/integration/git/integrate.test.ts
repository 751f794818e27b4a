import { chmod, lstat, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitRepository } from '../../../src/main/runtime/git/git-repository-adapter.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { closeOut, startBench } from './git-test-bench.js';
import type { Bench } from './git-test-bench.js';

const TARGET = 'refs/heads/main';

async function finishedWork(bench: Bench, files: Readonly<Record<string, string>>, name = 't1'): Promise<{ commit: string; base: string }> {
  const made = await bench.worktree(name);
  for (const [file, text] of Object.entries(files)) await writeFile(join(made.path, file), text);
  return { commit: await closeOut(bench.git, made, `c-${name}`), base: made.base };
}

describe('rebasing', () => {
  it('replays the work onto the moved tip, keeps the result, and gives the same commit again', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    const onto = await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    const options = { commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 'scratch') };
    const rebased = await git.rebase(options);
    expect(rebased).toMatchObject({ kind: 'rebased', onto, patchId: await git.patchId(base, commit) });
    const result = rebased.kind === 'rebased' ? rebased.commit : '';
    expect(await git.parentOf(result)).toBe(onto);
    expect(await git.messageOf(result)).toContain('Muster-Closeout: c-t1');
    expect(await git.tipOf('refs/muster/rebased/c-t1')).toBe(result);
    expect(await git.rebase(options)).toEqual(rebased);
    expect(await repo.git('rev-parse', 'main', 'muster/s1/t1-r1')).toBe(`${onto}\n${commit}`);
    await expect(lstat(options.scratch)).rejects.toThrow('ENOENT');
    expect(await repo.git('worktree', 'list')).not.toContain('scratch');
  });

  it('takes its date from the work, so that doing it again later gives the same commit', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    await finishedWork(bench, { 'n.txt': 'n' });
    const place = join(repo.outside, 't1');
    await repo.gitIn(place, 'commit', '-q', '--amend', '--no-edit', '--date', '2020-01-01T00:00:00Z');
    const commit = await repo.gitIn(place, 'rev-parse', 'HEAD');
    const onto = await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    const rebased = await git.rebase({ commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 's') });
    const result = rebased.kind === 'rebased' ? rebased.commit : rebased.kind;
    expect(await repo.git('show', '-s', '--format=%at %ct', result)).toBe('1577836800 1577836800');
  });

  it('hands back the commit itself when the tip did not move', async () => {
    const bench = await startBench();
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    expect(await bench.git.rebase({ commit, onto: base, closeoutId: 'c-t1', scratch: join(bench.repo.outside, 's') })).toMatchObject({
      kind: 'rebased',
      commit,
    });
  });

  it('finds nothing left when the same patch or the commit is in the target', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit } = await finishedWork(bench, { 'n.txt': 'n' });
    await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    await repo.git('cherry-pick', commit);
    const onto = await repo.git('rev-parse', 'HEAD');
    const options = { commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 's') };
    expect(await git.rebase(options)).toEqual({ kind: 'empty', onto });
    expect(await git.rebase({ ...options, onto: commit })).toEqual({ kind: 'empty', onto: commit });
  });

  it('takes the one commit and leaves behind what it was built on, whether that stands on the target in another form or not at all', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const below = await finishedWork(bench, { 'a.txt': 'below\n' });
    const above = await bench.worktree('t2', below.commit);
    await writeFile(join(above.path, 'n.txt'), 'n');
    const commit = await closeOut(git, above, 'c-t2');
    const options = { commit, closeoutId: 'c-t2', scratch: join(repo.outside, 's') };
    const filesIn = async (onto: string): Promise<string> => {
      const result = await git.rebase({ ...options, onto });
      return repo.git('show', '--format=%P', '--name-only', result.kind === 'rebased' ? result.commit : result.kind);
    };
    expect(await filesIn(below.base)).toBe(`${below.base}\n\nn.txt`);
    const person = await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    expect(await filesIn(person)).toBe(`${person}\n\nn.txt`);
    await repo.git('cherry-pick', below.commit);
    const moved = await repo.git('rev-parse', 'HEAD');
    expect(await filesIn(moved)).toBe(`${moved}\n\nn.txt`);
    expect(await git.tipOf('refs/heads/main')).toBe(moved);
  });

  it('tells a conflict with its files and both sides, and leaves nothing behind', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit } = await finishedWork(bench, { 'a.txt': 'from the todo\n', 'sp ace.txt': 's' });
    const onto = await repo.commit({ 'a.txt': 'from the person\n' }, 'Person');
    const result = await git.rebase({ commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 's') });
    const author = await repo.git('show', '-s', '--format=%an', onto);
    expect(result).toMatchObject({ kind: 'conflict', onto, files: ['a.txt'], others: [{ commit: onto, author, title: 'Person' }] });
    const detail = result.kind === 'conflict' ? result.detail : '';
    expect(detail).toContain('UU a.txt');
    expect(detail).toContain('from the person');
    expect(detail).toContain('from the todo');
    expect(await readdir(repo.outside)).not.toContain('s');
    expect(await git.tipOf('refs/muster/rebased/c-t1')).toBeNull();
  });

  it('cleans away what a killed run left in the scratch place, and refuses to clean anything else', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit } = await finishedWork(bench, { 'a.txt': 'from the todo\n' });
    const onto = await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    const scratch = join(repo.outside, 's');
    await repo.git('worktree', 'add', '-q', '--lock', '--reason', 'muster', '--detach', scratch, commit);
    await writeFile(join(scratch, 'a.txt'), 'torn');
    await writeFile(join(repo.path, '.git/worktrees/s/index.lock'), '');
    expect(await git.rebase({ commit, onto, closeoutId: 'c-t1', scratch })).toMatchObject({ kind: 'rebased' });
    await mkdir(join(repo.outside, 'diary'));
    await writeFile(join(repo.outside, 'diary/d.txt'), 'd');
    expect(await git.rebase({ commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 'diary') })).toMatchObject({ kind: 'refused' });
  });

  it('moves no other branch, whatever the configuration says', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit } = await finishedWork(bench, { 'n.txt': 'n' });
    await repo.git('branch', 'stacked', commit);
    await repo.git('config', 'rebase.updateRefs', 'true');
    const onto = await repo.commit({ 'b.txt': 'person\n' }, 'Person');
    expect(await git.rebase({ commit, onto, closeoutId: 'c-t1', scratch: join(repo.outside, 's') })).toMatchObject({ kind: 'rebased' });
    expect(await git.tipOf('stacked')).toBe(commit);
  });
});

describe('integrating where the target is checked out', () => {
  it('moves branch and files together, keeps other changes, and runs no hook', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'a.txt': 'work\n', 'n.txt': 'n' });
    await repo.write({ 'b.txt': 'my edit\n', 'mine.txt': 'untracked', '.git/hooks/post-merge': `#!/bin/sh\ntouch ${repo.outside}/ran\n` });
    await chmod(join(repo.path, '.git/hooks/post-merge'), 0o755);
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'integrated', commit });
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'integrated', commit });
    expect(await git.tipOf(TARGET)).toBe(commit);
    expect(await readFile(join(repo.path, 'a.txt'), 'utf8')).toBe('work\n');
    expect(await repo.git('status', '--porcelain')).toBe(' M b.txt\n?? mine.txt');
    await expect(lstat(join(repo.outside, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('waits for changed, untracked and ignored files that the work touches, and names them', async () => {
    const bench = await startBench({ files: { '.gitignore': 'ignored.txt\n', 'a.txt': 'one\n' } });
    const { git, repo } = bench;
    const made = await bench.worktree('t1');
    await writeFile(join(made.path, '.gitignore'), '');
    for (const name of ['a.txt', 'new.txt', 'ignored.txt']) await writeFile(join(made.path, name), 'work\n');
    const commit = await closeOut(git, made, 'c1');
    await repo.write({ 'a.txt': 'mine\n', 'new.txt': 'mine\n', 'ignored.txt': 'mine\n' });
    const files = ['a.txt', 'ignored.txt', 'new.txt'];
    expect(await git.integrate({ target: TARGET, from: made.base, to: commit })).toEqual({
      kind: 'waiting',
      reason: `Waiting for your working tree ${repo.path}: it has own changes in a.txt, ignored.txt, new.txt. Finish that there; the work is integrated afterwards.`,
      files,
    });
    for (const name of files) expect(await readFile(join(repo.path, name), 'utf8')).toBe('mine\n');
    expect(await git.tipOf(TARGET)).toBe(made.base);
    expect(await repo.git('stash', 'list')).toBe('');
  });

  it('waits when an untracked or ignored file stands where the work needs a folder', async () => {
    for (const exclude of ['', 'thing\n']) {
      const bench = await startBench();
      const { git, repo } = bench;
      const made = await bench.worktree('t1');
      await mkdir(join(made.path, 'thing'));
      await writeFile(join(made.path, 'thing/inner.txt'), 'work');
      const commit = await closeOut(git, made, 'c1');
      await repo.write({ thing: 'mine', '.git/info/exclude': exclude });
      expect(await git.integrate({ target: TARGET, from: made.base, to: commit })).toMatchObject({ kind: 'waiting', files: ['thing'] });
      expect(await readFile(join(repo.path, 'thing'), 'utf8')).toBe('mine');
    }
  });

  it('waits for a running merge, rebase or other git command', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    const ask = { target: TARGET, from: base, to: commit };
    const lock = join(repo.path, '.git/index.lock');
    await writeFile(lock, '');
    expect(await git.integrate(ask)).toMatchObject({
      kind: 'waiting',
      files: [lock],
      reason: expect.stringContaining('another git command is running') as string,
    });
    await rm(lock);
    await writeFile(join(repo.path, '.git/MERGE_HEAD'), `${base}\n`);
    expect(await git.integrate(ask)).toMatchObject({
      kind: 'waiting',
      reason: expect.stringContaining('a merge is not finished') as string,
    });
    await rm(join(repo.path, '.git/MERGE_HEAD'));
    await repo.git('-c', 'sequence.editor=sed -i 1i\\break', 'rebase', '-q', '-i', '--root');
    expect(await git.integrate(ask)).toMatchObject({
      kind: 'waiting',
      reason: expect.stringContaining('a rebase or bisect of main is not finished') as string,
    });
    await repo.git('rebase', '--abort');
    expect(await git.integrate(ask)).toMatchObject({ kind: 'integrated' });
  });

  it('works where another worktree of the person holds the target', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    await repo.git('checkout', '-q', '--detach');
    const theirs = join(repo.outside, 'theirs');
    await repo.git('worktree', 'add', '-q', theirs, 'main');
    await writeFile(join(theirs, 'n.txt'), 'mine');
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toMatchObject({ kind: 'waiting', files: ['n.txt'] });
    await rm(join(theirs, 'n.txt'));
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toMatchObject({ kind: 'integrated' });
    expect(await readFile(join(theirs, 'n.txt'), 'utf8')).toBe('n');
    expect(await repo.gitIn(theirs, 'status', '--porcelain')).toBe('');
  });

  it('goes on after a merge that was killed before the branch moved', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'a.txt': 'work\n' });
    await repo.git('read-tree', '-m', '-u', base, commit);
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'integrated', commit });
    expect(await repo.git('status', '--porcelain')).toBe('');
  });
});

describe('a project that is a worktree of a bare repository', () => {
  it('gets worktrees, commits and integration like any other', async () => {
    const { repo } = await startBench();
    const project = join(repo.outside, 'project');
    await repo.gitIn(repo.outside, 'clone', '-q', '--bare', repo.path, 'store.git');
    await repo.gitIn(join(repo.outside, 'store.git'), 'worktree', 'add', '-q', project, 'main');
    const git = openGitRepository({
      projectPath: project,
      clock: new SystemClock(),
      emptyHooksDir: join(repo.outside, 'none'),
      hostEnv: repo.env,
    });
    const base = await repo.git('rev-parse', 'main');
    const made = await git.addWorktree({ path: join(repo.outside, 't1'), branch: 'muster/s/t1-r1', base, copy: [], submodules: false });
    if (made.kind === 'refused') throw new Error(made.reason);
    await writeFile(join(made.worktree.path, 'n.txt'), 'n');
    const commit = await closeOut(git, made.worktree, 'c1');
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'integrated', commit });
    expect(await readFile(join(project, 'n.txt'), 'utf8')).toBe('n');
    expect(await repo.gitIn(project, 'status', '--porcelain')).toBe('');
  });
});

describe('integrating a target that is checked out nowhere', () => {
  it('moves it from the expected tip only', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    await repo.git('checkout', '-q', '-b', 'person');
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'integrated', commit });
    expect(await git.isAncestor(commit, TARGET)).toBe(true);
  });

  it('tells that the tip moved, that the work does not come from it, or that there is no such branch', async () => {
    const bench = await startBench();
    const { git, repo } = bench;
    const { commit, base } = await finishedWork(bench, { 'n.txt': 'n' });
    const tip = await repo.commit({ 'b.txt': 'x' }, 'Person');
    expect(await git.integrate({ target: TARGET, from: base, to: commit })).toEqual({ kind: 'tip-moved', tip });
    expect(await git.integrate({ target: TARGET, from: tip, to: commit })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('does not come from its tip. Rebase it first.') as string,
    });
    expect(await git.integrate({ target: 'refs/heads/none', from: base, to: commit })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('the branch does not exist') as string,
    });
  });
});
