import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBench } from './git-test-bench.js';

const files = { 'a.txt': 'one\n', 'b.txt': 'two\n', 'docs/guide.md': 'guide\n', 'docs/more.md': 'more\n' };

describe('paths that are put back', () => {
  it('are as in the tree again, and every other file stays as it was left', async () => {
    const { git, worktree, repo } = await startBench({ files });
    const made = await worktree('t1');
    const { tree } = await git.checkpoint(made, 'turn-1');
    await writeFile(join(made.path, 'a.txt'), 'changed');
    await writeFile(join(made.path, 'b.txt'), 'kept');
    await rm(join(made.path, 'docs'), { recursive: true });
    await mkdir(join(made.path, 'new/deep'), { recursive: true });
    await writeFile(join(made.path, 'new/deep/file'), 'added');
    await writeFile(join(made.path, 'new of mine.txt'), 'kept');
    const index = await readFile(join(repo.path, '.git/worktrees/t1/index'));
    await git.restorePaths(made, tree, ['a.txt', 'docs/guide.md', 'new/deep/file']);
    expect(await git.changedFiles(tree, await git.writeTree(made))).toEqual([
      { path: 'b.txt', change: 'modified' },
      { path: 'docs/more.md', change: 'deleted' },
      { path: 'new of mine.txt', change: 'added' },
    ]);
    expect(await readdir(made.path)).not.toContain('new');
    expect(await readFile(join(repo.path, '.git/worktrees/t1/index'))).toEqual(index);
  });

  it('come back in the place of a link, and nothing behind the link is touched', async () => {
    const { git, worktree, repo } = await startBench({ files });
    const made = await worktree('t1');
    const { tree } = await git.checkpoint(made, 'turn-1');
    const elsewhere = join(repo.outside, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'guide.md'), 'not ours');
    await rm(join(made.path, 'docs'), { recursive: true });
    await symlink(elsewhere, join(made.path, 'docs'));
    const changed = (await git.changedFiles(tree, await git.writeTree(made))).map(({ path }) => path);
    await git.restorePaths(made, tree, changed);
    expect(await git.writeTree(made)).toBe(tree);
    await rm(join(made.path, 'docs'), { recursive: true });
    await symlink(elsewhere, join(made.path, 'docs'));
    await git.restorePaths(made, tree, ['docs/guide.md']);
    expect(await readFile(join(elsewhere, 'guide.md'), 'utf8')).toBe('not ours');
  });
});

describe('touched paths', () => {
  it('name changed, deleted and new files and no ignored ones, and bring no content into the repository', async () => {
    const { git, worktree, repo } = await startBench({ files: { ...files, '.gitignore': 'out/\n' } });
    const made = await worktree('t1');
    await writeFile(join(made.path, 'a.txt'), 'a content that is nowhere else');
    await rm(join(made.path, 'b.txt'));
    await mkdir(join(made.path, 'out'));
    await writeFile(join(made.path, 'out/x'), 'ignored');
    await writeFile(join(made.path, 'sp ace\n.txt'), 'another one that is nowhere else');
    const objects = await repo.git('count-objects', '-v');
    expect([...(await git.touchedPaths(made))].sort()).toEqual(['a.txt', 'b.txt', 'sp ace\n.txt']);
    expect(await repo.git('count-objects', '-v')).toBe(objects);
  });
});
