import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { BoardOnPage } from './support/on-stage.js';
import { serveMoves } from './support/served-moves.js';
import type { ServedMoves } from './support/served-moves.js';

const test = base.extend<object, { readonly served: ServedMoves }>({
  served: [
    async ({ browserName: _browser }, use) => {
      const served = await serveMoves();
      await use(served);
      await served.stop();
    },
    { scope: 'worker' },
  ],
});

const notValid = 'This link is not valid: a link is good for one use within ten minutes. Get a fresh one with `muster link`.';

test('a link that was used, and a code that was made up, end at a page that says why and shows nothing', async ({
  served,
  browser,
  page,
}) => {
  const link = await served.server.link('lead', 'Ann');
  const first = await (await browser.newContext()).newPage();
  await first.goto(link);
  await expect(first.locator('[data-card]').first()).toBeVisible();
  for (const address of [link, link.replace(/#code=.*/, '#code=AAAAAAAAAAAAAAAAAAAAAA')]) {
    await page.goto('about:blank');
    await page.goto(address);
    await expect(page.getByText('This page may not come in')).toBeVisible();
    await expect(page.getByRole('main')).toContainText(notValid);
    await expect(page.locator('[data-card]')).toHaveCount(0);
    expect(page.url()).not.toContain('code=');
  }
  await page.goto(link.replace(/#.*/, ''));
  await expect(page.getByRole('main')).toContainText('This page has no session.');
  await new BoardOnPage(page).picture('access-refused');
  await first.reload();
  await expect(first.locator('[data-card]').first()).toBeVisible();
});

test('a viewer sees the board and its cards, is offered no verdict, and is told why one is refused', async ({ served, page }) => {
  const board = new BoardOnPage(page);
  const { ground, server } = served;
  const done = ground.cardIn('done');
  await page.goto(await server.link('viewer', 'Vera'));
  await board.card(done).click();
  const panel = page.locator('aside');
  await expect(panel.getByRole('tab', { name: 'Receipt' })).toBeVisible();
  for (const name of ['Approve', 'Request changes', 'Ask for review']) await expect(panel.getByRole('button', { name })).toHaveCount(0);
  for (const name of ['Stop sprint', 'New request', 'New backlog item']) await expect(page.getByRole('button', { name })).toHaveCount(0);
  await board.picture('access-viewer');
  await page.keyboard.press('Escape');
  const before = await ground.left('done');
  await board.drag(done, 'APPROVED');
  await expect(board.card(done)).toContainText('A viewer may not do this');
  await expect(board.column('DONE').locator(`[data-card="${done}"]`)).toBeVisible();
  expect(await ground.left('done')).toEqual(before);
});

test('a page of another site in the same browser gets nowhere, with the cookie of an open board as well', async ({ served, browser }) => {
  const site = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Other</title>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const context = await browser.newContext();
  const board = await context.newPage();
  await board.goto(await served.server.link('lead', 'Ann'));
  await expect(board.locator('[data-card]').first()).toBeVisible();
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  const before = await served.ground.left('done');
  const answers = await other.evaluate(async (port) => {
    const base = `127.0.0.1:${port}`;
    const socket = await new Promise((resolve) => {
      const opened = new WebSocket(`ws://${base}/socket`);
      opened.onopen = () => resolve('opened');
      opened.onerror = () => resolve('refused');
    });
    const body = new Blob(['{"json":{}}'], { type: 'text/plain' });
    const asked = await fetch(`http://${base}/rpc/stopAll`, { method: 'POST', credentials: 'include', body }).then(
      () => 'answered',
      () => 'refused',
    );
    return { socket, asked };
  }, served.server.port);
  expect(answers).toEqual({ socket: 'refused', asked: 'refused' });
  expect(await served.ground.left('done')).toEqual(before);
  expect((await served.ground.client.status({})).halt).toBeNull();
  await context.close();
  await new Promise((resolve) => site.close(resolve));
});
