import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { _electron, expect, test as base } from '@playwright/test';
import { electronProgram, windowObstacle } from '../scripts/window-obstacle.mjs';
import { picturePath } from './support/picture-path.js';

const checkout = path.resolve(import.meta.dirname, '..');
const obstacle = windowObstacle({ root: checkout });

const MINUTE = 60_000;

interface Fixtures {
  readonly app: ElectronApplication;
}

/** The built window program in the real Electron, with a state folder of its own. */
const test = base.extend<Fixtures>({
  app: async ({ browserName: _browser }, use) => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'muster-window-'));
    const app = await _electron.launch({
      executablePath: electronProgram(checkout) ?? '',
      args: [path.join(checkout, 'out', 'electron', 'main.js')],
      env: { ...process.env, MUSTER_STATE_HOME: path.join(home, 'state'), MUSTER_REHEARSAL_SPEED: '0' } as Record<string, string>,
    });
    await use(app);
    await app.close();
    await rm(home, { recursive: true, force: true });
  },
});

test.describe(obstacle === null ? 'the window' : `the window (skipped: ${obstacle})`, () => {
  test.skip(obstacle !== null, obstacle ?? '');
  test.setTimeout(5 * MINUTE);

  test('runs the sample sprint from its page, without a complaint', async ({ app }) => {
    const page = await app.firstWindow();
    const complaints: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    expect(page.url()).toMatch(/^muster:\/\/app\//);
    await page.getByRole('button', { name: 'Run the sample sprint' }).click();
    await expect(page.locator('[data-card]')).toHaveCount(7, { timeout: 4 * MINUTE });
    await expect(page.getByRole('contentinfo', { name: 'Health, spend and running turns' })).toContainText('live');
    await page.screenshot({ path: picturePath('window') });
    expect(complaints).toEqual([]);
  });

  test('does what its menu says', async ({ app }) => {
    const page = await app.firstWindow();
    await expect(page.getByRole('button', { name: 'Run the sample sprint' })).toBeVisible();
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('keys')?.click());
    await expect(page.getByRole('dialog')).toBeVisible();
  });

  test('keeps its page without Node, and stays where it is', async ({ app }) => {
    const page = await app.firstWindow();
    expect(await page.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in globalThis))).toEqual([]);
    await page.evaluate("location.href = 'https://example.invalid/'").catch(() => undefined);
    expect(page.url()).toMatch(/^muster:\/\/app\//);
  });
});
