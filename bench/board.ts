import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { findBrowser } from '../e2e/support/find-browser.js';
import { MeasuredPage, nowMs } from './support/measured-page.js';
import type { PageCost } from './support/measured-page.js';
import { serveStagedBoard } from './support/staged-board.js';
import type { StagedBoard } from './support/staged-board.js';

const sizes = [100, 1_000] as const;
const changes = 60;
const rounded = (value: number): number => Math.round(value * 100) / 100;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Latency {
  readonly sentToDomMs: number;
  readonly acceptedToDomMs: number;
}

/** A DONE card goes to REVIEW and back, many times: from the command, and from its acceptance, until it stands in its new column. */
async function changeLatency({ client }: StagedBoard, measured: MeasuredPage): Promise<Latency> {
  const board = await client.board({});
  const card = board.columns.find(({ id }) => id === 'done')?.cards[0];
  if (!card) throw new Error('The staged board has no card in DONE.');
  const sent: number[] = [];
  const accepted: number[] = [];
  for (let nth = 0; nth < changes; nth += 1) {
    const to = nth % 2 === 0 ? 'review' : 'done';
    await measured.watch(`section[aria-label^="${to.toUpperCase()},"] [data-card="${card.id}"]`);
    const sentAt = nowMs();
    await client.cards.move({ todoId: card.id, revision: card.revision, to, comment: '', isConfirmed: false });
    const acceptedAt = nowMs();
    const seenAt = await measured.seen();
    sent.push(seenAt - sentAt);
    accepted.push(seenAt - acceptedAt);
  }
  return { sentToDomMs: median(sent), acceptedToDomMs: median(accepted) };
}

/** The limit of it: a text that goes into an empty page by the browser's own socket. */
async function emptyLatency(measured: MeasuredPage): Promise<number> {
  const times: number[] = [];
  for (let nth = 1; nth <= changes; nth += 1) {
    await measured.watch(`[data-card="${nth}"]`);
    const sentAt = nowMs();
    await measured.page.evaluate(`document.querySelector('p').setAttribute('data-card', '${nth}')`);
    times.push((await measured.seen()) - sentAt);
  }
  return median(times);
}

const costFigures = ({ usableMs, nodes, heapBytes, idleCpuPercent }: PageCost) => ({
  usableMs: rounded(usableMs),
  nodes,
  heapMib: rounded(heapBytes / 2 ** 20),
  idleCpuPercent: rounded(idleCpuPercent),
});

/** The least that the browser's counter tells apart over the time that it is watched. */
const leastCpuPercent = 0.01;

async function measure(browser: Browser, cards: number): Promise<Record<string, unknown>> {
  const staged = await serveStagedBoard(cards);
  try {
    const empty = await MeasuredPage.open(browser);
    const emptyCost = await empty.cost(staged.emptyPage);
    const messageToDomMs = await emptyLatency(empty);
    await empty.page.context().close();
    const page = await MeasuredPage.open(browser);
    const cost = await page.cost(await staged.link());
    const cardsInDom = await page.page.locator('[data-card]').count();
    const latency = await changeLatency(staged, page);
    await page.page.context().close();
    return {
      board: {
        ...costFigures(cost),
        cardsInDom,
        sentToDomMs: rounded(latency.sentToDomMs),
        acceptedToDomMs: rounded(latency.acceptedToDomMs),
      },
      emptyPage: { ...costFigures(emptyCost), messageToDomMs: rounded(messageToDomMs) },
      ratios: {
        usable: rounded(cost.usableMs / emptyCost.usableMs),
        nodes: rounded(cost.nodes / emptyCost.nodes),
        heap: rounded(cost.heapBytes / emptyCost.heapBytes),
        changeToDom: rounded(latency.acceptedToDomMs / messageToDomMs),
        idleCpu: rounded(cost.idleCpuPercent / Math.max(emptyCost.idleCpuPercent, leastCpuPercent)),
      },
    };
  } finally {
    await staged.close();
  }
}

/** The board of 100 and of 1,000 cards in a real browser, beside an empty page of the same server. */
export async function benchBoard(): Promise<Record<string, unknown>> {
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const figures: Record<string, unknown> = {};
    for (const cards of sizes) figures[`cards${cards}`] = await measure(browser, cards);
    return { changes, ...figures };
  } finally {
    await browser.close();
  }
}
