import { expect, test as base } from '@playwright/test';
import { DeskApp } from '../../tests/fakes/desk-app.js';
import type { Locator } from '@playwright/test';
import { BoardOnPage, webRoot } from './on-stage.js';
import { picturePath } from './picture-path.js';

interface OnDesk {
  readonly desk: DeskApp;
  readonly board: BoardOnPage;
  /** Opens the page at a fragment. */
  readonly open: (fragment: string) => Promise<void>;
}

/** A test with an app whose cards can be looked into; a line in the console that is an error or a warning fails it. */
export const test = base.extend<OnDesk>({
  desk: async ({ browserName: _browser }, use) => {
    const desk = new DeskApp(webRoot);
    await use(desk);
    await desk.stop();
  },
  board: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(new BoardOnPage(page));
    expect(complaints).toEqual([]);
  },
  open: async ({ page, desk, board: _board }, use) => {
    const address = await desk.start();
    await use(async (fragment) => {
      await page.goto(`${address}${fragment}`);
    });
  },
});

/** Keeps a picture of one part of the page among those that people look at. */
export async function pictureOf(part: Locator, name: string): Promise<void> {
  await part.screenshot({ path: picturePath(name), animations: 'disabled', scale: 'css' });
}

export { expect } from '@playwright/test';
