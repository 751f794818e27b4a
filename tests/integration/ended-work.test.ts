import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditWorkspace } from '../../src/main/runtime/audit-workspace.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Runtime } from '../../src/main/runtime/runtime-api.js';
import { workspaceLayout } from '../../src/main/runtime/workspace/layout.js';
import type { PersonCommand } from '../../src/shared/domain/vocabulary.js';
import { deathAt, deathBetween } from '../fixtures/dying-effects.js';
import type { Death } from '../fixtures/dying-effects.js';
import { isAtRest, makeSprintGround, pat, revisionOf, todoNamed, waitFor } from '../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../fixtures/tempting-project.js';

const said = (title: string) => ({
  title,
  developer: { edits: [{ write: `lib/${title}.mjs`, content: `export const said = '${title}';\n` }] },
});

/**
 * Deaths use up attempts that a person's machine would not. So does the clock, which is ahead of the times of files here: to a start that sweeps
 * what a killed one left, a half that is being written looks like one.
 */
const limits = { effect_attempts: 9 };

let ground: SprintGround;
let runtime: Runtime;
let minutes = 0;

const git = (...args: string[]): Promise<string> => ground.repository.git(...args);
const audit = () => auditWorkspace({ workspaceDir: ground.workspace, rerun: false, clock: new SystemClock() });
const give = (command: PersonCommand) => runtime.dispatch(command, { commandId: `${command.type}-${Math.random()}`, actor: pat });
const isIdle = (): boolean => Object.keys(runtime.state().effects).length === 0;

/** The next start, some minutes later: starts in a row without progress are a crash loop, which is tested elsewhere. */
async function start(death?: Death): Promise<void> {
  minutes += 15;
  vi.setSystemTime(Date.now() + minutes * 60_000);
  runtime = await ground.open(death ? { seams: death.seams } : {});
  await runtime.start();
}

async function dieAt(death: Death): Promise<void> {
  await start(death);
  await death.isReached;
  await runtime.stop();
}

/** Begins the sprint, and dies as its work is about to be verified. */
async function beginAndDie(): Promise<void> {
  const death = deathAt('before', 'verify');
  runtime = await ground.open({ seams: death.seams });
  await ground.begin(runtime);
  await death.isReached;
  await runtime.stop();
}

afterEach(() => void vi.useRealTimers());

describe.skipIf(!existsSync('/usr/bin/bwrap'))('what ended work left', () => {
  let [first, second, third] = ['', '', ''];
  const worktrees: Record<string, string> = {};

  beforeAll(async () => {
    const todos = ['one', 'two', 'three'].map(said);
    ground = await makeSprintGround({ todos, files: temptingFiles, integrate: 'on_completion', limits });
    runtime = await ground.play();
    const ended = Object.values(runtime.state().todos).sort((a, b) => (a.endedAt ?? '').localeCompare(b.endedAt ?? ''));
    [first = '', second = '', third = ''] = ended.map(({ title }) => title);
    for (const title of [first, second, third]) worktrees[title] = revisionOf(runtime.state(), title).worktreePath;
    await runtime.stop();
  }, 120_000);
  afterAll(() => ground.dispose());

  it('is taken away after a week, wherever it is killed on the way, and what a person left in it is kept', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 86_400_000 });
    const [one = '', two = '', three = ''] = [first, second, third].map((title) => worktrees[title]);
    await writeFile(join(one, 'notes.txt'), 'mine\n');
    await git('worktree', 'unlock', two);
    const { todoId } = todoNamed(runtime.state(), first);
    const checkpoint = `refs/muster/checkpoints/removed-${todoId}-r1`;

    await dieAt(deathAt('before', 'remove-worktree'));
    expect([existsSync(one), await git('for-each-ref', checkpoint)]).toEqual([true, '']);
    await dieAt(deathBetween('remove-worktree', 'removeWorktree'));
    expect([existsSync(one), await git('show', `${checkpoint}:notes.txt`)]).toEqual([true, 'mine']);
    await dieAt(deathAt('after', 'remove-worktree'));
    expect([existsSync(one), revisionOf(runtime.state(), first).worktreePath]).toEqual([false, one]);

    await start();
    await waitFor(runtime, isIdle);
    expect([existsSync(one), existsSync(two), existsSync(three)]).toEqual([false, true, false]);
    expect([first, second, third].map((title) => revisionOf(runtime.state(), title).worktreePath)).toEqual(['', '', '']);
    expect(await git('show', `${checkpoint}:notes.txt`)).toBe('mine');
    expect(Object.values(runtime.state().problems).map(({ reason }) => reason)).toEqual([
      `Could not remove the worktree ${two}: somebody unlocked it or put their own there. Remove it by hand with \`git worktree remove\`.`,
    ]);
    expect(await audit()).toMatchObject({ findings: [], receipts: 3 });
    await runtime.stop();
  });

  it('leaves memory when the next sprint starts, wherever that is killed, and its receipts stand', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 9 * 86_400_000 });
    const before = deathAt('before', 'archive-sprint');
    await start(before);
    for (const { todoId } of Object.values(runtime.state().todos)) await give({ type: 'approve', todoId, revision: 1, comment: '' });
    const old = Object.keys(runtime.state().sprints)[0] ?? '';
    const kickoff = { milestone: 'The next one', brief: '', requirements: [], sourceRequestId: '' };
    expect(await runtime.startSprint(kickoff, { commandId: 'next-sprint', actor: pat })).toMatchObject({ ok: true });
    await give({ type: 'stop-sprint' });
    await before.isReached;
    await runtime.stop();
    const { archive } = workspaceLayout(ground.workspace).runtime;
    const archived = (): Promise<string[]> => readdir(archive).catch(() => []);
    expect(await archived()).toEqual([]);
    await dieAt(deathAt('after', 'archive-sprint'));
    expect([await archived(), runtime.state().sprints[old]?.isArchived]).toEqual([[`${old}.json`], false]);

    await start();
    await waitFor(runtime, isIdle);
    expect([await archived(), runtime.state().sprints[old]?.isArchived, Object.keys(runtime.state().todos)]).toEqual([
      [`${old}.json`],
      true,
      [],
    ]);
    expect(await audit()).toMatchObject({ findings: [], receipts: 3 });
  });
});

describe.skipIf(!existsSync('/usr/bin/bwrap'))("a closeout in the person's own checkout", () => {
  beforeAll(async () => {
    ground = await makeSprintGround({
      todos: [said('one')],
      files: temptingFiles,
      isolation: 'in_place',
      integrate: 'on_completion',
      limits,
    });
  });
  afterAll(() => ground.dispose());

  it('that is killed before and after its verification and its commit lands once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const base = await git('rev-parse', 'main');
    await beginAndDie();
    await dieAt(deathAt('after', 'verify'));
    await dieAt(deathAt('before', 'commit'));
    expect(await git('rev-parse', 'main')).toBe(base);
    await dieAt(deathBetween('commit', 'commitAll'));
    await dieAt(deathAt('after', 'commit'));
    const landed = await git('rev-parse', 'main');
    expect([await git('rev-parse', 'main^'), revisionOf(runtime.state(), 'one').commit]).toEqual([base, null]);

    await start();
    await waitFor(runtime, (state) => todoNamed(state, 'one').status === 'committed');
    expect([await git('rev-parse', 'main'), revisionOf(runtime.state(), 'one').commit]).toEqual([landed, landed]);
    expect(await audit()).toMatchObject({ findings: [], receipts: 1 });
  });
});

describe('a turn that Muster was ended in as often as it may be begun', () => {
  beforeAll(async () => {
    ground = await makeSprintGround({ todos: [{ title: 'Never comes back', developer: { never_ends: true } }], files: temptingFiles });
  });
  afterAll(() => ground.dispose());

  it('is not begun again: its todo stands still and says so', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    runtime = await ground.open();
    await ground.begin(runtime);
    await waitFor(runtime, ({ turns }) =>
      Object.values(turns).some(({ step, status }) => step === 'developer_build' && status === 'running'),
    );
    await runtime.stop();
    await start();
    await waitFor(runtime, isAtRest);
    const { status, blocker } = todoNamed(runtime.state(), 'Never comes back');
    expect([status, blocker?.kind]).toEqual(['blocked', 'turn']);
    expect(blocker?.reason).toMatch(/^developer's turn at developer_build failed: Muster was ended while it ran, each time\./);
    const turn = Object.values(runtime.state().turns).find(({ step }) => step === 'developer_build');
    expect(turn).toMatchObject({
      attempts: 1,
      failures: [{ reason: 'crashed', log: expect.stringContaining(turn?.turnId ?? '') as string }],
    });
  });
});

describe('a closeout without a repository', () => {
  beforeAll(async () => {
    ground = await makeSprintGround({
      todos: [said('one')],
      files: temptingFiles,
      isRepository: false,
      integrate: 'on_completion',
      limits,
    });
  });
  afterAll(() => ground.dispose());

  it('that is killed before and after its receipt completes once, without a commit', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    await beginAndDie();
    await dieAt(deathAt('after', 'verify'));
    await start();
    await waitFor(runtime, isAtRest);
    expect(todoNamed(runtime.state(), 'one')).toMatchObject({ status: 'completed', blocker: null });
    expect(revisionOf(runtime.state(), 'one')).toMatchObject({
      commit: null,
      receipt: { badge: 'not_verified', gaps: [{ kind: 'no-commit' }] },
    });
    expect(existsSync(join(ground.project, 'lib/one.mjs'))).toBe(true);
  });
});
