import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Retention, prunedPath } from '../../../src/main/runtime/retention.js';
import { readPruned } from '../../../src/main/runtime/retention/pruned-blobs.js';
import { sessionFolderName } from '../../../src/main/runtime/roles/session-folder.js';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { workspaceState } from '../../../src/main/runtime/workspace/state-folder.js';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import type { Configuration } from '../../../src/shared/domain/configuration.js';
import { emptyState } from '../../../src/shared/domain/state.js';
import type { State, Turn } from '../../../src/shared/domain/state.js';
import type { RuntimeCommand } from '../../../src/shared/domain/vocabulary.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { sampleRevision, sampleSprint, sampleTodo } from '../../fakes/sample-todo.js';

const clock = new ManualClock('2026-11-21T09:00:00.000Z');
const before = process.env['MUSTER_STATE_HOME'];
let folder = '';
let state: State;
let told: RuntimeCommand[];
let log: string[];
let underWay: string[];

const layout = () => workspaceLayout(join(folder, 'workspace'));
const places = () => workspaceState(join(folder, 'workspace'));
const hash = (digit: string): string => digit.repeat(64);
const blob = (digit: string): string => join(layout().runtime.blobs, digit.repeat(2), hash(digit));

/** Writes a file of 1,000 bytes that was last changed so many days ago. */
async function put(path: string, days: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x'.repeat(1_000));
  const at = new Date(Date.parse(clock.now()) - days * 86_400_000);
  await utimes(path, at, at);
  await utimes(dirname(path), at, at);
  return path;
}

const retention = (): Retention =>
  new Retention({
    layout: layout(),
    places: places(),
    clock,
    state: () => state,
    tell: (command) => Promise.resolve(told.push(command)),
    underWay: () => underWay,
    log: (line) => log.push(line),
  });

const withCap = (diskGb: number): Configuration => ({ ...defaultConfiguration, retention: { days: 7, checkpointDays: 30, diskGb } });
const goneBy = async (isDry = false): Promise<string> =>
  (await retention().cleanUp(isDry)).removed.map(({ kind, count, bytes }) => `${count} ${kind} ${bytes}`).join(', ');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-retention-'));
  process.env['MUSTER_STATE_HOME'] = join(folder, 'state');
  state = emptyState();
  [told, log, underWay] = [[], [], []];
});

afterEach(async () => {
  if (before === undefined) delete process.env['MUSTER_STATE_HOME'];
  else process.env['MUSTER_STATE_HOME'] = before;
  await rm(folder, { recursive: true, force: true });
});

describe('what ended work left', () => {
  it('goes after seven days, with a line and an event that say how much, and stays when it is younger', async () => {
    await put(join(layout().runtime.turn('turn-old'), 'out.log'), 8);
    await put(join(layout().runtime.turn('turn-new'), 'out.log'), 6);
    await put(join(places().setupCache, 'key-old', 'file'), 8);
    await put(blob('a'), 8);
    await put(blob('b'), 6);
    expect(await goneBy(true)).toBe('1 turn folders 1000, 1 set-up caches 1000, 1 blobs 1000');
    expect(told).toEqual([]);
    expect(await goneBy()).toBe('1 turn folders 1000, 1 set-up caches 1000, 1 blobs 1000');
    const what = '1 turn folders (1 kB), 1 set-up caches (1 kB), 1 blobs (1 kB)';
    expect(log).toEqual([`3 kB of the disk were freed: ${what}.`]);
    expect(told).toEqual([
      { type: 'note-disk-freed', bytes: 3_000, what },
      { type: 'tidy-worktrees', afterDays: 7 },
      { type: 'clear-problem', problemId: 'disk-cap' },
    ]);
    expect(await goneBy()).toBe('');
  });

  it('stays, however old, when an open todo needs it', async () => {
    const sprint = sampleSprint();
    const todo = sampleTodo({ sprintId: sprint.sprintId });
    state.sprints[sprint.sprintId] = { ...sprint, endedAt: null };
    state.todos[todo.todoId] = { ...todo, endedAt: null };
    const subject = { kind: 'todo', todoId: todo.todoId, revision: 1 } as const;
    const sessionKey = `${todo.todoId}/developer`;
    state.turns['turn-1'] = { turnId: 'turn-1', subject, status: 'ended', sessionKey, promptSha256: hash('a') } as unknown as Turn;
    await put(join(layout().runtime.turn('turn-1'), 'out.log'), 99);
    await put(join(layout().role.session('developer', sessionFolderName(sessionKey)), 'file'), 99);
    await put(blob('a'), 99);
    expect(await goneBy()).toBe('');
    state.todos[todo.todoId] = { ...todo, endedAt: '2026-01-01T09:00:00.000Z' };
    state.sprints[sprint.sprintId] = { ...sprint, endedAt: '2026-01-01T09:00:00.000Z' };
    expect(await goneBy()).toBe('1 turn folders 1000, 1 session folders 1000, 1 blobs 1000');
  });

  it('stays, however old, when it is a receipt that the journal holds, as the audit asks for it', async () => {
    await put(join(layout().runtime.journal, '000000000001.jsonl'), 0);
    await writeFile(join(layout().runtime.journal, '000000000001.jsonl'), `${JSON.stringify({ receipt: { receiptHash: hash('e') } })}\n`);
    for (const [name, told] of [
      ['a', 'e'],
      ['b', 'f'],
    ] as const) {
      await put(blob(name), 99);
      await writeFile(blob(name), JSON.stringify({ badge: 'verified', receiptHash: hash(told) }));
      await utimes(blob(name), 0, 0);
    }
    await goneBy();
    expect([existsSync(blob('a')), existsSync(blob('b'))]).toEqual([true, false]);
  });

  it('that a person edited and Muster put aside stays for thirty days', async () => {
    await put(join(layout().runtime.root, 'replaced-20260101T090000', 'a.md'), 31);
    await put(`${join(layout().shared.root, 'backlog.md')}.edited-20261001T090000`, 29);
    expect(await goneBy()).toBe('1 files put aside 1000');
  });

  it('stays while a verification may be using it', async () => {
    await put(join(places().setupCache, 'key', 'file'), 8);
    underWay.push('verify');
    expect(await goneBy()).toBe('');
  });
});

describe('at the disk cap', () => {
  const named = async (): Promise<void> => {
    await put(join(layout().runtime.journal, '000000000001.jsonl'), 0);
    const commands = ['c', 'd'].map((digit) => ({ outputHash: hash(digit) }));
    await writeFile(join(layout().runtime.journal, '000000000001.jsonl'), `${JSON.stringify({ commands, diffHash: hash('e') })}\n`);
  };

  it('outputs that receipts name go, the oldest first and no more than must, and it is written down when', async () => {
    await named();
    await put(blob('c'), 20);
    await put(blob('d'), 10);
    await put(blob('e'), 30);
    expect(await goneBy()).toBe('');
    state.configuration = withCap(0.000_002_9);
    expect(await goneBy()).toBe('1 old outputs 1000');
    expect([...(await readPruned(prunedPath(layout())))]).toEqual([[hash('c'), clock.now()]]);
  });

  it('worktrees of ended work go before their time, the one that ended first before the others and no more than must', async () => {
    const sprint = sampleSprint();
    state.sprints[sprint.sprintId] = { ...sprint, terms: { ...sprint.terms, isolation: 'worktree' } };
    const worktree = async (nth: number, endedAt: string | null): Promise<string> => {
      const worktreePath = join(places().worktrees, `w${nth}`);
      await put(join(worktreePath, 'file'), 0);
      const revisions = [sampleRevision({ worktreePath, isIntegrated: endedAt !== null })];
      state.todos[`todo-${nth}`] = sampleTodo({ todoId: `todo-${nth}`, endedAt, revisions });
      return worktreePath;
    };
    await worktree(1, '2026-11-21T08:00:00.000Z');
    const [first, second] = [await worktree(2, '2026-11-19T08:00:00.000Z'), await worktree(3, '2026-11-20T08:00:00.000Z')];
    await worktree(4, null);
    state.configuration = withCap(0.000_002_5);
    await goneBy();
    expect(told).toEqual([
      { type: 'tidy-worktrees', afterDays: 7 },
      { type: 'tidy-worktrees', afterDays: 0, only: [first, second] },
      { type: 'clear-problem', problemId: 'disk-cap' },
    ]);
  });

  it('what cannot go is a problem for a person', async () => {
    await named();
    await put(blob('e'), 30);
    state.configuration = withCap(0.000_000_5);
    await goneBy();
    expect(told).toMatchObject([
      { type: 'tidy-worktrees', afterDays: 7 },
      { type: 'report-problem', problem: { problemId: 'disk-cap', path: layout().runtime.root } },
    ]);
  });
});

it('the disk is cleaned up once a day', async () => {
  const daily = retention();
  await daily.start();
  await put(blob('a'), 8);
  clock.advance(86_400_000);
  await daily.cleanUp(true);
  await daily.stop();
  expect(log).toEqual(['1 kB of the disk were freed: 1 blobs (1 kB).']);
});

it('a stop waits for no clean-up that only looks, and nothing is removed after it', async () => {
  const old = await put(blob('a'), 8);
  const stopped = retention();
  const begun = stopped.start();
  await stopped.stop();
  await begun;
  expect([existsSync(old), log, told]).toEqual([true, [], []]);
});

it('a blob that is put again begins to age anew', async () => {
  const blobs = new FileBlobStore({ dir: layout().runtime.blobs, clock });
  const sha256 = await blobs.put('text');
  const old = new Date(Date.parse(clock.now()) - 8 * 86_400_000);
  await utimes(blobs.pathOf(sha256), old, old);
  expect(await goneBy(true)).toBe('1 blobs 4');
  await blobs.put('text');
  expect(await goneBy(true)).toBe('');
});
