import type { Browser, CDPSession, Page } from '@playwright/test';

/** What a page does after it can be used (fonts, kept settings, the rest of its views) is no part of its idle time. */
const settleMs = 2_000;
const idleMs = 5_000;

/** Milliseconds since 1970 with fractions, the same in a page and here. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** What a page costs before anything happens on it. */
export interface PageCost {
  /** From the beginning of the navigation until a card stands there and two frames were drawn. */
  readonly usableMs: number;
  readonly nodes: number;
  readonly heapBytes: number;
  /** Of the page's main thread while nothing happens. */
  readonly idleCpuPercent: number;
}

/** Runs in the page: tells when a card could be used first, and when what is watched for is there. */
const marksScript = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  const when = (selector) =>
    new Promise((resolve) => {
      const look = () => {
        if (document.querySelector(selector) === null) return;
        observer.disconnect();
        resolve(now());
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
      look();
    });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const marks = {
    usable: when('[data-card]').then(frame).then(frame).then(() => performance.now()),
    seen: null,
    watch: (selector) => void (marks.seen = when(selector)),
  };
  globalThis.musterMarks = marks;
})()`;

/** A page of a fresh context, measured through the browser's own counters. */
export class MeasuredPage {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  static async open(browser: Browser): Promise<MeasuredPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript({ content: marksScript });
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    return new MeasuredPage(page, session);
  }

  /** Opens an address and measures it once nothing is left to do. */
  async cost(address: string): Promise<PageCost> {
    await this.page.goto(address);
    const usableMs = await this.page.evaluate<number>('musterMarks.usable');
    await this.page.waitForTimeout(settleMs);
    await this.#session.send('HeapProfiler.collectGarbage');
    const before = await this.#counters();
    const begun = nowMs();
    await this.page.waitForTimeout(idleMs);
    const tookS = (nowMs() - begun) / 1_000;
    const after = await this.#counters();
    const idleCpuPercent = ((after['TaskDuration'] ?? 0) - (before['TaskDuration'] ?? 0)) * (100 / tookS);
    return { usableMs, nodes: before['Nodes'] ?? 0, heapBytes: before['JSHeapUsedSize'] ?? 0, idleCpuPercent };
  }

  /** Begins to wait until `selector` is in the page; `seen` tells when it was. */
  async watch(selector: string): Promise<void> {
    await this.page.evaluate(`musterMarks.watch(${JSON.stringify(selector)})`);
  }

  /** When what is watched for was in the page, on the clock of `nowMs`. */
  seen(): Promise<number> {
    return this.page.evaluate<number>('musterMarks.seen');
  }

  async #counters(): Promise<Record<string, number>> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}
