import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ElectronStage } from '../../fixtures/electron-stage.js';
import type { RunningWindow } from '../../fixtures/electron-stage.js';

interface Facts {
  readonly name: string;
  readonly paths: Record<string, string>;
  readonly isSandboxed: boolean;
  readonly schemes: readonly unknown[];
  readonly windowOptions: readonly { readonly webPreferences: Record<string, unknown>; readonly width: number; readonly show: boolean }[];
  readonly openedOutside: readonly string[];
  readonly handlers: readonly string[];
}

let stage: ElectronStage;
let window: RunningWindow;

beforeAll(async () => {
  stage = await ElectronStage.make();
  window = stage.start();
  await window.until('loaded');
});

afterAll(() => stage.dispose());

const facts = (): Promise<Facts> => window.do<Facts>('facts');

describe('the window', () => {
  test('gives its page no Node, no second world and no developer tools', async () => {
    const { windowOptions, isSandboxed } = await facts();
    const { preload, ...flags } = windowOptions[0]?.webPreferences ?? {};
    expect(flags).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
    expect(String(preload)).toMatch(/[\\/]electron[\\/]preload\.cjs$/);
    expect(isSandboxed).toBe(true);
  });

  test('keeps what Chromium keeps in the state folder of the user', async () => {
    expect((await facts()).paths).toEqual({ userData: expect.stringContaining(stage.state) as string });
  });

  test('loads its page from its own scheme, which has an origin, and from no file', async () => {
    expect(await window.until('loaded')).toEqual({ url: 'muster://app/', status: 200 });
    expect((await facts()).schemes).toEqual([
      { scheme: 'muster', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
  });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

const get = (url: string, method = 'GET'): Promise<Answer> => window.do<Answer>('request', url, method);

describe('the scheme', () => {
  test('serves the page under a policy that allows nothing inline and nothing from elsewhere', async () => {
    const { status, headers, text } = await get('muster://app/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<div id="app">');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; " +
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  test('serves the scripts that the page names, with their type', async () => {
    const { text } = await get('muster://app/');
    const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? '';
    const { status, headers } = await get(`muster://app${script}`, 'HEAD');
    expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  test.each([
    'muster://app/../package.json',
    'muster://app/%2e%2e/%2e%2e/package.json',
    'muster://app/..%2f..%2fpackage.json',
    'muster://app/assets/..%2f..%2f..%2fpackage.json',
    'muster://app/..%5c..%5cpackage.json',
    'muster://app//etc/hosts.txt',
    'muster://app/%2fetc%2fhosts.txt',
    'muster://app/index.html%00.js',
    'muster://app/%zz.js',
  ])('does not lead out of the page by %s', async (url) => {
    const { status, text } = await get(url);
    expect([status, text]).toEqual([404, 'There is no such file.\n']);
  });

  test('answers to no other name and takes nothing in', async () => {
    expect((await get('muster://other/index.html')).status).toBe(404);
    expect((await get('muster://app.example.org/')).status).toBe(404);
    expect((await get('muster://app/', 'POST')).status).toBe(405);
  });
});

describe('a page', () => {
  test('stays where it is', async () => {
    expect(await window.do('navigate', 'muster://app/#/board')).toBe(false);
    expect(await window.do('navigate', 'muster://app/index.html')).toBe(false);
    for (const url of [
      'muster://app/assets/x.js',
      'muster://other/',
      'file:///etc/passwd',
      'http://127.0.0.1:80/',
      'javascript:alert(1)',
      'data:text/html,x',
    ])
      expect([url, await window.do('navigate', url)]).toEqual([url, true]);
    expect(await window.do('navigate', 'muster://app/', false)).toBe(true);
    expect(await window.do('redirect', 'https://example.org/')).toBe(true);
  });

  test('opens no second window; https links go to the browser, and nothing else does', async () => {
    const before = (await facts()).openedOutside.length;
    for (const url of [
      'https://example.org/a?b#c',
      'http://example.org/',
      'file:///etc/passwd',
      'https://user:word@example.org/',
      'vscode://file/x',
      'https:nonsense',
      `https://example.org/${'a'.repeat(3_000)}`,
      'muster://app/',
    ])
      expect(await window.do('openWindow', url)).toBe('deny');
    expect((await facts()).openedOutside.slice(before)).toEqual(['https://example.org/a?b#c', 'https://nonsense/']);
    expect(window.log).toContain('A link was not followed: "file:///etc/passwd" is no https address.');
  });

  test('attaches no page within it and downloads nothing', async () => {
    expect(await window.do('webview')).toBe(true);
    expect(await window.do('download')).toBe(true);
  });

  test('may put text into the clipboard, and has no other permission', async () => {
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fileSystem', 'unknown']) {
      expect([permission, await window.do('mayRequest', permission, 'muster://app/')]).toEqual([permission, false]);
      expect([permission, await window.do('mayCheck', permission, 'muster://app')]).toEqual([permission, false]);
    }
    expect(await window.do('mayRequest', 'clipboard-sanitized-write', 'muster://app/')).toBe(true);
    expect(await window.do('mayCheck', 'clipboard-sanitized-write', 'muster://app/')).toBe(true);
    expect(await window.do('mayRequest', 'clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(await window.do('mayCheck', 'clipboard-sanitized-write', 'https://example.org')).toBe(false);
    expect(await window.do('mayUseDevice')).toBe(false);
  });

  test('reaches no server', async () => {
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      'devtools://devtools/x.js',
      'ws://127.0.0.1:1/',
    ])
      expect([url, await window.do('mayFetch', url)]).toEqual([url, { cancel: true }]);
    expect(await window.do('mayFetch', 'muster://app/assets/x.js')).toEqual({ cancel: false });
  });
});
