import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronProgram, windowObstacle } from '../../../scripts/window-obstacle.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'obstacle-'));
  await mkdir(join(root, 'out', 'electron'), { recursive: true });
  await mkdir(join(root, 'node_modules', 'electron', 'dist'), { recursive: true });
  await writeFile(join(root, 'out', 'electron', 'main.js'), '');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function install(): Promise<void> {
  await writeFile(join(root, 'node_modules', 'electron', 'path.txt'), 'electron');
  await writeFile(join(root, 'node_modules', 'electron', 'dist', 'electron'), '');
}

const linux = { platform: 'linux', env: { DISPLAY: ':0' }, uid: 1_000 } as const;

test('a checkout without Electron gets the page and the command that downloads it, and downloads nothing', () => {
  expect(windowObstacle({ root, ...linux })).toBe(
    'No window opens: Electron is not downloaded (`npx install-electron` does it). The board is a page in your browser.',
  );
});

test('a build without the window says so first', async () => {
  await rm(join(root, 'out'), { recursive: true });
  expect(windowObstacle({ root, ...linux })).toBe('No window opens: this build has none. The board is a page in your browser.');
});

test('a download that was cut off counts as none', async () => {
  await writeFile(join(root, 'node_modules', 'electron', 'path.txt'), 'electron');
  expect(windowObstacle({ root, ...linux })).toContain('Electron is not downloaded');
});

test('a Linux machine without a display gets the page, others have one', async () => {
  await install();
  expect(windowObstacle({ root, ...linux, env: {} })).toBe(
    'No window opens: there is no display. The board is a page in a browser of this machine.',
  );
  expect(windowObstacle({ root, ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(null);
  expect(windowObstacle({ root, platform: 'darwin', env: {}, uid: 501 })).toBe(null);
  expect(electronProgram(root)).toBe(join(root, 'node_modules', 'electron', 'dist', 'electron'));
  expect(windowObstacle({ root, platform: 'win32', env: {}, uid: null })).toBe(null);
});

test('root on Linux gets the page, as the sandbox is never turned off', async () => {
  await install();
  expect(windowObstacle({ root, ...linux, uid: 0 })).toBe(
    'No window opens for root: its sandbox does not work there. Start Muster as an ordinary user, or use the board, a page in your browser.',
  );
});
