import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBench } from './git-test-bench.js';

const message = 'Revert the work\n\nThis reverts commit x.';

/** A repository whose second commit is to be undone. */
async function bench() {
  const made = await startBench();
  const before = await made.repo.git('rev-parse', 'HEAD');
  const commit = await made.repo.commit({ 'a.txt': 'work\n', 'new.txt': 'new\n' }, 'Work');
  return { ...made, before, commit, scratch: join(made.repo.outside, 'scratch') };
}

describe('the tree without a commit', () => {
  it('is made on the tip, where later work stays, and nothing else is left behind', async () => {
    const { git, repo, commit, scratch } = await bench();
    const onto = await repo.commit({ 'b.txt': 'later\n' }, 'Later');
    const refs = await repo.git('for-each-ref');
    const without = await git.revertTree({ commit, onto, scratch });
    if (without.kind !== 'reverted') throw new Error(without.kind);
    expect(await git.changedFiles(onto, without.tree)).toEqual([
      { path: 'a.txt', change: 'modified' },
      { path: 'new.txt', change: 'deleted' },
    ]);
    expect((await git.readFile(without.tree, 'a.txt'))?.toString()).toBe('one\n');
    expect([await repo.git('rev-parse', 'HEAD'), await repo.git('status', '--porcelain'), await repo.git('for-each-ref')]).toEqual([
      onto,
      '',
      refs,
    ]);
    expect([existsSync(scratch), (await repo.git('worktree', 'list')).split('\n').length]).toEqual([false, 1]);
  });

  it('is none where later work changed the same: the files, both sides and who did it are told', async () => {
    const { git, repo, commit, scratch } = await bench();
    const onto = await repo.commit({ 'a.txt': 'again\n' }, 'Again');
    const told = await git.revertTree({ commit, onto, scratch });
    expect(told).toMatchObject({ kind: 'conflict', files: ['a.txt'], others: [{ commit: onto, author: 'Pat Person', title: 'Again' }] });
    expect(told.kind === 'conflict' ? told.detail : '').toMatch(/again[\s\S]*one/);
    expect(existsSync(scratch)).toBe(false);
  });

  it('is the tip itself where somebody undid it already', async () => {
    const { git, repo, commit, scratch } = await bench();
    const onto = await repo.commit({ 'a.txt': 'one\n', 'new.txt': null }, 'Undone by hand');
    expect(await git.revertTree({ commit, onto, scratch })).toEqual({ kind: 'empty' });
  });

  it('is made over what a killed attempt left, and not over what somebody else has there', async () => {
    const { git, repo, commit, scratch } = await bench();
    await repo.git('worktree', 'add', '-q', '--lock', '--reason', 'muster', '--detach', scratch, commit);
    await writeFile(join(scratch, 'a.txt'), 'half undone\n');
    expect(await git.revertTree({ commit, onto: commit, scratch })).toMatchObject({ kind: 'reverted' });
    await mkdir(scratch);
    await writeFile(join(scratch, 'mine.txt'), 'mine');
    expect(await git.revertTree({ commit, onto: commit, scratch })).toEqual({
      kind: 'refused',
      reason: `Could not revert in ${scratch}: something else stands there. Move it away, then try again.`,
    });
  });
});

describe('a commit of a tree', () => {
  it('carries the trailer, moves no branch, and is adopted by trailer, parent and tree', async () => {
    const { git, reopen, repo, before, commit } = await bench();
    const tree = await git.treeOf(before);
    const ask = { tree, parent: commit, message, closeoutId: 'revert-1', signTimeoutMs: 30_000 };
    const made = await git.commitTree(ask);
    if (made.kind !== 'committed') throw new Error(made.kind);
    expect(made).toMatchObject({ tree, paths: ['a.txt', 'new.txt'] });
    expect((await git.messageOf(made.commit)).trim()).toBe(`${message}\n\nMuster-Closeout: revert-1`);
    expect([await git.parentOf(made.commit), await git.tipOf('main'), await repo.git('log', '-1', '--format=%an', made.commit)]).toEqual([
      commit,
      commit,
      'Pat Person',
    ]);
    expect(await reopen().commitTree(ask)).toEqual(made);
    const other = await git.commitTree({ ...ask, parent: before, tree: await git.treeOf(commit) });
    expect(other).toMatchObject({ kind: 'committed', paths: ['a.txt', 'new.txt'] });
    expect(other).not.toMatchObject({ commit: made.commit });
  });

  it('is refused where git knows nobody', async () => {
    const { git, repo, before, commit } = await bench();
    await repo.git('config', '--global', '--unset', 'user.email');
    const tree = await git.treeOf(before);
    expect(await git.commitTree({ tree, parent: commit, message, closeoutId: 'revert-1', signTimeoutMs: 30_000 })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^Could not commit: git does not know who you are\./) as string,
    });
  });
});
