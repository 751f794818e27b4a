import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommit } from '../../../src/main/runtime/effects/closeout.js';
import type { EffectServices } from '../../../src/main/runtime/effects/effect-services.js';
import type { WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import { closeoutIdOf } from '../../../src/shared/domain/commit-message.js';
import { sampleRevision, sampleSprint, sampleTodo } from '../../fakes/sample-todo.js';
import type { Bench } from './git-test-bench.js';
import { startBench } from './git-test-bench.js';

/** The commit effect over a real repository, and how often the hooks were asked. */
function commitIn(bench: Bench, worktree: WorktreeRecord) {
  const isInPlace = worktree.gitFileSha256 === null;
  const plain = sampleSprint();
  const { sprintId, terms } = plain;
  const targetRef = 'refs/heads/main';
  const sprint = { ...plain, terms: { ...terms, kind: 'repository' as const, isolation: isInPlace ? 'in_place' : 'worktree', targetRef } };
  const { path: worktreePath, base, gitFileSha256, branch } = worktree;
  const revision = sampleRevision({ worktreePath, base, gitFileSha256, branch: (branch ?? '').replace('refs/heads/', '') });
  const { workflow } = sampleTodo();
  const todo = sampleTodo({ sprintId, revisions: [revision], workflow: { ...workflow, visits: { closeout: 1 } } });
  const state = { todos: { [todo.todoId]: todo }, sprints: { [sprintId]: sprint }, turns: {}, configuration: null };
  let asked = 0;
  const services = {
    state: () => state,
    git: bench.git,
    secrets: { refresh: () => Promise.resolve(), find: () => [] },
    runHooks: () => {
      asked += 1;
      return Promise.resolve({ kind: 'passed', hooks: { runs: [], changedByWork: [] } });
    },
  } as unknown as EffectServices;
  const effect = { type: 'commit', lane: 'repo', todoId: todo.todoId, revision: 1, closeoutId: closeoutIdOf(todo, 1) } as const;
  let attempt = 0;
  const run = () => createCommit(services)(effect, { effectId: 'fx-1-1', attempt: (attempt += 1), signal: new AbortController().signal });
  return { run, asked: () => asked };
}

describe('the commit of a closeout, asked for again after a kill', () => {
  it('is found by trailer, parent and tree, without its hooks, and the index that did not follow yet follows', async () => {
    const bench = await startBench();
    const worktree = await bench.worktree('t1');
    await writeFile(join(worktree.path, 'n.txt'), 'n');
    const { run, asked } = commitIn(bench, worktree);
    const first = await run();
    expect(first).toMatchObject({ kind: 'committed', paths: ['n.txt'] });
    await bench.repo.gitIn(worktree.path, 'read-tree', worktree.base);
    expect(await bench.repo.gitIn(worktree.path, 'status', '--porcelain')).not.toBe('');
    expect(await run()).toEqual(first);
    expect(await bench.repo.gitIn(worktree.path, 'status', '--porcelain')).toBe('');
    expect(asked()).toBe(1);
  });

  it('is found in place beside what a person has staged, whether or not the index had followed', async () => {
    const bench = await startBench();
    const { repo } = bench;
    const base = await repo.git('rev-parse', 'HEAD');
    const { run } = commitIn(bench, { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null });
    await repo.write({ 'staged.txt': 'mine', 'a.txt': 'work\n' });
    await repo.git('add', 'staged.txt');
    const first = await run();
    expect(first).toMatchObject({ kind: 'committed', paths: ['a.txt'] });
    expect(await run()).toEqual(first);
    await repo.git('reset', '-q', base, '--', 'a.txt');
    expect(await repo.git('status', '--porcelain')).toBe('MM a.txt\nA  staged.txt');
    expect(await run()).toEqual(first);
    expect(await repo.git('status', '--porcelain')).toBe('A  staged.txt');
    expect(await repo.git('rev-list', '--count', 'HEAD')).toBe('2');
  });

  it('is not taken for the work that stands there now', async () => {
    const bench = await startBench();
    const { repo } = bench;
    const base = await repo.git('rev-parse', 'HEAD');
    const { run } = commitIn(bench, { path: repo.path, branch: 'refs/heads/main', base, gitFileSha256: null });
    await repo.write({ 'a.txt': 'work\n' });
    expect(await run()).toMatchObject({ kind: 'committed' });
    await repo.write({ 'a.txt': 'more work\n' });
    expect(await run()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('carries its trailer but has another parent or other files') as string,
    });
  });
});
