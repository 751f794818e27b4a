import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WorkspacesView } from '../../../src/shared/contract/host-views.js';
import { ElectronStage } from '../../fixtures/electron-stage.js';
import type { RunningWindow } from '../../fixtures/electron-stage.js';

let stage: ElectronStage;

beforeEach(async () => {
  stage = await ElectronStage.make();
});

afterEach(() => stage.dispose());

async function opened(words: readonly string[] = [], more: Readonly<Record<string, string>> = {}): Promise<RunningWindow> {
  const window = stage.start(words, more);
  await window.until('loaded');
  await window.do('openPage');
  return window;
}

interface Facts {
  readonly windowOptions: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
  readonly tray: { readonly tip: string; readonly items: readonly { readonly label: string }[] } | null;
  readonly lockData: unknown;
  readonly calls: readonly string[];
}

const settings = async (): Promise<unknown> => JSON.parse(await readFile(join(stage.state, 'window', 'window.json'), 'utf8')) as unknown;

describe('closing the window', () => {
  test('asks once; then it goes on in the background, over restarts, until the menu says otherwise', async () => {
    const window = await opened();
    await window.do('closeWindow');
    expect(await window.until('question')).toEqual({
      message: 'Keep Muster working when its window is closed?',
      detail: expect.stringContaining('You are asked once; the File menu changes it.') as string,
      buttons: ['Keep Working', 'Quit', 'Cancel'],
    });
    await window.do('answer', 'Cancel');
    expect(await window.do('isVisible')).toBe(true);
    window.forget();
    await window.do('closeWindow');
    await window.until('question');
    await window.do('answer', 'Keep Working');
    await window.until('hide');
    await window.do('clickTray', 'open');
    expect(await window.do('isVisible')).toBe(true);
    window.forget();
    await window.do('closeWindow');
    await window.until('hide');
    expect(window.count('question')).toBe(0);
    await window.do('quit');
    expect(await window.ended).toBe(0);
    expect(await settings()).toMatchObject({ onClose: 'background' });

    const again = await opened();
    again.forget();
    await again.do('closeWindow');
    await again.until('hide');
    await again.do('click', 'background');
    await again.do('closeWindow');
    expect(await again.ended).toBe(0);
    expect(again.count('question')).toBe(0);
    expect(await settings()).toMatchObject({ onClose: 'quit' });
  });
});

describe('a second start', () => {
  test('ends by itself and hands over which workspace it was asked for', async () => {
    const window = stage.start(['--workspace-root', 'elsewhere'], { STANDIN_IS_SECOND: '1' });
    expect(await window.until('second')).toEqual({ workspaceDir: join(stage.dir, 'elsewhere') });
    expect(await window.ended).toBe(0);
    expect(window.log).toBe('');
  });

  test('brings the first window to the front, on the workspace that it names', async () => {
    const window = await opened();
    await window.do('call', ['host', 'openSample']);
    const sample = (await window.do<WorkspacesView>('call', ['host', 'workspaces'])).current;
    await window.do('closeWindow');
    await window.until('question');
    await window.do('answer', 'Keep Working');
    await window.until('hide');
    window.forget();
    await window.do('emit', 'app', 'second-instance', {}, [], '/', { workspaceDir: join(stage.dir, 'nowhere') });
    await window.until('focus');
    expect(await window.do('isVisible')).toBe(true);
    expect(await window.until<{ message: string; detail: string }>('question')).toMatchObject({
      message: 'Could not open that workspace',
      detail: `Could not open ${join(stage.dir, 'nowhere')}: it is no workspace, as team_runtime.yaml or discord_agents_config.yaml is missing. Make one first.`,
    });
    await window.do('answer', 'OK');
    expect((await window.do<WorkspacesView>('call', ['host', 'workspaces'])).current).toEqual(sample);
    await window.do('quit');
    expect(await window.ended).toBe(0);

    const first = await opened(['--workspace-root', sample?.path ?? '']);
    expect((await first.do<WorkspacesView>('call', ['host', 'workspaces'])).current).toEqual(sample);
    expect((await first.do<Facts>('facts')).tray).toMatchObject({ tip: `Muster: ${sample?.name}` });
  });
});

describe('a page that ends', () => {
  test('is loaded again three times within a minute, later each time; then a person is asked', async () => {
    const window = await opened();
    for (const times of [1, 2, 3]) {
      await window.do('emit', 'contents', 'render-process-gone', {}, { reason: 'crashed' });
      await window.until('reload', (reloads) => reloads === times);
    }
    await window.do('emit', 'contents', 'render-process-gone', {}, { reason: 'oom' });
    expect(await window.until('question')).toEqual({
      message: 'The page of this window keeps ending.',
      detail:
        "It ended 4 times within a minute (oom). The team's work goes on. Load it again, or leave it and use `muster serve` and a browser.",
      buttons: ['Load Again', 'Leave It'],
    });
    await window.do('answer', 'Load Again');
    await window.until('reload', (reloads) => reloads === 4);
    expect(await window.do('call', ['people', 'me'])).toMatchObject({ via: 'window' });
  });

  test('or does not answer is ended only when a person says so, who is not asked once it answers again', async () => {
    const window = await opened();
    await window.do('emit', 'contents', 'unresponsive');
    expect(await window.until('question')).toMatchObject({
      message: 'The page of this window does not answer.',
      buttons: ['Wait', 'Load Again'],
    });
    await window.do('emit', 'contents', 'responsive');
    expect(window.count('crash')).toBe(0);
    window.forget();
    await window.do('emit', 'contents', 'unresponsive');
    await window.until('question');
    await window.do('forgetFirstQuestion');
    await window.do('answer', 'Load Again');
    await window.until('crash');
  });
});

describe('the place of the window', () => {
  test('is where it was, and in the middle of the first display when that display is gone', async () => {
    const window = await opened();
    expect((await window.do<Facts>('facts')).windowOptions[0]).toMatchObject({ x: 280, y: 80, width: 1_360, height: 880 });
    await window.do('moveWindow', { x: 2_000, y: 40, width: 1_000, height: 700 });
    await window.do('quit');
    expect(await window.ended).toBe(0);
    const again = await opened();
    expect((await again.do<Facts>('facts')).windowOptions[0]).toMatchObject({ x: 2_000, y: 40, width: 1_000, height: 700 });
    await again.do('moveWindow', { x: 4_000, y: 40, width: 1_000, height: 700 });
    await again.do('quit');
    expect(await again.ended).toBe(0);
    const gone = await opened();
    expect((await gone.do<Facts>('facts')).windowOptions[0]).toMatchObject({ x: 460, y: 170, width: 1_000, height: 700 });
  });

  test('is the usual one when what was remembered cannot be read, which is said', async () => {
    await mkdir(join(stage.state, 'window'), { recursive: true });
    await writeFile(join(stage.state, 'window', 'window.json'), '{"version": 1, "bounds"');
    const window = await opened();
    expect((await window.do<Facts>('facts')).windowOptions[0]).toMatchObject({ width: 1_360, height: 880 });
    expect(window.log).toContain('window.json: SyntaxError');
  });
});

test('a window that is started below a turn does not open', async () => {
  const window = stage.start([], { MUSTER_PROCESS_TAG: 'turn-1' });
  expect(await window.until('error-box')).toBe(
    "Muster could not start: A window that is started below a turn (turn-1) is never a person's. Start it yourself.",
  );
  expect(await window.ended).toBe(1);
});
