import { mkdir, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { untilTrue } from '../../fixtures/living-processes.js';
import { closeOut, startBench } from './git-test-bench.js';

describe('checkpoints', () => {
  it('keep tracked and untracked files and no ignored ones, and touch neither index nor HEAD', async () => {
    const { git, worktree, repo } = await startBench({ files: { '.gitignore': 'out/\n', 'a.txt': 'one\n', 'b.txt': 'two\n' } });
    const made = await worktree('t1');
    await writeFile(join(made.path, 'a.txt'), 'changed');
    await writeFile(join(made.path, 'sp ace\n.txt'), 'odd');
    await symlink('a.txt', join(made.path, 'link'));
    await rm(join(made.path, 'b.txt'));
    await mkdir(join(made.path, 'out'));
    await writeFile(join(made.path, 'out/x'), 'ignored');
    const index = await readFile(join(repo.path, '.git/worktrees/t1/index'));
    const kept = await git.checkpoint(made, 'turn-1');
    expect([...(await git.listFiles(kept.tree))].sort()).toEqual(['.gitignore', 'a.txt', 'link', 'sp ace\n.txt']);
    expect(await git.parentOf(kept.commit)).toBe(made.base);
    expect(await readFile(join(repo.path, '.git/worktrees/t1/index'))).toEqual(index);
    expect(await git.tipOf('refs/muster/checkpoints/turn-1')).toBe(kept.commit);
    expect(await git.changedFiles(made.base, kept.tree)).toEqual([
      { path: 'a.txt', change: 'modified' },
      { path: 'b.txt', change: 'deleted' },
      { path: 'link', change: 'added' },
      { path: 'sp ace\n.txt', change: 'added' },
    ]);
  });

  it('hold what was rewritten at the same size within the second of the checkout, however much later they are made', async () => {
    const { git, worktree, repo } = await startBench({ files: { 'a.txt': 'one = 1\n' } });
    const made = await worktree('t1');
    const file = join(made.path, 'a.txt');
    const checkedOut = new Date('2026-01-01T00:00:00Z');
    // Only the time that can be set here counts, so that the test need not hurry to be within one second.
    await repo.git('config', 'core.trustctime', 'false');
    await utimes(file, checkedOut, checkedOut);
    await repo.gitIn(made.path, 'update-index', '--refresh');
    await utimes(join(repo.path, '.git/worktrees/t1/index'), checkedOut, checkedOut);
    await writeFile(file, 'one = 2\n');
    await utimes(file, checkedOut, checkedOut);
    const kept = await git.checkpoint(made, 'turn-1');
    expect(await git.changedFiles(made.base, kept.tree)).toEqual([{ path: 'a.txt', change: 'modified' }]);
    expect(await git.writeTree(made)).toBe(kept.tree);
  });

  it('keep the first state of an id', async () => {
    const { git, worktree } = await startBench();
    const made = await worktree('t1');
    const first = await git.checkpoint(made, 'turn-1');
    await writeFile(join(made.path, 'a.txt'), 'later');
    expect(await git.checkpoint(made, 'turn-1')).toEqual(first);
    expect(await git.readCheckpoint('turn-1')).toEqual(first);
    expect(await git.readCheckpoint('turn-2')).toBeNull();
  });

  it('that cannot be kept end no program, though whoever began them failed before and waits no more', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await repo.git('update-ref', 'refs/muster/checkpoints/turn-1/in-the-way', made.base);
    const unheard: unknown[] = [];
    const hear = (reason: unknown): number => unheard.push(reason);
    process.on('unhandledRejection', hear);
    const { kept } = await git.beginCheckpoint(made, 'turn-1');
    await untilTrue(() => !inspect(kept).includes('<pending>'), 5_000);
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
    await expect(kept).rejects.toThrow('in-the-way');
  });

  it('bring the files back and leave ignored ones', async () => {
    const { git, worktree } = await startBench({ files: { '.gitignore': 'out.log\n', 'a.txt': 'one\n', 'dir/x.txt': 'x' } });
    const made = await worktree('t1');
    await writeFile(join(made.path, 'new.txt'), 'new');
    const kept = await git.checkpoint(made, 'turn-1');
    await writeFile(join(made.path, 'a.txt'), 'spoiled');
    await writeFile(join(made.path, 'new.txt'), 'spoiled');
    await writeFile(join(made.path, 'more.txt'), 'more');
    await writeFile(join(made.path, 'out.log'), 'log');
    await rm(join(made.path, 'dir'), { recursive: true });
    await writeFile(join(made.path, 'dir'), 'a file now');
    expect(await git.restoreCheckpoint(made, 'turn-1')).toEqual(made);
    expect((await readdir(made.path)).sort()).toEqual(['.git', '.gitignore', 'a.txt', 'dir', 'new.txt', 'out.log']);
    expect(await readFile(join(made.path, 'new.txt'), 'utf8')).toBe('new');
    expect(await readFile(join(made.path, 'dir/x.txt'), 'utf8')).toBe('x');
    expect(await git.writeTree(made)).toBe(kept.tree);
  });

  it('rebuild a worktree that a person deleted, also after git forgot it', async () => {
    for (const isForgotten of [false, true]) {
      const { git, worktree, repo } = await startBench();
      const made = await worktree('t1');
      await writeFile(join(made.path, 'new.txt'), 'new');
      await git.checkpoint(made, 'turn-1');
      await rm(made.path, { recursive: true });
      if (isForgotten) await repo.git('worktree', 'remove', '-f', '-f', made.path);
      await expect(git.writeTree(made)).rejects.toThrow(`The worktree ${made.path} is gone.`);
      const again = await git.restoreCheckpoint(made, 'turn-1');
      expect(again).toEqual(made);
      expect(await readFile(join(made.path, 'new.txt'), 'utf8')).toBe('new');
      expect(await closeOut(git, again, 'c1')).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  it('are made without an identity, and deleted when they are old', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await repo.git('config', '--global', '--remove-section', 'user');
    await git.checkpoint(made, 'turn-1');
    expect(await git.deleteCheckpoints('2020-01-01T00:00:00.000Z')).toBe(0);
    expect(await git.deleteCheckpoints('2999-01-01T00:00:00.000Z')).toBe(1);
    expect(await git.readCheckpoint('turn-1')).toBeNull();
  });

  it('refuse an id that is no part of a ref name, and a restore of nothing', async () => {
    const { git, worktree } = await startBench();
    const made = await worktree('t1');
    await expect(git.checkpoint(made, '../heads/main')).rejects.toThrow('only letters, digits, dot, dash and underscore are allowed');
    await expect(git.restoreCheckpoint(made, 'none')).rejects.toThrow(
      `Could not restore the checkpoint none of ${made.path}: it does not exist.`,
    );
  });
});

describe('reading', () => {
  it('gives files, diffs with renames, stable patch ids and an exported tree', async () => {
    const { git, repo } = await startBench({ files: { 'a.txt': 'line 1\nline 2\nline 3\n', 'b b.txt': 'b\n' } });
    const first = await repo.git('rev-parse', 'HEAD');
    const second = await repo.commit({ 'a.txt': null, 'moved.txt': 'line 1\nline 2\nline 3\n', 'b b.txt': 'c\n' }, 'Second');
    expect(await git.diff(first, second)).toContain('rename from a.txt\nrename to moved.txt');
    const id = await git.patchId(first, second);
    expect(id).toMatch(/^[0-9a-f]{40}$/);
    await repo.git('config', 'diff.noprefix', 'true');
    await repo.git('config', 'diff.context', '9');
    expect(await git.patchId(first, second)).toBe(id);
    expect(await git.patchId(first, first)).toBe('');
    expect((await git.readFile(second, 'b b.txt'))?.toString()).toBe('c\n');
    expect(await git.readFile(second, 'a.txt')).toBeNull();
    await git.exportTree(second, join(repo.outside, 'export'));
    expect((await readdir(join(repo.outside, 'export'))).sort()).toEqual(['b b.txt', 'moved.txt']);
    expect(await repo.git('status', '--porcelain')).toBe('');
  });
});
