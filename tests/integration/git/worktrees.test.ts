import { chmod, lstat, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitRepository } from '../../../src/main/runtime/git/git-repository-adapter.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { WorktreeResult } from '../../../src/main/runtime/ports/git-repository.js';
import { closeOut, startBench } from './git-test-bench.js';

const reasonOf = (result: WorktreeResult): string => (result.kind === 'refused' ? result.reason : `(${result.kind})`);
const plain = { copy: [], submodules: false } as const;

describe('what the project is', () => {
  it('tells a plain folder, a bare repository and an unborn one apart', async () => {
    const { repo } = await startBench({});
    const at = (projectPath: string) =>
      openGitRepository({ projectPath, clock: new SystemClock(), emptyHooksDir: join(repo.outside, 'none'), hostEnv: repo.env });
    await repo.gitIn(repo.outside, 'init', '-q', '--bare', 'bare.git');
    expect(await at(repo.outside).inspect()).toEqual({ kind: 'no-repository' });
    expect(await at(join(repo.outside, 'bare.git')).inspect()).toEqual({ kind: 'bare' });
    expect(await at(repo.path).inspect()).toMatchObject({ kind: 'repository', isUnborn: true, head: null, branch: 'refs/heads/main' });
  });

  it('names dirty files with odd names, and tells a detached HEAD and a missing identity', async () => {
    const { repo, git } = await startBench();
    const odd = ['sp ace.txt', 'quo"te.txt', 'ümläut.txt', 'new\nline.txt', 'tab\there.txt', ' lead.txt'];
    await repo.write(Object.fromEntries(odd.map((name) => [name, 'x'])));
    await repo.git('checkout', '-q', '--detach');
    await repo.git('config', '--global', '--unset', 'user.email');
    const facts = await git.inspect();
    expect(facts).toMatchObject({
      kind: 'repository',
      branch: null,
      identity: null,
      isShallow: false,
      isSparse: false,
      hasSubmodules: false,
    });
    expect(facts.kind === 'repository' ? [...facts.dirtyPaths].sort() : []).toEqual([...odd].sort());
  });

  it('sees a shallow clone, and makes worktrees from it', async () => {
    const { repo } = await startBench();
    await repo.commit({ 'a.txt': 'two\n' }, 'More');
    await repo.gitIn(repo.outside, 'clone', '-q', '--depth', '1', `file://${repo.path}`, 'shallow');
    const git = openGitRepository({
      projectPath: join(repo.outside, 'shallow'),
      clock: new SystemClock(),
      emptyHooksDir: join(repo.outside, 'none'),
      hostEnv: repo.env,
    });
    const facts = await git.inspect();
    expect(facts).toMatchObject({ isShallow: true, identity: { name: 'Pat Person', email: 'pat@example.org' } });
    const head = facts.kind === 'repository' ? (facts.head ?? '') : '';
    expect(await git.addWorktree({ path: join(repo.outside, 'w'), branch: 'muster/s/t-r1', base: head, ...plain })).toMatchObject({
      kind: 'ready',
    });
  });
});

describe('making worktrees', () => {
  it('makes a locked worktree on its own branch, and adopts it when asked again', async () => {
    const { repo, git } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const ask = { path: join(repo.outside, 't1'), branch: 'muster/s1/t1-r1', base, ...plain };
    const made = await git.addWorktree(ask);
    await writeFile(join(ask.path, 'work.txt'), 'begun');
    expect(await git.addWorktree(ask)).toEqual(made);
    expect(made).toMatchObject({ kind: 'ready', worktree: { branch: 'refs/heads/muster/s1/t1-r1', base, path: ask.path } });
    expect(await readFile(join(ask.path, 'work.txt'), 'utf8')).toBe('begun');
    expect(await repo.git('worktree', 'list', '--porcelain')).toContain('locked muster');
    expect(await git.hasWorktree(ask.path)).toBe(true);
  });

  it('finishes a half-made worktree', async () => {
    const { repo, git, worktree: make } = await startBench();
    const worktree = await make('t1');
    await rm(join(repo.path, '.git', 'worktrees', 't1', 'muster-ready'));
    await rm(join(worktree.path, 'a.txt'));
    await rm(join(worktree.path, '.git'));
    const again = await git.addWorktree({ path: worktree.path, branch: worktree.branch, base: worktree.base, ...plain });
    expect(again).toEqual({ kind: 'ready', worktree, notes: [] });
    expect(await readFile(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\n');
  });

  it('refuses bare and unborn repositories with what to do, and a path inside the project', async () => {
    const { repo, git } = await startBench({});
    const ask = { path: join(repo.outside, 'w'), branch: 'muster/s/t-r1', base: 'HEAD', ...plain };
    expect(reasonOf(await git.addWorktree(ask))).toBe(
      `Could not make a worktree: ${repo.path} has no commit yet. Make the first commit there, then start again.`,
    );
    await repo.gitIn(repo.outside, 'init', '-q', '--bare', 'bare.git');
    const bare = openGitRepository({
      projectPath: join(repo.outside, 'bare.git'),
      clock: new SystemClock(),
      emptyHooksDir: join(repo.outside, 'none'),
      hostEnv: repo.env,
    });
    expect(reasonOf(await bare.addWorktree(ask))).toContain('is a bare repository, which has no files to work on. Open a clone of it.');
    const head = await repo.commit({ a: '1' }, 'First');
    expect(reasonOf(await git.addWorktree({ ...ask, base: head, path: join(repo.path, 'inside') }))).toContain(
      'it lies inside the project',
    );
  });

  it('leaves alone what somebody else has at the path', async () => {
    const { repo, git } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    await mkdir(join(repo.outside, 'mine'));
    await writeFile(join(repo.outside, 'mine', 'diary.txt'), 'dear');
    await repo.git('worktree', 'add', '-q', '-b', 'theirs', join(repo.outside, 'theirs'));
    expect(reasonOf(await git.addWorktree({ path: join(repo.outside, 'mine'), branch: null, base, ...plain }))).toContain(
      'something else stands there',
    );
    expect(reasonOf(await git.addWorktree({ path: join(repo.outside, 'theirs'), branch: null, base, ...plain }))).toContain(
      "somebody else's worktree stands there",
    );
    expect(await readFile(join(repo.outside, 'mine', 'diary.txt'), 'utf8')).toBe('dear');
  });

  it('takes over the sparse patterns of the project', async () => {
    const { repo, worktree, git } = await startBench({ files: { 'in/a.txt': '1', 'out/b.txt': '2', 'top.txt': '3' } });
    await repo.git('sparse-checkout', 'set', 'in');
    const made = await worktree('t1');
    expect((await readdir(made.path)).sort()).toEqual(['.git', 'in', 'top.txt']);
    await writeFile(join(made.path, 'in/a.txt'), 'changed');
    const commit = await closeOut(git, made, 'c1');
    expect(await git.listFiles(commit)).toEqual(['in/a.txt', 'out/b.txt', 'top.txt']);
    expect(await git.inspect()).toMatchObject({ isSparse: true });
  });

  it('copies the named ignored files, and neither links nor files that would be committed', async () => {
    const { repo, git } = await startBench({ files: { '.gitignore': '.env*\nlinks/\n', 'a.txt': '1' } });
    await repo.write({ '.env.test': 'KEY=1', 'loose.txt': 'x' });
    await symlink('/etc/hostname', join(repo.path, '.env.link'));
    await symlink('/etc', join(repo.path, 'links'));
    const copy = ['.env.test', '.env.link', 'links/hostname', 'loose.txt', '../home/.gitconfig', '.env.none'];
    const made = await git.addWorktree({
      path: join(repo.outside, 't1'),
      branch: 'x',
      base: await repo.git('rev-parse', 'HEAD'),
      copy,
      submodules: false,
    });
    expect(await readFile(join(repo.outside, 't1', '.env.test'), 'utf8')).toBe('KEY=1');
    expect((await readdir(join(repo.outside, 't1'))).sort()).toEqual(['.env.test', '.git', '.gitignore', 'a.txt']);
    expect(made.kind === 'ready' ? made.notes : []).toEqual([
      'Did not copy .env.link into the worktree: it is not a plain file.',
      expect.stringContaining('Did not copy links/hostname into the worktree: '),
      'Did not copy loose.txt into the worktree: git does not ignore it there, so it would be committed.',
      'Did not copy ../home/.gitconfig into the worktree: it is not a path below the project.',
      'Did not copy .env.none into the worktree: the project has no such file.',
    ]);
  });

  it('initialises submodules only when asked', async () => {
    const { repo, git } = await startBench();
    await repo.git('config', '--global', 'protocol.file.allow', 'always');
    await repo.gitIn(repo.outside, 'init', '-q', '-b', 'main', 'part');
    await writeFile(join(repo.outside, 'part', 'p.txt'), 'part');
    await repo.gitIn(join(repo.outside, 'part'), 'add', '.');
    await repo.gitIn(join(repo.outside, 'part'), 'commit', '-q', '-m', 'p');
    await repo.git('submodule', '--quiet', 'add', join(repo.outside, 'part'), 'part');
    const base = await repo.commit({}, 'Add part');
    const ask = { branch: null, base, copy: [] };
    await git.addWorktree({ ...ask, path: join(repo.outside, 'without'), submodules: false });
    expect(await git.addWorktree({ ...ask, path: join(repo.outside, 'with'), submodules: true })).toMatchObject({ kind: 'ready' });
    expect(await readdir(join(repo.outside, 'without', 'part'))).toEqual([]);
    expect(await readFile(join(repo.outside, 'with', 'part', 'p.txt'), 'utf8')).toBe('part');
    expect(await git.inspect()).toMatchObject({ hasSubmodules: true });
  });

  it('refuses when a smudge filter fails, required or not, and leaves nothing behind', async () => {
    for (const required of ['true', 'false']) {
      const { repo, git } = await startBench({ files: { '.gitattributes': '*.bin filter=broken\n', 'x.bin': 'pointer' } });
      await repo.git('config', 'filter.broken.smudge', 'false');
      await repo.git('config', 'filter.broken.required', required);
      const path = join(repo.outside, 't1');
      const made = await git.addWorktree({ path, branch: 'muster/s/t-r1', base: await repo.git('rev-parse', 'HEAD'), ...plain });
      expect(reasonOf(made)).toMatch(/^Could not check out .*t1: a content filter failed \(.*\)\. Install what the filter needs/);
      await expect(lstat(path)).rejects.toThrow('ENOENT');
      expect(await repo.git('worktree', 'list')).not.toContain('t1');
      await expect(git.exportTree('HEAD', join(repo.outside, 'export'))).rejects.toThrow('a content filter failed');
    }
  });

  it('refuses to hand out LFS pointers as files', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 3\n`;
    const { repo, git } = await startBench({ files: { '.gitattributes': '*.bin filter=lfs\n', 'x.bin': pointer } });
    const made = await git.addWorktree({
      path: join(repo.outside, 't1'),
      branch: null,
      base: await repo.git('rev-parse', 'HEAD'),
      ...plain,
    });
    expect(reasonOf(made)).toContain(
      '1 Git LFS file(s) would be pointers instead of content (x.bin). Run `git lfs install` and `git lfs pull`',
    );
    await expect(git.exportTree('HEAD', join(repo.outside, 'export'))).rejects.toThrow('would be pointers');
  });

  it('runs no hook of the project', async () => {
    const { repo, worktree } = await startBench();
    await repo.write({ '.git/hooks/post-checkout': `#!/bin/sh\ntouch ${repo.outside}/ran\n` });
    await chmod(join(repo.path, '.git/hooks/post-checkout'), 0o755);
    await worktree('t1');
    await expect(lstat(join(repo.outside, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('makes and uses many worktrees at once', async () => {
    const { worktree, git } = await startBench();
    const names = ['t1', 't2', 't3', 't4'];
    const commits = await Promise.all(
      names.map(async (name) => {
        const made = await worktree(name);
        await writeFile(join(made.path, `${name}.txt`), name);
        await git.checkpoint(made, `turn-${name}`);
        return closeOut(git, made, `c-${name}`);
      }),
    );
    expect(new Set(commits).size).toBe(4);
  });

  it('waits for a lock that another git command holds for a moment', async () => {
    const { repo, worktree, git } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'n.txt'), 'n');
    const lock = join(repo.path, '.git/worktrees/t1/index.lock');
    await writeFile(lock, '');
    const clock = new SystemClock();
    clock.after(150, () => void rm(lock));
    expect(await closeOut(git, made, 'c1')).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('removing worktrees', () => {
  it('refuses while changes or commits would be lost, and removes with a checkpoint', async () => {
    const { worktree, git, repo } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'new.txt'), 'new');
    expect(await git.removeWorktree(made, { checkpoint: null, deleteBranch: false })).toEqual({
      kind: 'refused',
      reason: `Could not remove the worktree ${made.path}: it has changes that no checkpoint holds. Keep a checkpoint or discard them, then try again.`,
    });
    await repo.gitIn(made.path, 'add', '.');
    await repo.gitIn(made.path, 'commit', '-q', '-m', 'own');
    expect(await git.removeWorktree(made, { checkpoint: null, deleteBranch: true })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('is on no other branch') as string,
    });
    await git.checkpoint(made, 'last');
    expect(await git.removeWorktree(made, { checkpoint: 'last', deleteBranch: true })).toEqual({ kind: 'removed' });
    expect(await git.removeWorktree(made, { checkpoint: 'last', deleteBranch: true })).toEqual({ kind: 'absent' });
    expect(await git.tipOf('muster/s1/t1-r1')).toBeNull();
    await expect(lstat(made.path)).rejects.toThrow('ENOENT');
  });

  it('removes a closed-out worktree whose commit the runtime keeps', async () => {
    const { worktree, git } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'new.txt'), 'new');
    await closeOut(git, made, 'c1');
    expect(await git.removeWorktree(made, { checkpoint: null, deleteBranch: true })).toEqual({ kind: 'removed' });
  });

  it('finishes a removal that was killed', async () => {
    const { worktree, git, repo } = await startBench();
    const made = await worktree('t1');
    await rm(made.path, { recursive: true });
    expect(await git.hasWorktree(made.path)).toBe(false);
    expect(await git.removeWorktree(made, { checkpoint: null, deleteBranch: true })).toEqual({ kind: 'removed' });
    expect(await repo.git('worktree', 'list')).not.toContain('t1');
  });
});

describe('work that is brought into a fresh worktree', () => {
  it('stands there on top of the base, not committed, and a repeat leaves alone what was done with it', async () => {
    const { repo, git, worktree } = await startBench();
    const earlier = await worktree('t1');
    await writeFile(join(earlier.path, 'a.txt'), 'work\n');
    await writeFile(join(earlier.path, 'new.txt'), 'new\n');
    const commit = await closeOut(git, earlier, 'c1');
    await repo.commit({ 'b.txt': 'moved\n' }, 'Move on');
    const next = await worktree('t2');
    await writeFile(join(next.path, 'half.txt'), 'left by a killed attempt');
    expect(await git.bringWork(next, commit)).toEqual({ kind: 'brought', unmerged: [] });
    expect(await repo.gitIn(next.path, 'status', '--porcelain')).toBe(' M a.txt\n?? new.txt');
    expect(await repo.gitIn(next.path, 'rev-parse', 'HEAD')).toBe(next.base);
    await writeFile(join(next.path, 'a.txt'), 'more\n');
    expect(await git.bringWork(next, commit)).toEqual({ kind: 'brought', unmerged: [] });
    expect(await readFile(join(next.path, 'a.txt'), 'utf8')).toBe('more\n');
  });

  it('has both sides between markers where it does not fit, and says in which files', async () => {
    const { repo, git, worktree } = await startBench();
    const earlier = await worktree('t1');
    await writeFile(join(earlier.path, 'a.txt'), 'work\n');
    const commit = await closeOut(git, earlier, 'c1');
    await repo.commit({ 'a.txt': 'moved\n' }, 'Move on');
    const next = await worktree('t2');
    expect(await git.bringWork(next, commit)).toEqual({ kind: 'brought', unmerged: ['a.txt'] });
    expect(await readFile(join(next.path, 'a.txt'), 'utf8')).toMatch(/^<<<<<<< .*\nmoved\n=======\nwork\n>>>>>>> .*\n$/);
    expect(await git.bringWork(next, commit)).toEqual({ kind: 'brought', unmerged: ['a.txt'] });
    expect(await git.commitAll(next, { message: 'm', closeoutId: 'c2', parent: next.base, signTimeoutMs: 5_000 })).toMatchObject({
      kind: 'committed',
    });
  });
});

describe('work that is moved onto another base', () => {
  it('is left the same by a repeat on another day, also where both sides stand between markers', async () => {
    const { repo, git, worktree } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'a.txt'), 'work\n');
    const onto = await repo.commit({ 'a.txt': 'moved\n' }, 'Move on');
    const notes = ['Both sides stand between markers in a.txt.'];
    expect(await git.moveWorktree(made, { onto, id: 'm1' })).toMatchObject({ kind: 'ready', notes });
    const first = await readFile(join(made.path, 'a.txt'), 'utf8');
    expect(first).toContain('<<<<<<<');
    class Tomorrow extends SystemClock {
      override now(): string {
        return new Date(Date.parse(super.now()) + 86_400_000).toISOString();
      }
    }
    const options = { projectPath: repo.path, emptyHooksDir: join(repo.outside, 'no-hooks'), hostEnv: repo.env };
    const later = openGitRepository({ ...options, clock: new Tomorrow() });
    expect(await later.moveWorktree(made, { onto, id: 'm1' })).toMatchObject({ kind: 'ready', notes });
    expect(await readFile(join(made.path, 'a.txt'), 'utf8')).toBe(first);
  });
});
