import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronProgram, windowObstacle } from '../../scripts/window-obstacle.mjs';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'window-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (path: string, text = ''): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};

const download = async (): Promise<void> => {
  await put('node_modules/electron/path.txt', 'electron');
  await put('node_modules/electron/dist/electron');
};

describe('why npm start opens no window', () => {
  it('is a build without one, a program that was not downloaded, or a missing display, in this order', async () => {
    const obstacle = (env: NodeJS.ProcessEnv = {}): string | null => windowObstacle({ root, platform: 'linux', env });
    expect(obstacle()).toBe('No window opens: this build has none. The board is a page in your browser.');
    await put('out/electron/main.js');
    expect(obstacle()).toBe(
      'No window opens: Electron is not downloaded (`npx install-electron` does it). The board is a page in your browser.',
    );
    await download();
    expect(obstacle()).toBe('No window opens: there is no display. The board is a page in a browser of this machine.');
    expect(obstacle({ DISPLAY: ':0' })).toBeNull();
    expect(obstacle({ WAYLAND_DISPLAY: 'wayland-0' })).toBeNull();
  });

  it('is never a missing display where the system needs none', async () => {
    await put('out/electron/main.js');
    await download();
    expect(windowObstacle({ root, platform: 'darwin', env: {} })).toBeNull();
    expect(electronProgram(root)).toBe(join(root, 'node_modules', 'electron', 'dist', 'electron'));
  });
});
