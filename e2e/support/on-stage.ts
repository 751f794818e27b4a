import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { StageApp } from '../../tests/fakes/stage-app.js';
import { picturePath } from './picture-path.js';

/** The page that the tests look at: the built one, or the one that `MUSTER_WEB_ROOT` names. */
export const webRoot = process.env['MUSTER_WEB_ROOT'] ?? path.resolve(import.meta.dirname, '..', '..', 'out', 'web');

/** The board as a person finds their way on it. */
export class BoardOnPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  card(id: string): Locator {
    return this.page.locator(`[data-card="${id}"]`);
  }

  column(name: string): Locator {
    return this.page.getByRole('region', { name: new RegExp(`^${name},`) });
  }

  /** Takes a card by the pointer and holds it over a column. */
  async hold(id: string, column: string): Promise<void> {
    const from = await this.card(id).boundingBox();
    const to = await this.column(column).boundingBox();
    if (from === null || to === null) throw new Error(`${id} or ${column} is not in sight.`);
    await this.page.mouse.move(from.x + 40, from.y + 24);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + 60, from.y + 40, { steps: 4 });
    await this.page.mouse.move(to.x + to.width / 2, to.y + to.height - 60, { steps: 10 });
  }

  async drag(id: string, column: string): Promise<void> {
    await this.hold(id, column);
    await this.page.mouse.up();
  }

  /** What axe finds that is serious or worse, as sentences. */
  async seriousFindings(): Promise<readonly string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
  }

  /** Keeps a picture among those that people look at. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({
      path: picturePath(name),
      animations: 'disabled',
      scale: 'css',
    });
  }
}

interface OnStage {
  readonly stage: StageApp;
  readonly board: BoardOnPage;
}

/** A test with a board on the stage; a line in the console that is an error or a warning fails it. */
export const test = base.extend<OnStage>({
  stage: async ({ browserName: _browser }, use) => {
    const stage = new StageApp(webRoot);
    await use(stage);
    await stage.stop();
  },
  board: async ({ page, stage }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(await stage.start());
    await expect(page.locator('[data-card]').first()).toBeVisible();
    await use(new BoardOnPage(page));
    expect(complaints).toEqual([]);
  },
});

export { expect } from '@playwright/test';
