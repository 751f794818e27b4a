import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import { BoardOnPage } from './support/on-stage.js';
import { ServedApp } from './support/served-app.js';

const MINUTE = 60_000;
const cards = 7;

/** The card whose second revision the rehearsal knows, and what is asked of it. */
const sentBack = 'Keep the sign of compound durations';
const comment = 'A plus sign in front is the same thing the other way round: read it as well, and test both.';

const test = base.extend<{ readonly app: ServedApp }>({
  app: async ({ browserName: _browser }, use) => {
    const app = await ServedApp.make();
    await use(app);
    await app.stop();
  },
});

/** What the console of a page complains about; that nobody answers while nobody is there, or who did is killed, is Chromium's own line and no complaint. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isOutage = /ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)|WebSocket connection .* failed/.test(
      message.text(),
    );
    if (['error', 'warning'].includes(message.type()) && !isOutage) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/** A board as one person has it before them. */
class Window extends BoardOnPage {
  readonly complaints: readonly string[];

  constructor(page: Page) {
    super(page);
    this.complaints = complaintsOf(page);
  }

  static async open(browser: Browser, address: string): Promise<Window> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const window = new Window(await context.newPage());
    await window.page.goto(address);
    return window;
  }

  /** Cards of a column, by its name. */
  cards(column: string) {
    return this.column(column).locator('[data-card]');
  }

  titled(title: string) {
    return this.page.locator('[data-card]').filter({ has: this.page.getByRole('heading', { name: title, exact: true }) });
  }

  async idOf(title: string): Promise<string> {
    return (await this.titled(title).getAttribute('data-card')) ?? '';
  }

  /** How many cards a column says it has. */
  async count(column: string): Promise<number> {
    const label = await this.column(column).getAttribute('aria-label');
    return Number(/, (\d+) cards?$/.exec(label ?? '')?.[1] ?? '-1');
  }
}

test.describe('the sample sprint', () => {
  test.setTimeout(12 * MINUTE);

  test('goes from the page to APPROVED, with a refused drag, changes, a second window, a reload and a runtime that was killed', async ({
    app,
    page,
    browser,
  }) => {
    const first = new Window(page);
    const { complaints } = first;
    await page.goto(await app.start());
    await expect(page).toHaveURL(/#\/board$/);

    await test.step('one button of the first page starts it, and its cards appear', async () => {
      await page.getByRole('button', { name: 'Run the sample sprint' }).click();
      await expect(first.cards('TODO').first()).toBeVisible({ timeout: 4 * MINUTE });
      expect(complaints).toEqual([]);
    });

    const second = await Window.open(browser, await app.link('reviewer', 'Beth'));
    await expect(second.page.locator('[data-card]').first()).toBeVisible();

    await test.step('a drag that the rules refuse moves nothing and says why', async () => {
      const waiting = (await first.cards('TODO').last().getAttribute('data-card')) ?? '';
      await first.drag(waiting, 'APPROVED');
      await expect(first.card(waiting)).toContainText('There is nothing to review on this card');
      await first.picture('sample-refused');
    });

    await test.step('cards move by themselves, in both windows', async () => {
      await expect(first.cards('IN PROGRESS').or(first.cards('REVIEW')).first()).toBeVisible({ timeout: MINUTE });
      await first.picture('sample-running');
      await expect(first.column('DONE').locator('[data-card]').first()).toBeVisible({ timeout: 4 * MINUTE });
      await expect(second.cards('DONE').first()).toBeVisible();
    });

    const id = await first.idOf(sentBack);
    await test.step('a card that is DONE shows its diff and its receipt, and is sent back with words', async () => {
      await expect(first.column('DONE').locator(`[data-card="${id}"]`)).toBeVisible({ timeout: 2 * MINUTE });
      await first.card(id).click();
      await page.getByRole('tab', { name: 'Diff' }).click();
      await expect(page.getByRole('tabpanel', { name: 'Diff' })).toContainText('src/');
      await first.picture('sample-diff');
      await page.getByRole('tab', { name: 'Receipt' }).click();
      await expect(page.getByRole('tabpanel', { name: 'Receipt' })).toContainText('Verified');
      await page.getByRole('button', { name: 'Request changes' }).click();
      await page.getByLabel('What should change in revision 1').fill(comment);
      await page.getByRole('button', { name: 'Request changes' }).click();
      await expect(first.card(id)).toContainText('revision 2', { timeout: MINUTE });
      await expect(second.card(id)).toContainText('revision 2');
    });

    await test.step('a reload in the middle keeps the open card and what is chosen of it', async () => {
      await page.reload();
      await expect(page).toHaveURL(new RegExp(`#/board/${id}/receipt$`));
      await expect(page.getByRole('tab', { name: 'Receipt' })).toHaveAttribute('aria-selected', 'true');
      await expect(first.card(id)).toHaveAttribute('aria-current', 'true');
    });

    await test.step('a runtime that is killed and started again goes on, and both windows find it by themselves', async () => {
      await app.kill();
      await expect(page.getByRole('contentinfo', { name: 'Health, spend and running turns' })).toContainText('reconnecting');
      await first.picture('sample-reconnecting');
      await app.start();
      for (const window of [first, second])
        await expect(window.page.getByRole('contentinfo', { name: 'Health, spend and running turns' })).toContainText('live', {
          timeout: MINUTE,
        });
      await expect(first.card(id)).toContainText('revision 2');
    });

    await test.step('the card comes back with what was asked for, and an approval in one window shows in the other', async () => {
      await expect(first.column('DONE').locator(`[data-card="${id}"]`)).toBeVisible({ timeout: 4 * MINUTE });
      await page.getByRole('tab', { name: 'History' }).click();
      await expect(page.getByRole('tabpanel', { name: 'History' })).toContainText(comment);
      await page.getByRole('button', { name: 'Approve' }).click();
      await expect(first.column('APPROVED').locator(`[data-card="${id}"]`)).toBeVisible();
      await expect(second.column('APPROVED').locator(`[data-card="${id}"]`)).toBeVisible();
    });

    await test.step('in the end every card is approved, in both windows', async () => {
      for (const window of [first, second, first, second, first, second]) {
        const done = window.cards('DONE').first();
        await expect(done).toBeVisible({ timeout: 4 * MINUTE });
        const landed = (await done.getAttribute('data-card')) ?? '';
        await window.card(landed).focus();
        await window.page.keyboard.press('a');
        for (const each of [first, second]) await expect(each.column('APPROVED').locator(`[data-card="${landed}"]`)).toBeVisible();
      }
      for (const window of [first, second]) await expect.poll(() => window.count('APPROVED'), { timeout: MINUTE }).toBe(cards);
      await expect(first.column('APPROVED').locator('[data-card]')).toHaveCount(cards);
      await page.keyboard.press('Escape');
      await first.picture('sample-approved');
      await second.picture('sample-approved-dark');
    });
    expect(complaints).toEqual([]);
    expect(second.complaints).toEqual([]);
  });
});
