import { expect, test as base } from '@playwright/test';
import { BoardOnPage } from './support/on-stage.js';
import { ServedApp } from './support/served-app.js';

const MINUTE = 60_000;

const test = base.extend<{ readonly app: ServedApp }>({
  app: async ({ browserName: _browser }, use) => {
    const app = await ServedApp.make();
    await use(app);
    await app.stop();
  },
});

test.describe('the sample sprint', () => {
  test.setTimeout(10 * MINUTE);

  test('runs from the page to an approved card, through a refused drag, a reload and a runtime that was killed', async ({ app, page }) => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const board = new BoardOnPage(page);

    const address = await app.start();
    await page.goto(address);
    await expect(page).toHaveURL(/#\/board$/);
    await page.getByRole('button', { name: 'Run the sample sprint' }).click();
    const todo = board.column('TODO').locator('[data-card]');
    await expect(todo.first()).toBeVisible({ timeout: 4 * MINUTE });

    const waiting = (await todo.last().getAttribute('data-card')) ?? '';
    await board.drag(waiting, 'APPROVED');
    await expect(board.card(waiting)).toContainText('There is nothing to review on this card');
    expect(complaints).toEqual([]);

    const done = board.column('DONE').locator('[data-card]').first();
    await expect(done).toBeVisible({ timeout: 4 * MINUTE });
    const landed = (await done.getAttribute('data-card')) ?? '';
    await page.reload();
    await board.card(landed).focus();
    await page.keyboard.press('a');
    await expect(board.column('APPROVED').locator(`[data-card="${landed}"]`)).toBeVisible();
    expect(complaints).toEqual([]);

    await app.kill();
    await expect(page.getByRole('contentinfo')).toContainText('reconnecting');
    await app.start();
    await expect(page.getByRole('contentinfo')).toContainText('live', { timeout: MINUTE });
    await expect(board.column('APPROVED').locator(`[data-card="${landed}"]`)).toBeVisible();
  });

  test('is not shown to a page whose link was used before', async ({ app, browser }) => {
    const address = await app.start();
    const first = await browser.newPage();
    await first.goto(address);
    await expect(first.getByRole('button', { name: 'Run the sample sprint' })).toBeVisible();
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(address);
    await expect(stranger.getByText('This page may not come in')).toBeVisible();
  });
});
