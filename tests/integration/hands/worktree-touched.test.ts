import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/main/runtime/ports/runner.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { Revision, Todo } from '../../../src/shared/domain/state.js';
import type { Event } from '../../../src/shared/domain/vocabulary.js';
import { isAtRest, makeSprintGround, pat, revisionOf, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { RehearsedTodo, SprintGround } from '../../fixtures/one-todo-sprint.js';

const key = 'dotenv-canary-2342/XYZ+w';
const edit = (name: string): RehearsedTodo['developer'] => ({
  edits: [{ write: `lib/${name}.mjs`, content: `export const ${name} = 1;\n` }],
});

const titles = {
  left: 'is left alone, though a report of it was sent back',
  edited: 'is edited between two turns',
  committed: 'gets a commit of a person',
  switched: 'is switched before a turn',
  switchedLate: 'is switched before its commit',
  deleted: 'is deleted between two turns',
  deletedLate: 'is deleted before its commit',
  setUpFails: 'is deleted, and its set-up fails when it is made again',
  uncommitted: 'is mended by hand while it is uncommitted',
  red: 'is edited after a red verification',
  conflict: 'is moved onto a target that it conflicts with',
  stopped: 'holds what a stopped turn left',
} as const;
type Name = keyof typeof titles;

const developers: { readonly [N in Name]: RehearsedTodo['developer'] } = {
  left: { ...edit('left'), answer: 'This is no report.' },
  edited: edit('edited'),
  committed: edit('committed'),
  switched: edit('switched'),
  switchedLate: edit('switchedLate'),
  deleted: edit('deleted'),
  deletedLate: edit('deletedLate'),
  setUpFails: { edits: [{ write: 'package.json', content: '{ "broken": true }\n' }] },
  uncommitted: edit('uncommitted'),
  red: { edits: [{ write: 'red', content: 'x\n' }] },
  conflict: edit('conflict'),
  stopped: edit('stopped'),
};

/** A person at the worktrees, once per todo, at a moment between two effects. */
type Deed = (worktree: string, revision: Revision) => Promise<unknown>;

describe('a worktree that a person touched', () => {
  let ground: SprintGround;
  let runtime: Runtime;
  const events: Event[] = [];
  /** Turns that a runner was asked for, `<title> <step>`, with what stood in its checkout. */
  const ran: string[] = [];
  const seen = new Map<string, readonly string[]>();
  const named = (name: Name): Todo => todoNamed(runtime.state(), titles[name]);
  const revision = (name: Name): Revision => revisionOf(runtime.state(), titles[name]);
  const git = (folder: string, ...args: string[]): Promise<string> => ground.repository.gitIn(folder, ...args);

  const beforeTurn: { readonly [N in Name]?: { readonly step: string; readonly deed: Deed } } = {
    edited: { step: 'architect_review', deed: (at) => writeFile(join(at, 'lib', 'hand.mjs'), 'export const hand = 1;\n') },
    committed: {
      step: 'architect_review',
      deed: async (at) => {
        await git(at, 'add', '--all');
        await git(at, 'commit', '-q', '-m', 'As it stands');
      },
    },
    switched: { step: 'developer_build', deed: (at) => git(at, 'switch', '-q', '-c', 'of-a-person') },
    deleted: { step: 'architect_review', deed: (at) => rm(at, { recursive: true }) },
    setUpFails: { step: 'architect_review', deed: (at) => rm(at, { recursive: true }) },
    red: { step: 'developer_revision', deed: (at) => writeFile(join(at, 'hand.txt'), 'hand\n') },
  };
  const beforeCommit: { readonly [N in Name]?: Deed } = {
    switchedLate: (at) => git(at, 'switch', '-q', '--detach'),
    deletedLate: (at) => rm(at, { recursive: true }),
    conflict: () => ground.repository.commit({ 'lib/conflict.mjs': 'export const conflict = 2;\n' }, 'Landed meanwhile'),
    uncommitted: (at) => writeFile(join(at, 'lib', 'late.mjs'), `export const key = '${key}';\n`),
  };

  const done = new Set<string>();
  const nameOf = (todoId: string): Name | undefined => {
    const title = runtime.state().todos[todoId]?.title;
    return (Object.keys(titles) as Name[]).find((name) => titles[name] === title);
  };
  async function once(todoId: string, deed: Deed | undefined): Promise<void> {
    const todo = runtime.state().todos[todoId];
    if (!deed || !todo || done.has(todoId)) return;
    done.add(todoId);
    await deed(currentRevision(todo).worktreePath, currentRevision(todo));
  }

  const watched = (runner: Runner): Runner => ({
    ...runner,
    run: async (input, ...more) => {
      ran.push(`${input.facts.subject} ${input.facts.step}`);
      const files = ['node_modules/made', 'local.env', 'lib/deleted.mjs'];
      seen.set(
        `${input.facts.subject} ${input.facts.step}`,
        files.filter((path) => existsSync(join(input.checkout, path))),
      );
      const [, signal] = more;
      if (input.facts.subject !== titles.stopped || input.facts.step !== 'developer_build' || done.has(titles.stopped))
        return runner.run(input, ...more);
      done.add(titles.stopped);
      await writeFile(join(input.checkout, 'lib', 'half.mjs'), 'export const half =');
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await runtime.dispatch({ type: 'requeue', todoId: named('stopped').todoId }, { commandId: 'stop', actor: pat });
      await stopped;
      const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
      return { kind: 'failed', reason: 'stopped', message: 'Stopped.', usage };
    },
  });

  const retry = async (name: Name): Promise<void> => {
    const { todoId } = named(name);
    expect(await runtime.dispatch({ type: 'retry', subjectId: todoId }, { commandId: `retry ${name}`, actor: pat })).toMatchObject({
      ok: true,
    });
    await waitFor(runtime, isAtRest);
  };
  const accept = async (name: Name): Promise<void> => {
    const { todoId, updatedAt } = named(name);
    const yes = { type: 'answer', subjectId: todoId, text: 'yes' } as const;
    expect(await runtime.dispatch(yes, { commandId: `yes ${name} ${updatedAt}`, actor: pat })).toMatchObject({ ok: true });
    await waitFor(runtime, isAtRest);
  };
  const approve = (name: Name, id: string = pat.id) =>
    runtime.dispatch(
      { type: 'approve', todoId: named(name).todoId, revision: named(name).revision, comment: '' },
      { commandId: `approve ${name} ${id}`, actor: { kind: 'person', via: 'cli', id } },
    );
  const handEvents = (name: Name) =>
    events.flatMap((event) => (event.type === 'changed-by-hand' && event.todoId === named(name).todoId ? [[event.by, event.paths]] : []));
  const filesOf = async (name: Name): Promise<string[]> =>
    (await ground.repository.git('show', '--format=', '--name-only', revision(name).commit ?? '')).split('\n');
  const ownWork = { ok: false, error: { id: 'own-work', message: expect.stringContaining('Pat Person made a part of this revision') } };

  beforeAll(async () => {
    ground = await makeSprintGround({
      todos: (Object.keys(titles) as Name[]).map((name) => ({
        title: titles[name],
        developer: developers[name],
        ...(name === 'red' ? { revision: { edits: [{ delete: 'red' }] } } : {}),
        ...(name === 'conflict' ? { revision: { edits: [{ write: 'lib/conflict.mjs', content: 'export const conflict = 3;\n' }] } } : {}),
      })),
      files: { '.gitignore': 'node_modules/\nlocal.env\n', 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
      verify: { green: ['test', '!', '-e', 'red'] },
      setup: [['sh', '-c', '! grep -qs broken package.json && mkdir -p node_modules && echo made > node_modules/made']],
      copy: ['local.env'],
    });
    await writeFile(join(ground.project, 'local.env'), 'A=1\n');
    await writeFile(join(ground.workspace, '.env'), `DEPLOY_KEY=${key}\n`);
    runtime = await ground.open({
      seams: {
        runner: watched,
        handlers: (handlers) => ({
          ...handlers,
          'run-turn': async (effect, run) => {
            const turn = runtime.state().turns[effect.turnId];
            const name = turn?.subject.kind === 'todo' ? nameOf(turn.subject.todoId) : undefined;
            const at = name && beforeTurn[name];
            if (at && at.step === turn?.step && turn.subject.kind === 'todo') await once(turn.subject.todoId, at.deed);
            return handlers['run-turn'](effect, run);
          },
          commit: async (effect, run) => {
            const name = nameOf(effect.todoId);
            await once(effect.todoId, name && beforeCommit[name]);
            return handlers.commit(effect, run);
          },
        }),
      },
    });
    runtime.subscribe((committed) => void events.push(...committed.events));
    await ground.begin(runtime);
    await waitFor(runtime, isAtRest);
  }, 240_000);
  afterAll(() => ground.dispose());

  it('is kept with what was edited between two turns, and who edited it may not approve it', async () => {
    expect(handEvents('edited')).toEqual([['Pat Person', ['lib/hand.mjs']]]);
    expect(await filesOf('edited')).toEqual(['lib/edited.mjs', 'lib/hand.mjs']);
    expect(await approve('edited')).toMatchObject(ownWork);
    expect(await approve('edited', 'Sam')).toMatchObject({ ok: true });
  });

  it('makes nobody a maker but its roles when nobody touched it, also after a turn whose report could not be read', async () => {
    await waitFor(runtime, isAtRest);
    expect(named('left').status).toBe('failed');
    expect(handEvents('left')).toEqual([]);
  });

  it("has a person's own commit folded into the one of the closeout, and counts it as made by hand", async () => {
    expect(handEvents('committed')).toEqual([['Pat Person', ['lib/committed.mjs']]]);
    const { base, commit, closeout } = revision('committed');
    expect(await ground.repository.git('rev-list', '--count', `${base}..${closeout?.commit ?? ''}`)).toBe('1');
    expect(await ground.repository.git('log', '-1', '--format=%s', commit ?? '')).toContain(titles.committed);
    expect(await approve('committed')).toMatchObject(ownWork);
  });

  it('refuses the turn while another branch stands there, and goes on after it was switched back', async () => {
    const { branch, worktreePath } = revision('switched');
    expect(named('switched').status).toBe('blocked');
    expect(named('switched').blocker?.reason).toBe(
      `developer's turn at developer_build failed: ${worktreePath} was switched from ${branch} to the branch of-a-person, and nothing is done there until it is back. Go back with \`git -C "${worktreePath}" switch ${branch}\`, then retry.`,
    );
    expect(ran).not.toContain(`${titles.switched} developer_build`);
    await git(worktreePath, 'switch', '-q', branch);
    await retry('switched');
    expect(ran.filter((turn) => turn === `${titles.switched} developer_build`)).toHaveLength(1);
    expect(named('switched').status).toBe('committed');
    expect(handEvents('switched')).toEqual([]);
    expect(await approve('switched')).toMatchObject({ ok: true });
  });

  it('is not committed while another branch stands there', async () => {
    const { branch, worktreePath } = revision('switchedLate');
    expect(named('switchedLate').status).toBe('uncommitted');
    expect(named('switchedLate').blocker?.reason).toMatch(
      /was switched from muster\/\S+ to the detached commit [0-9a-f]{12}, and nothing is done there until it is back\./,
    );
    await git(worktreePath, 'switch', '-q', branch);
    await retry('switchedLate');
    expect(named('switchedLate').status).toBe('committed');
    expect(handEvents('switchedLate')).toEqual([]);
  });

  it('is made again as it was made first when it was deleted, with the newest work, its copies and its set-up', async () => {
    expect(seen.get(`${titles.deleted} architect_review`)).toEqual(['node_modules/made', 'local.env', 'lib/deleted.mjs']);
    expect(ran.filter((turn) => turn.startsWith(titles.deleted))).toHaveLength(5);
    expect(named('deleted').status).toBe('committed');
    expect(await filesOf('deleted')).toEqual(['lib/deleted.mjs']);
    expect(handEvents('deleted')).toEqual([]);
    const { todoId } = named('deleted');
    const ready = events.flatMap((event) => (event.type === 'worktree-ready' && event.todoId === todoId ? [event] : []));
    expect(ready).toHaveLength(2);
    expect(ready[1]?.notes).toEqual([expect.stringMatching(/^It was made again from the checkpoint /)]);
  });

  it('is made again when it was deleted before its commit', async () => {
    expect(named('deletedLate').status).toBe('committed');
    expect(await filesOf('deletedLate')).toEqual(['lib/deletedLate.mjs']);
  });

  it('is blocked by a set-up that is asked about or fails when it is made again, and keeps what a person mends there', async () => {
    expect(named('setUpFails')).toMatchObject({ status: 'blocked', blocker: { kind: 'setup-question' } });
    expect(named('setUpFails').blocker?.reason).toContain('The work changes package.json; its setup would run with the network: sh -c');
    await accept('setUpFails');
    expect(named('setUpFails')).toMatchObject({ status: 'blocked', blocker: { kind: 'setup' } });
    expect(named('setUpFails').blocker?.reason).toMatch(/^The setup of the worktree failed: Could not set up the checkout/);
    expect(ran).not.toContain(`${titles.setUpFails} architect_review`);
    // As the folder's name follows from its branch, it is where it was.
    const { path } =
      events.flatMap((event) => (event.type === 'worktree-ready' && event.todoId === named('setUpFails').todoId ? [event] : []))[0] ?? {};
    await writeFile(join(path ?? '', 'package.json'), '{ "mended": true }\n');
    await retry('setUpFails');
    expect(named('setUpFails').blocker?.kind).toBe('setup-question');
    await accept('setUpFails');
    expect(handEvents('setUpFails')).toEqual([['Pat Person', ['package.json']]]);
    expect(named('setUpFails').status).toBe('committed');
    expect(await ground.repository.git('show', `${revision('setUpFails').commit ?? ''}:package.json`)).toBe('{ "mended": true }');
    expect(await approve('setUpFails')).toMatchObject(ownWork);
  });

  it('is committed with what a person mended while it was uncommitted, verified as it was committed, and not approved by that person', async () => {
    const { worktreePath } = revision('uncommitted');
    expect(named('uncommitted').status).toBe('uncommitted');
    expect(named('uncommitted').blocker?.reason).toContain('Take it out in the worktree, then retry.');
    await writeFile(join(worktreePath, 'lib', 'late.mjs'), 'export const key = process.env.DEPLOY_KEY;\n');
    await retry('uncommitted');
    expect(named('uncommitted').status).toBe('committed');
    expect(handEvents('uncommitted')).toEqual([['Pat Person', ['lib/late.mjs']]]);
    const { commit, receipt } = revision('uncommitted');
    expect(receipt?.tree).toBe(await ground.repository.git('rev-parse', `${commit ?? ''}^{tree}`));
    expect(await ground.repository.git('show', `${commit ?? ''}:lib/late.mjs`)).toContain('process.env');
    expect(await approve('uncommitted')).toMatchObject(ownWork);
    expect(await approve('uncommitted', 'Sam')).toMatchObject({ ok: true });
  });

  it("is nobody else's work when the runtime itself moved it", async () => {
    expect(named('conflict').status).toBe('committed');
    expect(named('conflict').inputs.map(({ text }) => text)).toEqual([expect.stringContaining('conflicts with what landed meanwhile')]);
    expect(handEvents('conflict')).toEqual([]);
    expect(await approve('conflict')).toMatchObject({ ok: true });
  });

  it("is nobody else's work when a turn was stopped in the middle of it", async () => {
    const { todoId } = named('stopped');
    expect(named('stopped')).toMatchObject({ status: 'queued', isHeld: true });
    expect(await runtime.dispatch({ type: 'start-next', todoId }, { commandId: 'start stopped', actor: pat })).toMatchObject({ ok: true });
    await waitFor(runtime, isAtRest);
    expect(await filesOf('stopped')).toEqual(['lib/half.mjs', 'lib/stopped.mjs']);
    expect(handEvents('stopped')).toEqual([]);
  });

  it("tells a person's change from the runtime's own also after a red verification", async () => {
    expect(handEvents('red')).toEqual([['Pat Person', ['hand.txt']]]);
    expect(named('red').status).toBe('committed');
    expect(await approve('red')).toMatchObject(ownWork);
    expect(await readFile(join(revision('red').worktreePath, 'hand.txt'), 'utf8')).toBe('hand\n');
  });
});
