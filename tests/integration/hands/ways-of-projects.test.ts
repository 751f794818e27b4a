import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { describeGap } from '../../../src/shared/domain/receipt.js';
import type { State } from '../../../src/shared/domain/state.js';
import { isAtRest, makeSprintGround, newestSprint, pat, revisionOf, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

const title = 'Add numbers';
const files = { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' };
const developer = { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] };
const verify = { exists: ['test', '-e', 'lib/sum.mjs'] };
const kickoff = { milestone: 'Sums', brief: '', requirements: [], sourceRequestId: '' };

let ground: SprintGround;

afterEach(() => ground.dispose());

describe('a project without a repository', () => {
  it('is worked on to the end, without a commit and so not verified', async () => {
    ground = await makeSprintGround({ todos: [{ title, developer }], files, verify, isRepository: false });
    const runtime = await ground.play();
    expect(newestSprint(runtime.state())).toMatchObject({ status: 'completed', closeoutStatus: 'no_repo' });
    expect(todoNamed(runtime.state(), title).status).toBe('completed');
    const { receipt, commit } = revisionOf(runtime.state(), title);
    expect(commit).toBeNull();
    expect(receipt).toMatchObject({ badge: 'not_verified', commit: '', commands: [] });
    expect(receipt?.gaps.map(describeGap)).toContain('There is no commit, or it changes nothing.');
    expect(await readFile(join(ground.project, 'lib/sum.mjs'), 'utf8')).toContain('b + a');
    expect(existsSync(join(ground.project, '.git'))).toBe(false);
  });
});

describe('work in place', () => {
  const second = 'Subtract numbers';
  const running = (state: State): number => Object.values(state.todos).filter(({ status }) => status === 'running').length;

  it('goes one todo at a time, lands with its gap, and does not begin on a tree that is not clean', async () => {
    const todos = [
      { title, developer },
      { title: second, developer: { edits: [{ write: 'lib/less.mjs', content: 'export const less = (a, b) => a - b;\n' }] } },
    ];
    ground = await makeSprintGround({ todos, files, verify, isolation: 'in_place', limits: { parallel_todos: 2 } });
    const mine = join(ground.project, 'mine.txt');
    const runtime = await ground.open({
      seams: {
        handlers: (handlers) => ({
          ...handlers,
          'add-worktree': async (effect, run) => {
            if (effect.todoId === todoNamed(runtime.state(), second).todoId && run.attempt === 1 && !retried)
              await writeFile(mine, 'mine\n');
            return handlers['add-worktree'](effect, run);
          },
        }),
      },
    });
    let retried = false;
    let most = 0;
    runtime.subscribe(() => void (most = Math.max(most, running(runtime.state()))));
    await ground.begin(runtime);
    await waitFor(runtime, isAtRest);

    const landed = revisionOf(runtime.state(), title);
    expect(todoNamed(runtime.state(), title).status).toBe('committed');
    expect(landed.isIntegrated).toBe(true);
    expect(await ground.repository.git('rev-parse', 'main')).toBe(landed.commit);
    expect(landed.receipt?.badge).toBe('with_gaps');
    expect(landed.receipt?.gaps.map(({ kind }) => kind)).toContain('in-place');

    const blocked = todoNamed(runtime.state(), second);
    expect(blocked.status).toBe('blocked');
    expect(blocked.blocker?.reason).toBe(
      'Working in place needs a clean tree, and these differ: mine.txt. Commit or stash them, then retry.',
    );
    retried = true;
    await rm(mine);
    await runtime.dispatch({ type: 'retry', subjectId: blocked.todoId }, { commandId: 'again', actor: pat });
    await waitFor(runtime, isAtRest);
    expect(todoNamed(runtime.state(), second).status).toBe('committed');
    expect(await ground.repository.git('show', '--format=', '--name-only', 'main')).toBe('lib/less.mjs');
    expect(most).toBe(1);
  });
});

describe('a sprint in a repository', () => {
  it('is not started while git does not know who commits, and says with which command to tell it', async () => {
    ground = await makeSprintGround({ todos: [{ title, developer }], files, verify });
    await ground.repository.git('config', '--unset', 'user.name');
    await ground.repository.git('config', '--unset', 'user.email');
    const before = { HOME: process.env['HOME'], XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'] };
    Object.assign(process.env, { HOME: join(ground.dir, 'nobody'), XDG_CONFIG_HOME: join(ground.dir, 'nobody') });
    try {
      await mkdir(join(ground.dir, 'nobody'));
      const runtime = await ground.open();
      expect(await runtime.startSprint(kickoff, { commandId: 'start', actor: pat })).toEqual({
        ok: false,
        error: {
          id: 'project-not-ready',
          message:
            'Git does not know who commits. Tell it: `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`, or name somebody as git.identity in team_runtime.yaml.',
        },
      });
      expect(newestSprint(runtime.state())).toBeUndefined();
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('pushes and fetches nothing, though its branch follows one of a remote', async () => {
    ground = await makeSprintGround({ todos: [{ title, developer }], files, verify, integrate: 'on_completion' });
    const { git, gitIn, outside } = ground.repository;
    const remote = join(outside, 'remote.git');
    const asked = join(outside, 'asked');
    const counting = join(outside, 'counting');
    await git('clone', '-q', '--bare', ground.project, remote);
    await git('remote', 'add', 'origin', remote);
    await git('fetch', '-q', 'origin');
    await git('branch', '-q', '--set-upstream-to=origin/main', 'main');
    await writeFile(counting, `#!/bin/sh\necho "$0 $*" >> ${asked}\nexit 1\n`);
    await chmod(counting, 0o755);
    await git('config', 'remote.origin.receivepack', counting);
    await git('config', 'remote.origin.uploadpack', counting);
    await git('config', 'push.default', 'current');
    const refs = await gitIn(remote, 'for-each-ref');

    const runtime = await ground.play();
    expect(revisionOf(runtime.state(), title).isIntegrated).toBe(true);
    expect(await git('rev-list', '--count', 'origin/main..main')).toBe('1');
    expect(await gitIn(remote, 'for-each-ref')).toBe(refs);
    expect(existsSync(asked)).toBe(false);
    // The counting program does count.
    await expect(git('push', '-q', 'origin', 'main')).rejects.toThrow();
    expect(existsSync(asked)).toBe(true);
  });
});
