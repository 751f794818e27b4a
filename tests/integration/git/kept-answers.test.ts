import { lstat, mkdir, readFile, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitRepository } from '../../../src/main/runtime/git/git-repository-adapter.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import { livingProcesses, untilTrue } from '../../fixtures/living-processes.js';
import type { TestRepository } from '../../fixtures/make-repository.js';
import type { Bench } from './git-test-bench.js';
import { closeOut, startBench } from './git-test-bench.js';

/** Programs that are kept for this repository, and no other's. */
const keptPrograms = (repo: TestRepository): readonly number[] => livingProcesses(`--git-dir=${repo.path}/.git\0`);

async function startTurn(files?: Readonly<Record<string, string>>) {
  const bench = await startBench(files === undefined ? undefined : { files });
  const made = await bench.worktree('t1');
  const at = (name: string): string => join(made.path, name);
  const agent = (...args: string[]): Promise<string> => bench.repo.gitIn(made.path, ...args);
  /** The tree as the kept answers say it, after a comparison with one that remembers nothing. */
  const tree = async (): Promise<string> => {
    const said = await bench.git.writeTree(made);
    expect(said).toBe(await bench.reopen().writeTree(made));
    return said;
  };
  return { ...bench, made, at, agent, tree };
}

const keptIndexOf = async ({ repo }: Bench): Promise<string> => {
  const [folder = ''] = (await readdir(join(repo.path, '.git', 'muster'))).filter((name) => name.startsWith('kept-'));
  return join(repo.path, '.git', 'muster', folder, 'index');
};

/** Writes other bytes of the same length, and gives the file the time that it had. */
async function rewriteUnseen(path: string, text: string): Promise<void> {
  const before = await stat(path);
  expect(Buffer.byteLength(text)).toBe(before.size);
  await writeFile(path, text);
  await utimes(path, before.atime, before.mtime);
}

describe('the kept tree of a worktree', () => {
  it('follows files that were written, removed, replaced by folders and links, and put back', async () => {
    const { at, tree, repo } = await startTurn({ 'a.txt': 'one\n', 'b.txt': 'two\n', 'c/d.txt': 'three\n' });
    const first = await tree();
    await writeFile(at('a.txt'), 'changed\n');
    await writeFile(at('new name\n.txt'), 'new\n');
    const second = await tree();
    expect(second).not.toBe(first);
    expect(await tree()).toBe(second);
    await rm(at('a.txt'));
    await mkdir(at('a.txt'));
    await writeFile(join(at('a.txt'), 'inner'), 'in a folder\n');
    await rm(at('c'), { recursive: true });
    await symlink('b.txt', at('c'));
    expect((await repo.git('ls-tree', '-r', '--name-only', '-z', await tree())).split('\0')).toEqual(
      expect.arrayContaining(['a.txt/inner', 'b.txt', 'c', 'new name\n.txt']),
    );
    await rm(at('a.txt'), { recursive: true });
    await rm(at('c'));
    await rm(at('new name\n.txt'));
    await mkdir(at('c'));
    await writeFile(at('a.txt'), 'one\n');
    await writeFile(at('c/d.txt'), 'three\n');
    expect(await tree()).toBe(first);
  });

  it('sees a file that was rewritten with as many bytes and given its time back', async () => {
    const { at, tree } = await startTurn();
    const first = await tree();
    await rewriteUnseen(at('a.txt'), 'eno\n');
    expect(await tree()).not.toBe(first);
  });

  it('lets go of a new file that is ignored later, by a list that is itself ignored', async () => {
    const { at, tree, repo } = await startTurn();
    const names = async (): Promise<string[]> => (await repo.git('ls-tree', '-r', '--name-only', await tree())).split('\n');
    await mkdir(at('cache'));
    await writeFile(at('cache/kept.txt'), 'x');
    expect(await names()).toEqual(['a.txt', 'b.txt', 'cache/kept.txt']);
    await writeFile(at('cache/.gitignore'), '*\n');
    expect(await names()).toEqual(['a.txt', 'b.txt']);
    await rm(at('cache/.gitignore'));
    expect(await names()).toEqual(['a.txt', 'b.txt', 'cache/kept.txt']);
  });

  it('keeps what HEAD has, also when it was away for a while and is ignored by now', async () => {
    const { at, tree, repo } = await startTurn();
    await rm(at('a.txt'));
    await tree();
    await writeFile(join(repo.path, '.git', 'info', 'exclude'), 'a.txt\n');
    await writeFile(at('a.txt'), 'back, and ignored\n');
    expect(await repo.git('cat-file', 'blob', `${await tree()}:a.txt`)).toBe('back, and ignored');
  });

  it('writes files anew when the rules for their line ends change', async () => {
    const { at, tree, repo } = await startTurn();
    await writeFile(at('a.txt'), 'one\r\ntwo\r\n');
    await tree();
    await writeFile(at('.gitattributes'), '*.txt text eol=lf\n');
    expect(await repo.git('cat-file', 'blob', `${await tree()}:a.txt`)).toBe('one\ntwo');
  });

  it('is not believed when somebody marked files in its index as unchanged', async () => {
    const turn = await startTurn();
    const { at, tree, agent, git, made } = turn;
    const first = await tree();
    const index = await keptIndexOf(turn);
    const bytes = await readFile(index);
    await turn.repo.gitIn(made.path, '-c', 'alias.hide=!GIT_INDEX_FILE="$1" git update-index --assume-unchanged a.txt #', 'hide', index);
    expect(await readFile(index)).not.toEqual(bytes);
    await writeFile(at('a.txt'), 'hidden\n');
    await agent('update-index', '--assume-unchanged', 'a.txt');
    expect(await tree()).not.toBe(first);
    expect(await git.touchedPaths(made)).toEqual(['a.txt']);
  });

  it('holds a person’s cleaning up of objects that no ref needs', async () => {
    const { at, git, made, repo } = await startTurn();
    await writeFile(at('a.txt'), 'never kept\n');
    const lost = await git.writeTree(made);
    await repo.git('reflog', 'expire', '--expire=now', '--all');
    await repo.git('gc', '-q', '--prune=now');
    await expect(repo.git('cat-file', '-e', lost)).rejects.toThrow();
    const kept = await git.checkpoint(made, 'after');
    expect(kept.tree).toBe(lost);
    expect(await repo.git('cat-file', 'blob', `${kept.commit}:a.txt`)).toBe('never kept');
    await repo.git('fsck', '--strict', '--no-dangling');
  });

  it('goes with its worktree', async () => {
    const turn = await startTurn();
    await turn.tree();
    const index = await keptIndexOf(turn);
    await lstat(index);
    expect(await turn.git.removeWorktree(turn.made, { checkpoint: null, deleteBranch: true })).toEqual({ kind: 'removed' });
    await expect(lstat(index)).rejects.toThrow(/ENOENT/);
  });

  it('is told of a look only when git has every file of it', async () => {
    const { at, git, made } = await startTurn();
    const first = await git.writeTree(made);
    expect(await git.lookOver(made)).toEqual({ touched: [], tree: first });
    await writeFile(at('n.txt'), 'n');
    expect(await git.lookOver(made)).toEqual({ touched: ['n.txt'], tree: null });
    const second = await git.writeTree(made);
    expect(await git.lookOver(made)).toEqual({ touched: ['n.txt'], tree: second });
  });
});

describe('refs that are read from their files', () => {
  /** The list that the guard kept, which is named by its hash. */
  const kept = async ({ git, repo }: Bench, made: WorktreeRecord): Promise<string> =>
    readFile(join(repo.path, '.git', 'muster', (await git.readGuard(made)).refsSha256), 'utf8');
  const listed = async ({ repo }: Bench): Promise<string> =>
    `${await repo.git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags')}\n`;

  it('are those that git lists: loose, packed, nested, moved after packing, deleted, annotated, symbolic and oddly named', async () => {
    const turn = await startTurn();
    const { repo, made } = turn;
    await repo.git('tag', '-a', 'v1', '-m', 'one');
    await repo.git('branch', 'deep/er/branch');
    expect(await kept(turn, made)).toBe(await listed(turn));
    await repo.git('pack-refs', '--all');
    expect(await kept(turn, made)).toBe(await listed(turn));
    await repo.commit({ 'a.txt': 'next\n' }, 'Next');
    await repo.git('branch', '-D', 'deep/er/branch');
    await repo.git('tag', 'deep');
    expect(await kept(turn, made)).toBe(await listed(turn));
    await repo.git('symbolic-ref', 'refs/heads/other', 'refs/heads/main');
    await repo.git('branch', 'grüße');
    expect(await kept(turn, made)).toBe(await listed(turn));
  });

  it('are asked for again by every turn, so that what an agent moved between two turns is not taken for what it was', async () => {
    const { git, repo, made, agent } = await startTurn();
    const first = await git.checkpoint(made, 'first');
    const before = await git.readGuard(made);
    await agent('commit', '-q', '--allow-empty', '-m', 'mine');
    const moved = await agent('rev-parse', 'HEAD');
    expect(await git.tipOf(made.branch ?? '')).toBe(moved);
    expect((await git.readGuard(made)).head).toBe(moved);
    const second = await git.checkpoint(made, 'second');
    expect(await repo.git('rev-parse', `${second.commit}^`)).toBe(moved);
    expect(second.tree).toBe(first.tree);
    expect((await git.enforceGuard(made, before)).map(({ what }) => what)).toEqual(['own-commits']);
    await repo.git('pack-refs', '--all', '--prune');
    expect(await git.tipOf(made.branch ?? '')).toBe(before.head);
    expect(await git.readCheckpoint('second')).toEqual(second);
    await repo.git('update-ref', '-d', 'refs/muster/checkpoints/second');
    expect(await git.readCheckpoint('second')).toBeNull();
  });

  it('say nothing of a branch or HEAD whose commit is not there', async () => {
    const { git, repo } = await startTurn();
    await writeFile(join(repo.path, '.git', 'refs', 'heads', 'gone'), `${'1'.repeat(40)}\n`);
    expect(await git.tipOf('refs/heads/gone')).toBeNull();
    expect(await git.tipOf('refs/heads/never')).toBeNull();
    expect(await git.tipOf('2'.repeat(40))).toBeNull();
  });
});

describe('the configuration that git obeys', () => {
  it('is found changed in the middle of a turn when size and time of the file are as before', async () => {
    const { git, repo, made } = await startTurn();
    const config = join(repo.path, '.git', 'config');
    await repo.git('config', 'alias.aa', '!true');
    const before = await git.readGuard(made);
    const text = await readFile(config, 'utf8');
    await rewriteUnseen(config, text.replace('!true', '!evil'));
    expect(await git.enforceGuard(made, before)).toEqual([
      {
        what: 'config-changed',
        by: 'turn',
        detail: expect.stringContaining(`${config} changed during this turn; it was put back.`) as string,
      },
    ]);
    expect(await readFile(config, 'utf8')).toBe(text);
    expect(await git.enforceGuard(made, before)).toEqual([]);
  });
});

describe('programs that are kept to answer', () => {
  it('go on over a repacking of all objects, and find what was written and packed after they began', async () => {
    const { git, repo, made, at } = await startTurn();
    const first = await git.checkpoint(made, 'first');
    await writeFile(at('a.txt'), 'later\n');
    const second = await git.checkpoint(made, 'second');
    await repo.git('gc', '-q', '--prune=now');
    const commit = await repo.commit({ 'b.txt': 'after the packing\n' }, 'After');
    await repo.git('repack', '-a', '-d', '-q');
    expect(await git.readCheckpoint('first')).toEqual(first);
    expect(await git.readCheckpoint('second')).toEqual(second);
    expect(await git.treeOf(commit)).toBe(await repo.git('rev-parse', `${commit}^{tree}`));
    expect(await git.tipOf(commit)).toBe(commit);
  });

  it('are begun anew when another repository stands at the path', async () => {
    const { git, repo } = await startBench();
    const old = await repo.git('rev-parse', 'HEAD');
    // A pack that was opened stays open.
    await repo.git('gc', '-q');
    expect(await git.tipOf(old)).toBe(old);
    await rename(join(repo.path, '.git'), join(repo.outside, 'away'));
    await repo.git('init', '-q', '-b', 'main');
    const commit = await repo.commit({ 'other.txt': 'another history\n' }, 'Begin again');
    expect(await git.tipOf(old)).toBeNull();
    expect(await git.tipOf('refs/heads/main')).toBe(commit);
    expect(await git.treeOf(commit)).toBe(await repo.git('rev-parse', 'HEAD^{tree}'));
  });

  it('run nothing for a worktree whose .git was replaced', async () => {
    const { git, made, at } = await startTurn();
    await git.checkpoint(made, 'first');
    await rm(at('.git'));
    await mkdir(at('.git'));
    await expect(git.checkpoint(made, 'second')).rejects.toThrow('is not the one that was recorded');
    await expect(git.lookOver(made)).rejects.toThrow('is not the one that was recorded');
  });

  it('may be ended by anybody: the next answer is the same, and nothing is made twice', async () => {
    const { git, repo, made, at } = await startTurn();
    const first = await git.checkpoint(made, 'first');
    for (const pid of keptPrograms(repo)) process.kill(pid, 'SIGKILL');
    expect(await git.readCheckpoint('first')).toEqual(first);
    await writeFile(at('a.txt'), 'more\n');
    const second = await git.checkpoint(made, 'second');
    expect(await git.checkpoint(made, 'second')).toEqual(second);
    expect(await repo.git('cat-file', 'blob', `refs/muster/checkpoints/second:a.txt`)).toBe('more');
  });

  it('keep the first checkpoint of an id, also when another process made it', async () => {
    const { git, made, at, reopen } = await startTurn();
    const other = reopen();
    const first = await other.checkpoint(made, 'same');
    await writeFile(at('a.txt'), 'more\n');
    expect(await git.checkpoint(made, 'same')).toEqual(first);
  });

  it('are gone when they are told to rest, and begin again with the next question', async () => {
    const { git, repo, made } = await startTurn();
    const first = await git.checkpoint(made, 'first');
    expect(keptPrograms(repo).length).toBeGreaterThan(0);
    git.rest();
    await untilTrue(() => keptPrograms(repo).length === 0, 2_000);
    expect(await git.readCheckpoint('first')).toEqual(first);
    git.rest();
  });

  it('are done without where git is too old for them, with the same answers', async () => {
    const { git, repo, made, at } = await startTurn();
    const old = join(repo.outside, 'old-git');
    const knowsNot = `case "$*" in *--batch-command*|*--stdin-paths*|*'update-ref --stdin'*) exit 129;; esac`;
    await writeFile(old, `#!/bin/sh\n${knowsNot}\nexec git "$@"\n`, { mode: 0o755 });
    const hooks = join(repo.outside, 'no-hooks');
    const other = openGitRepository({
      projectPath: repo.path,
      clock: new SystemClock(),
      emptyHooksDir: hooks,
      gitPath: old,
      hostEnv: repo.env,
    });
    for (const id of ['one', 'two', 'three']) {
      await writeFile(at('a.txt'), id);
      const kept = await other.checkpoint(made, id);
      expect(kept.tree).toBe(await git.writeTree(made));
      expect(await git.readCheckpoint(id)).toEqual(kept);
      expect(await other.readCheckpoint(id)).toEqual(kept);
    }
    expect(await other.enforceGuard(made, await git.readGuard(made))).toEqual([]);
    expect(await other.tipOf('refs/heads/never')).toBeNull();
  });

  it('know the longer names of a repository that counts by SHA-256', async () => {
    const { repo, reopen } = await startBench({});
    await rm(join(repo.path, '.git'), { recursive: true });
    await repo.git('init', '-q', '-b', 'main', '--object-format=sha256');
    const commit = await repo.commit({ 'a.txt': 'one\n' }, 'Begin');
    const git = reopen();
    const inPlace: WorktreeRecord = { path: repo.path, branch: 'refs/heads/main', base: commit, gitFileSha256: null };
    expect(await git.tipOf('HEAD')).toBe(commit);
    const kept = await git.checkpoint(inPlace, 'one');
    expect(await repo.git('rev-parse', 'refs/muster/checkpoints/one^')).toBe(commit);
    expect(kept.tree).toBe(await repo.git('rev-parse', 'HEAD^{tree}'));
    await writeFile(join(repo.path, 'n.txt'), 'n');
    expect((await git.checkpoint(inPlace, 'two')).tree).toBe(await reopen().writeTree(inPlace));
    expect(await repo.git('status', '--porcelain')).toBe('?? n.txt');
  });

  it('leave the closeout of a followed worktree as it was', async () => {
    const { git, repo, made, at } = await startTurn();
    await git.checkpoint(made, 'first');
    await writeFile(at('n.txt'), 'n\n');
    const { tree } = await git.checkpoint(made, 'second');
    const commit = await closeOut(git, made, 'c1');
    expect(await repo.git('rev-parse', `${commit}^{tree}`)).toBe(tree);
    expect(await git.lookOver(made)).toEqual({ touched: [], tree });
  });
});
