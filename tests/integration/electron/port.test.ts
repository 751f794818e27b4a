import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protocolVersion } from '../../../src/shared/contract/host-views.js';
import type { LiveEvent } from '../../../src/shared/contract/live-events.js';
import type { BoardView } from '../../../src/shared/contract/board-views.js';
import { ElectronStage } from '../../fixtures/electron-stage.js';
import type { RunningWindow } from '../../fixtures/electron-stage.js';

let stage: ElectronStage;
let window: RunningWindow;

beforeAll(async () => {
  stage = await ElectronStage.make();
  window = stage.start();
  await window.until('loaded');
});

afterAll(() => stage.dispose());

const call = <T>(method: string, input: unknown = undefined): Promise<T> => window.do<T>('call', method.split('.'), input);

describe('a message port', () => {
  test('is given to no frame within the page, no other origin, no other window and no frame that is gone', async () => {
    for (const who of ['a frame within the page', 'another origin', 'another window', 'a frame that is gone'])
      await window.do('sendAs', who);
    await window.logged('"a frame that is gone"');
    const refused = ['muster://app/', 'https://example.org/', 'muster://app/', 'a frame that is gone'];
    expect(window.log).toBe(refused.map((url) => `A message was refused: "${url}" is not the page of this window.\n`).join(''));
  });

  test('is given to the page, which is a lead at the window under the name that git knows', async () => {
    await window.do('openPage');
    expect(await call('people.me')).toEqual({ name: 'Ann Example', role: 'lead', via: 'window' });
    expect(await call('host.version')).toMatchObject({ protocol: protocolVersion, pid: window.child.pid });
  });

  test('carries refusals with their id and sentence', async () => {
    await expect(call('board')).rejects.toThrow('No workspace is open. Open one, or make one for a repository.');
  });

  test('carries the board and, without asking again, what changes on it', async () => {
    await call('host.openSample');
    expect((await call<BoardView>('board')).columns.map(({ id }) => id)).toEqual(['todo', 'in_progress', 'review', 'done', 'approved']);
    await window.do('follow');
    await window.until<LiveEvent>('live', ({ kind }) => kind === 'ready');
    await call('requests.submit', { text: 'A cover on every book' });
    const change = await window.until<LiveEvent>('live', (event) => event.kind === 'change' && event.requests.length > 0);
    expect(change).toMatchObject({ kind: 'change', requests: [{ scope: 'A cover on every book', status: 'queued' }] });
  });

  test('is closed when the page asks for another, as after a reload, and its streams end', async () => {
    await window.do('reopen');
    await window.until('link-closed');
    await window.until('live-ended');
    expect(await call('people.me')).toMatchObject({ via: 'window' });
  });
});

describe('the tray', () => {
  test('stops everything after a question, and not on a no', async () => {
    const halt = async (): Promise<unknown> => (await call<BoardView>('board')).halt;
    await window.do('clickTray', 'stop-all');
    expect(await window.until('question')).toEqual({
      message: 'Stop everything?',
      detail: 'Running turns are ended now, and nothing starts until a person lets it go on. Nothing is lost.',
      buttons: ['Stop Everything', 'Cancel'],
    });
    await window.do('answer', 'Cancel');
    expect(await halt()).toBe(null);
    await window.do('clickTray', 'stop-all');
    await expect.poll(() => window.count('question')).toBe(2);
    await window.do('answer', 'Stop Everything');
    await expect.poll(halt).toMatchObject({ reason: expect.any(String) as string });
  });
});

describe('the menu', () => {
  test('asks the page for what a person chose', async () => {
    await window.do('click', 'new-request');
    await window.until('menu-action', (action) => action === 'new-request');
    await window.do('click', 'stop-all');
    await window.until('menu-action', (action) => action === 'stop-all');
  });

  test('waits with it until a page that is being loaded is there', async () => {
    window.forget();
    await window.do('emit', 'contents', 'did-start-navigation', { isMainFrame: true, isSameDocument: false });
    await window.do('click', 'go-backlog');
    expect(window.count('menu-action')).toBe(0);
    await window.do('reopen');
    await window.until('menu-action', (action) => action === 'go-backlog');
    expect(window.count('show')).toBe(1);
  });
});
