import { expect, test as base } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { besideCard } from '../src/renderer/board/card-words.js';
import { en } from '../src/renderer/i18n/en.js';
import { columns } from '../src/shared/domain/board.js';
import { columnOfPlace, moveTable } from '../src/shared/domain/card-moves.js';
import type { Place } from '../src/shared/domain/card-moves.js';
import { needsOf, places, titles, words } from '../tests/fixtures/moves-ground.js';
import type { MoveAnswer, MoveCell } from '../tests/fixtures/moves-ground.js';
import { BoardOnPage } from './support/on-stage.js';
import { serveMoves } from './support/served-moves.js';
import type { ServedMoves } from './support/served-moves.js';

interface Fixtures {
  /** A page of the lead, before a host that is given one fresh copy after the other. */
  readonly lead: BoardOnPage;
}

const test = base.extend<Fixtures, { readonly served: ServedMoves }>({
  served: [
    async ({ browserName: _browser }, use) => {
      const served = await serveMoves();
      await use(served);
      await served.stop();
    },
    { scope: 'worker' },
  ],
  lead: async ({ page, served }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await served.ground.openCopy();
    await page.goto(await served.server.link('lead', 'Ann'));
    await use(new BoardOnPage(page));
    expect(complaints).toEqual([]);
  },
});

test.describe.configure({ timeout: 180_000 });

/** Opens a fresh copy under the page. */
async function freshCopy({ ground }: ServedMoves, { page }: BoardOnPage): Promise<void> {
  await ground.openCopy();
  await page.reload();
  await expect(page.locator('[data-card]')).toHaveCount(places.length);
}

/** Writes into a field of a dialog that has just opened. The driver sends words to whatever has the focus, which the dialog may only be about to take. */
async function write(field: Locator, text: string): Promise<void> {
  await expect(field).toBeFocused();
  await field.fill(text);
  await expect(field).toHaveValue(text);
}

/** Gives what the dialog of a move asks for, where it asks. */
async function giveWhatIsAsked(page: Page, { place, to }: MoveCell): Promise<void> {
  const cell = moveTable[place][to];
  const needs = needsOf({ place, to });
  if (cell === undefined || 'refused' in cell || needs === 'nothing') return;
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  if (needs === 'comment') await write(dialog.getByLabel(en.move.commentLabel), words);
  await dialog.getByRole('button', { name: cell.label, exact: true }).click();
}

/** What the page said to a drop, against what the contract answered to the same move. */
async function expectSaid(board: BoardOnPage, id: string, { place }: MoveCell, answer: MoveAnswer): Promise<void> {
  const refusal = board.card(id).locator('[data-refusal]');
  if (answer.id === 'accepted' || answer.id === 'same-column') await expect(refusal).toHaveCount(0);
  else await expect(refusal).toHaveText(besideCard(answer.sentence, { id, title: titles[place] }));
}

const goesThrough = ({ place, to }: MoveCell): boolean => {
  const cell = moveTable[place][to];
  return cell !== undefined && !('refused' in cell);
};

const isOwnColumn = ({ place, to }: MoveCell): boolean => columnOfPlace(place) === to;

/** What changes nothing comes first and shares a copy; a drop that says nothing comes before one whose reason stays on the card. */
const refusedFirst = (cells: readonly MoveCell[]): readonly MoveCell[] => [
  ...cells.filter(isOwnColumn),
  ...cells.filter((cell) => !isOwnColumn(cell) && !goesThrough(cell)),
  ...cells.filter(goesThrough),
];

/** Moves a card by the contract, then `byHand` in a copy of the same workspace, and compares what is said and what is left. */
async function expectSame(served: ServedMoves, board: BoardOnPage, cell: MoveCell, byHand: (id: string) => Promise<void>): Promise<void> {
  const { ground } = served;
  const id = ground.cardIn(cell.place);
  if (goesThrough(cell)) await ground.openCopy();
  const answer = await ground.move(cell);
  const left = await ground.left(cell.place);
  if (goesThrough(cell)) await freshCopy(served, board);
  await byHand(id);
  await giveWhatIsAsked(board.page, cell);
  await expectSaid(board, id, cell, answer);
  await expect.poll(() => ground.left(cell.place)).toEqual(left);
  const now = goesThrough(cell) ? cell.to : columnOfPlace(cell.place);
  await expect(board.column(en.columns[now]).locator(`[data-card="${id}"]`)).toBeVisible();
}

for (const place of places)
  test(`a card in ${place} is dragged to every column, and each drop is answered as the contract answers and leaves the same`, async ({
    served,
    lead,
  }) => {
    for (const cell of refusedFirst(columns.map((to) => ({ place, to }))))
      await test.step(`to ${cell.to}`, () => expectSame(served, lead, cell, (id) => lead.drag(id, en.columns[cell.to])));
  });

const byKeys: readonly MoveCell[] = [
  { place: 'done', to: 'approved' },
  { place: 'in_progress', to: 'done' },
  { place: 'in_progress', to: 'todo' },
  { place: 'approved', to: 'review' },
  { place: 'review_by_person', to: 'todo' },
];

/** Carries a card by the keyboard to a column. */
async function carry({ page }: BoardOnPage, from: Place, to: MoveCell['to']): Promise<void> {
  const steps = columns.indexOf(to) - columns.indexOf(columnOfPlace(from));
  await page.keyboard.press('d');
  await expect(page.locator('[id^="DndLiveRegion"]')).toContainText('It is here now');
  for (let step = 0; step < Math.abs(steps); step += 1) {
    await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
    const over = columns[columns.indexOf(columnOfPlace(from)) + (step + 1) * Math.sign(steps)] ?? to;
    await expect(page.locator('[id^="DndLiveRegion"]')).toContainText(`Over ${en.columns[over]}`);
  }
  await page.keyboard.press('Enter');
}

test('cards that the keyboard carries are answered in the same way', async ({ served, lead }) => {
  for (const cell of refusedFirst(byKeys))
    await test.step(`${cell.place} to ${cell.to}`, () =>
      expectSame(served, lead, cell, async (id) => {
        await lead.card(id).focus();
        await carry(lead, cell.place, cell.to);
      }));
});
