import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { livingOwner } from '../../../src/main/host/attach.js';
import { loadState } from '../../../src/main/runtime/load-state.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import type { WorkspacesView } from '../../../src/shared/contract/host-views.js';
import type { BoardView, SprintHeadView } from '../../../src/shared/contract/board-views.js';
import { builtWindow, ElectronStage } from '../../fixtures/electron-stage.js';
import type { RunningWindow } from '../../fixtures/electron-stage.js';
import { livingProcesses, untilTrue } from '../../fixtures/living-processes.js';

const MINUTE = 60_000;

let stage: ElectronStage;

beforeEach(async () => {
  stage = await ElectronStage.make();
});

afterEach(() => stage.dispose());

const call = <T>(window: RunningWindow, method: string, input?: unknown): Promise<T> => window.do<T>('call', method.split('.'), input);

async function opened(words: readonly string[] = []): Promise<RunningWindow> {
  const window = stage.start(words);
  await window.until('loaded');
  await window.do('openPage');
  return window;
}

const workspaceOf = async (window: RunningWindow): Promise<string> =>
  (await call<WorkspacesView>(window, 'host.workspaces')).current?.path ?? '';

/** A sprint of the sample at work: a turn runs when this resolves. */
async function atWork(): Promise<{ readonly window: RunningWindow; readonly workspace: string }> {
  const window = await opened();
  await call(window, 'host.runSample');
  await window.until<string>('tip', (tip) => tip.endsWith('1 turn is running'));
  return { window, workspace: await workspaceOf(window) };
}

/** Asks to quit as soon as the next turn begins: between two turns nothing would be asked. */
async function askedToQuit(window: RunningWindow): Promise<{ readonly message: string; readonly buttons: readonly string[] }> {
  window.forget();
  await window.until<string>('tip', (tip) => tip.endsWith('running'));
  await window.do('quit');
  return window.until('question');
}

/** Every process that the turns started is gone two seconds after the program. */
const nothingIsLeft = (): Promise<number> => untilTrue(() => livingProcesses(stage.dir).length === 0, 2_000);

test('a quit while a sprint runs asks, stops it in order on a yes, and the next start goes on', { timeout: 2 * MINUTE }, async () => {
  const { window, workspace } = await atWork();
  expect(window.count('awake')).toBeGreaterThan(0);

  expect(await askedToQuit(window)).toEqual({
    message: '1 turn is running. Quit Muster?',
    detail: 'What runs is ended in order, and goes on when Muster is started again. Nothing is lost.',
    buttons: ['Stop and Quit', 'Keep Working in the Background', 'Cancel'],
  });
  await window.do('answer', 'Cancel');
  expect(await call<SprintHeadView>(window, 'sprint.status')).toMatchObject({ isActive: true });

  await askedToQuit(window);
  await window.do('answer', 'Keep Working in the Background');
  await window.until('hide');
  expect(await call<SprintHeadView>(window, 'sprint.status')).toMatchObject({ isActive: true });

  await askedToQuit(window);
  await window.do('answer', 'Stop and Quit');
  await window.until('quit');
  expect(await window.ended).toBe(0);
  const last = window.told.map(({ kind }) => kind).filter((kind) => ['link-closed', 'asleep', 'quit'].includes(kind));
  expect(last.slice(-3)).toEqual(['link-closed', 'asleep', 'quit']);
  await nothingIsLeft();
  expect(await livingOwner(workspaceLayout(workspace).runtime.root)).toEqual({ kind: 'nobody' });
  const { state, notices } = await loadState(workspace);
  expect(notices).toEqual([]);
  expect(Object.values(state.sprints).filter(({ endedAt }) => endedAt === null)).toHaveLength(1);

  const again = await opened();
  expect(await workspaceOf(again)).toBe(workspace);
  const before = (await call<SprintHeadView>(again, 'sprint.status'))?.id;
  await again.until<string>('tip', (tip) => tip.endsWith('1 turn is running'));
  expect(before).toBe(Object.values(state.sprints)[0]?.sprintId);
  expect(await call<BoardView>(again, 'board')).toMatchObject({ sprint: { id: before } });
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(again.count('question')).toBe(0);
  await nothingIsLeft();
});

test(
  'a window at a workspace that another runtime works on asks there, and leaves it at work when it quits',
  { timeout: 2 * MINUTE },
  async () => {
    const first = await opened();
    await call(first, 'host.openSample');
    const workspace = await workspaceOf(first);
    await first.do('quit');
    expect(await first.ended).toBe(0);

    const program = join(dirname(dirname(builtWindow)), 'cli', 'muster.js');
    const runtime = spawn(process.execPath, [program, 'run', '--workspace-root', workspace], { env: stage.env, cwd: stage.dir });
    const ended = once(runtime, 'exit');
    try {
      await new Promise<void>((ready) => runtime.stdout.on('data', (chunk: Buffer) => chunk.includes('Muster works on') && ready()));
      const window = await opened(['--workspace-root', workspace]);
      expect((await call<WorkspacesView>(window, 'host.workspaces')).current).toMatchObject({ path: workspace, isAttached: true });
      await call(window, 'host.runSample');
      await window.until<string>('tip', (tip) => tip.endsWith('1 turn is running'));
      await window.do('quit');
      expect(await window.ended).toBe(0);
      expect(window.count('question')).toBe(0);
      expect(runtime.exitCode).toBe(null);
      expect(await livingOwner(workspaceLayout(workspace).runtime.root)).toMatchObject({ kind: 'running', owner: { pid: runtime.pid } });
    } finally {
      runtime.kill('SIGTERM');
      await ended;
    }
  },
);

test('another workspace, named by a second start, is opened while a turn runs only on a yes', { timeout: 2 * MINUTE }, async () => {
  const { window, workspace } = await atWork();
  const elsewhere = join(stage.dir, 'elsewhere');
  window.forget();
  await window.until<string>('tip', (tip) => tip.endsWith('running'));
  await window.do('emit', 'app', 'second-instance', {}, [], '/', { workspaceDir: elsewhere });
  expect(await window.until('question')).toEqual({
    message: `Open ${elsewhere}?`,
    detail: `1 turn is running in ${workspace}. What runs there is ended in order, and goes on when that workspace is opened again.`,
    buttons: ['Open', 'Cancel'],
  });
  await window.do('answer', 'Cancel');
  expect(await workspaceOf(window)).toBe(workspace);
  window.child.kill('SIGTERM');
  expect(await window.ended).toBe(0);
});
