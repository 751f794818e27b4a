import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import { closeOut, startBench } from './git-test-bench.js';

const request = { message: 'Do the work', closeoutId: 'c1', signTimeoutMs: 5_000 } as const;

describe('the one commit of a closeout', () => {
  it('holds everything in the worktree over the parent, odd names and removals included, with the trailer', async () => {
    const { git, worktree, repo } = await startBench({ files: { 'a.txt': '1', 'dir/x.txt': 'x', file: 'f', 'gone.txt': 'g' } });
    const made = await worktree('t1');
    const odd = ['sp ace.txt', 'quo"te.txt', 'ümläut.txt', 'new\nline.txt', '*.glob', '-dash'];
    for (const name of odd) await writeFile(join(made.path, name), name);
    await repo.gitIn(made.path, 'rm', '-q', '-r', 'gone.txt', 'dir', 'file');
    await writeFile(join(made.path, 'dir'), 'now a file');
    await mkdir(join(made.path, 'file'));
    await writeFile(join(made.path, 'file/inner'), 'now a folder');
    const result = await git.commitAll(made, { ...request, parent: made.base });
    expect(result).toMatchObject({ kind: 'committed' });
    const commit = result.kind === 'committed' ? result.commit : '';
    expect([...(await git.listFiles(commit))].sort()).toEqual([...odd, 'a.txt', 'dir', 'file/inner'].sort());
    expect(await git.messageOf(commit)).toBe('Do the work\n\nMuster-Closeout: c1\n');
    expect(await git.parentOf(commit)).toBe(made.base);
    expect(await git.tipOf('muster/s1/t1-r1')).toBe(commit);
    expect(await repo.gitIn(made.path, 'status', '--porcelain')).toBe('');
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  it('is adopted when the call is repeated, also after a restart, and never made twice', async () => {
    const { git, worktree, reopen } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'n.txt'), 'n');
    const first = await git.commitAll(made, { ...request, parent: made.base });
    expect(await reopen().commitAll(made, { ...request, parent: made.base })).toEqual(first);
    expect(await git.findCloseout('muster/s1/t1-r1', 'c1')).toMatchObject({ parent: made.base });
    expect(await git.findCloseout('muster/s1/t1-r1', 'c')).toBeNull();
    expect(await git.closeoutsSince('muster/s1/t1-r1', made.base)).toEqual([
      { commit: first.kind === 'committed' ? first.commit : '', closeoutId: 'c1', subject: 'Do the work' },
    ]);
    await writeFile(join(made.path, 'later.txt'), 'l');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('has another parent or other files') as string,
    });
  });

  it('takes a forged trailer out of the message', async () => {
    const { git, worktree } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'n.txt'), 'n');
    const commit = await closeOut(git, made, 'c1', 'Work\n\nBody.\n\nMuster-Closeout: forged\nCo-authored-by: A <a@example.org>');
    expect(await git.messageOf(commit)).toBe('Work\n\nBody.\n\nCo-authored-by: A <a@example.org>\nMuster-Closeout: c1\n');
  });

  it('is not made of nothing', async () => {
    const { git, worktree } = await startBench();
    const made = await worktree('t1');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toEqual({ kind: 'nothing-to-commit' });
  });

  it('sees changes that flags in the index would hide', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await repo.gitIn(made.path, 'update-index', '--assume-unchanged', 'a.txt');
    await repo.gitIn(made.path, 'update-index', '--skip-worktree', 'b.txt');
    await writeFile(join(made.path, 'a.txt'), 'hidden a');
    await writeFile(join(made.path, 'b.txt'), 'hidden b');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({ kind: 'committed', paths: ['a.txt', 'b.txt'] });
  });

  it('is refused when a person switched the worktree to another branch', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await repo.gitIn(made.path, 'checkout', '-q', '-b', 'elsewhere');
    await writeFile(join(made.path, 'n.txt'), 'n');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toEqual({
      kind: 'refused',
      reason: `Could not commit the work in ${made.path}: it was switched to refs/heads/elsewhere. Switch it back to refs/heads/muster/s1/t1-r1, then try again.`,
    });
  });

  it('is refused over a repository that was put into the worktree', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await repo.gitIn(made.path, 'init', '-q', 'inner');
    await repo.gitIn(join(made.path, 'inner'), 'commit', '-q', '--allow-empty', '-m', 'inner');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('inner/ is a repository of its own') as string,
    });
  });

  it('is refused while a conflict is unresolved', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    const theirs = await repo.commit({ 'a.txt': 'theirs\n' }, 'Person');
    await writeFile(join(made.path, 'a.txt'), 'ours\n');
    await repo.gitIn(made.path, 'commit', '-q', '-a', '-m', 'ours');
    await repo.gitIn(made.path, 'merge', theirs).catch(() => '');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('a.txt has unresolved conflicts') as string,
    });
  });

  it('is refused without an identity, with the command', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'n.txt'), 'n');
    await repo.git('config', '--global', '--unset', 'user.name');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('git config --global user.name "Your Name"') as string,
    });
  });
});

describe('in place', () => {
  it('commits the named paths and leaves out what a person has staged', async () => {
    const { git, repo } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const place: WorktreeRecord = { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null };
    await repo.write({ 'staged.txt': 'mine', 'a.txt': 'work\n', 'new.txt': 'work\n', 'b.txt': 'half\n' });
    await repo.git('add', 'staged.txt');
    const result = await git.commitAll(place, { ...request, parent: base, paths: ['a.txt', 'new.txt'] });
    expect(result).toMatchObject({ kind: 'committed', paths: ['a.txt', 'new.txt'] });
    expect(await repo.git('status', '--porcelain')).toBe(' M b.txt\nA  staged.txt');
    expect(await repo.git('log', '--format=%s', '-1', 'main')).toBe('Do the work');
  });

  it('leaves out staged files when no paths are named', async () => {
    const { git, repo } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const place: WorktreeRecord = { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null };
    await repo.write({ 'staged.txt': 'mine', 'a.txt': 'work\n' });
    await repo.git('add', 'staged.txt');
    expect(await git.commitAll(place, { ...request, parent: base })).toMatchObject({ kind: 'committed', paths: ['a.txt'] });
    expect(await repo.git('status', '--porcelain')).toBe('A  staged.txt');
  });

  it('writes trees and checkpoints, and leaves the index alone', async () => {
    const { git, repo } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const place: WorktreeRecord = { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null };
    await repo.write({ 'new.txt': 'n', 'a.txt': 'work\n' });
    await repo.git('add', 'a.txt');
    const index = await readFile(join(repo.path, '.git/index'));
    const kept = await git.checkpoint(place, 'turn-1');
    expect(kept.tree).toBe(await git.writeTree(place));
    expect(await git.listFiles(kept.tree)).toEqual(['a.txt', 'b.txt', 'new.txt']);
    expect(await readFile(join(repo.path, '.git/index'))).toEqual(index);
    expect(await repo.git('status', '--porcelain')).toBe('M  a.txt\n?? new.txt');
  });
});

describe('signing', () => {
  const signer = async (repo: Awaited<ReturnType<typeof startBench>>['repo'], script: string): Promise<void> => {
    const program = join(repo.outside, 'signer');
    await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await repo.git('config', '--global', 'gpg.program', program);
    await repo.git('config', '--global', 'commit.gpgSign', 'true');
  };

  it('happens as configured, in the closeout and after a rebase', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await signer(
      repo,
      `cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nsigned\\n-----END PGP SIGNATURE-----\\n'`,
    );
    await writeFile(join(made.path, 'n.txt'), 'n');
    const commit = await closeOut(git, made, 'c1');
    expect(await repo.git('cat-file', 'commit', commit)).toContain('BEGIN PGP SIGNATURE');
    await repo.git('config', '--global', 'commit.gpgSign', 'false');
    const onto = await repo.commit({ 'b.txt': 'moved\n' }, 'Move on');
    await repo.git('config', '--global', 'commit.gpgSign', 'true');
    const rebased = await git.rebase({ commit, onto, closeoutId: 'c1', scratch: join(repo.outside, 'scratch') });
    expect(rebased).toMatchObject({ kind: 'rebased' });
    expect(await repo.git('cat-file', 'commit', rebased.kind === 'rebased' ? rebased.commit : '')).toContain('BEGIN PGP SIGNATURE');
  });

  it('that fails or hangs leaves the work where it is and says that it needs your key', async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    await writeFile(join(made.path, 'n.txt'), 'n');
    await signer(repo, 'echo "no secret key" >&2; exit 2');
    expect(await git.commitAll(made, { ...request, parent: made.base })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('Could not commit: it needs your key') as string,
    });
    await signer(repo, 'sleep 30');
    const started = performance.now();
    const hung = await git.commitAll(made, { ...request, parent: made.base, signTimeoutMs: 300 });
    expect(hung).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('it needs your key (signing took longer than 0.3 s)') as string,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await git.tipOf('muster/s1/t1-r1')).toBe(made.base);
    expect(await readFile(join(made.path, 'n.txt'), 'utf8')).toBe('n');
  });
});
