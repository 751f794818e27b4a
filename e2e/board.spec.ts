import { expect, test } from './support/on-stage.js';
import { stageActivity, stageCard } from '../tests/fakes/stage-cards.js';
import { stageTurns } from '../tests/fakes/stage-app.js';

test.describe('a card', () => {
  test('that is dropped where it may be goes there, and the move can be taken back', async ({ board, stage, page }) => {
    await board.hold('todo-139', 'APPROVED');
    await expect(board.column('APPROVED').locator('[data-drop="allowed"]')).toHaveText('Approve');
    await page.mouse.up();
    await expect(board.column('APPROVED').locator('[data-card="todo-139"]')).toBeVisible();
    expect(stage.given).toMatchObject([{ method: 'cards.move', input: { todoId: 'todo-139', revision: 1, to: 'approved', comment: '' } }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(board.column('DONE').locator('[data-card="todo-139"]')).toBeVisible();
  });

  test('that is dropped where it may not be goes back and says why beside it', async ({ board, stage }) => {
    await board.hold('todo-142', 'DONE');
    const why = 'This card has no receipt, so it cannot be DONE: only a closeout that was verified puts it there.';
    await expect(board.column('DONE').locator('[data-drop="refused"]')).toHaveText(why);
    await board.picture('board-drag-refused');
    await board.page.mouse.up();
    await expect(board.column('IN PROGRESS').locator('[data-card="todo-142"]')).toContainText(why);
    await expect(board.page.getByRole('status').filter({ hasText: why })).toBeAttached();
    expect(stage.given).toEqual([]);
  });

  test('is carried by the keyboard alone, and a screen reader hears what each column would mean', async ({ board, stage, page }) => {
    await board.card('todo-138').focus();
    await page.keyboard.press('d');
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('Over DONE: It is here now');
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('Over APPROVED: Approve');
    await page.keyboard.press('Enter');
    await expect(board.column('APPROVED').locator('[data-card="todo-138"]')).toBeVisible();
    expect(stage.given).toHaveLength(1);
  });

  test('that is carried by the keyboard stays where it was after Escape', async ({ board, stage, page }) => {
    await board.card('todo-138').focus();
    await page.keyboard.press('d');
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('Over DONE: It is here now');
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('Over APPROVED: Approve');
    await page.keyboard.press('Escape');
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('“Wrong password keeps the typed e-mail” went back to its place.');
    await expect(board.column('DONE').locator('[data-card="todo-138"]')).toBeVisible();
    expect(stage.given).toEqual([]);
  });

  test('is carried as far as the keys say, however fast they follow each other', async ({ board, page }) => {
    const card = board.card('todo-138');
    await card.focus();
    await card.evaluate((element) => {
      const press = (code: string, key: string): boolean =>
        element.dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true }));
      press('KeyD', 'd');
      press('ArrowRight', 'ArrowRight');
    });
    await expect(page.locator('[id^="DndLiveRegion"]')).toHaveText('Over APPROVED: Approve');
  });

  test('moves by M and the number of a column; a refused one says why and moves nothing', async ({ board, stage, page }) => {
    await board.card('todo-138').focus();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: 'Move Wrong password keeps the typed e-mail' });
    await expect(dialog).toContainText('Request changes and start');
    await page.keyboard.press('5');
    await expect(board.column('APPROVED').locator('[data-card="todo-138"]')).toBeVisible();
    await board.card('todo-147').focus();
    await page.keyboard.press('m');
    await page.keyboard.press('4');
    await expect(page.getByRole('dialog')).toBeVisible();
    await board.picture('move-by-key');
    await page.keyboard.press('Escape');
    await expect(board.card('todo-147')).toBeFocused();
    expect(stage.given).toHaveLength(1);
  });

  test('is sent back only with words about what should change', async ({ board, stage, page }) => {
    await board.card('todo-138').focus();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Request changes' });
    await dialog.getByRole('button', { name: 'Request changes' }).click();
    await expect(dialog.getByRole('alert')).toHaveText('Say what should change; the developer gets your words.');
    await dialog.getByLabel('What should change').fill('Keep the caret where it was.');
    await board.picture('request-changes');
    await page.keyboard.press('Control+Enter');
    await expect(board.column('TODO').locator('[data-card="todo-138"]')).toBeVisible();
    expect(stage.given).toMatchObject([{ input: { to: 'todo', comment: 'Keep the caret where it was.' } }]);
  });

  test('whose work would be stopped asks first', async ({ board, stage, page }) => {
    await board.drag('todo-142', 'TODO');
    const dialog = page.getByRole('dialog', { name: 'Stop the work on this card and queue it again?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(stage.given).toEqual([]);
    await board.drag('todo-142', 'TODO');
    await dialog.getByRole('button', { name: 'Stop and queue again' }).click();
    await expect(board.column('TODO').locator('[data-card="todo-142"]')).toBeVisible();
    expect(stage.given).toMatchObject([{ input: { to: 'todo', isConfirmed: true } }]);
  });

  test('has its moves in its menu, with the reasons of those that are refused', async ({ board, page }) => {
    await board.card('todo-148').hover();
    await page.getByRole('button', { name: 'Actions of Remember-me survives a browser restart' }).click();
    await expect(page.getByRole('menuitem', { name: /IN PROGRESS: Start/ })).toBeEnabled();
    const refused = page.getByRole('menuitem', { name: /^APPROVED/ });
    await expect(refused).toBeDisabled();
    await expect(refused).toContainText('There is nothing to review on this card: it waits in TODO.');
  });

  test('changes its place in the column by a drop on another card', async ({ board, stage, page }) => {
    const from = await board.card('todo-148').boundingBox();
    const to = await board.card('todo-147').boundingBox();
    await page.mouse.move(from!.x + 60, from!.y + 30);
    await page.mouse.down();
    await page.mouse.move(from!.x + 60, from!.y + 10, { steps: 4 });
    await page.mouse.move(to!.x + 60, to!.y + 20, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => stage.given).toMatchObject([{ method: 'todos.reorder', input: { todoId: 'todo-148', order: -1 } }]);
  });
});

test.describe('the board', () => {
  test('shows what happens while it happens', async ({ board, stage }) => {
    stage.change([stageCard('todo-141', 'done', 'Sign-up and sign-in share one form component')]);
    await expect(board.column('DONE').locator('[data-card="todo-141"]')).toBeVisible();
    await expect(board.column('DONE').getByRole('heading', { level: 2 })).toHaveText('DONE3');
    stage.change([], { turns: stageTurns() });
    stage.push(stageActivity('todo-142', 'npm test -- login · 38 passed'));
    await expect(board.card('todo-142')).toContainText('npm test -- login · 38 passed');
  });

  test('comes back by itself after the runtime went away', async ({ board, stage, page }) => {
    stage.cut();
    stage.change([stageCard('todo-141', 'done', 'Sign-up and sign-in share one form component')]);
    await expect(page.getByRole('contentinfo')).toContainText('live');
    await expect(board.column('DONE').locator('[data-card="todo-141"]')).toBeVisible();
  });

  test('keeps the open card, the filters and the density over a reload', async ({ board, page }) => {
    await page.getByRole('button', { name: 'Compact' }).click();
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Needs you' }).click();
    await page.keyboard.press('Escape');
    await board.card('todo-144').click();
    await page.reload();
    await expect(board.card('todo-144')).toHaveAttribute('aria-current', 'true');
    await expect(page.getByRole('button', { name: 'Compact' })).toHaveAttribute('aria-pressed', 'true');
    await expect(board.card('todo-142')).toHaveCount(0);
    await expect(page).toHaveURL(/#\/board\/todo-144$/);
  });

  test('is shown in the theme that its reader chose, whatever the system says', async ({ board, page }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('dark');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.reload();
    await expect(board.card('todo-142')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });

  test('goes from card to card by keys, and selects several for one verdict', async ({ board, stage, page }) => {
    await page.keyboard.press('j');
    await page.keyboard.press('l');
    await expect(board.card('todo-142')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(board.card('todo-137')).toBeFocused();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByRole('toolbar', { name: '2 cards selected' })).toBeVisible();
    await board.picture('selection');
    await page.keyboard.press('a');
    await expect(board.column('APPROVED').locator('[data-card="todo-137"]')).toBeVisible();
    await expect(board.column('APPROVED').locator('[data-card="todo-138"]')).toBeVisible();
    await expect(page.getByRole('toolbar', { name: /selected/ })).toHaveCount(0);
    expect(stage.cards.get('todo-138')?.column).toBe('approved');
  });

  test('takes no key for a command while its reader writes', async ({ board, page, stage }) => {
    await expect(board.card('todo-142')).toBeVisible();
    await page.getByRole('textbox', { name: 'Search cards' }).fill('am');
    await page.keyboard.press('a');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(stage.given).toEqual([]);
  });

  test('asks before everything is stopped, and says that it is', async ({ board, stage, page }) => {
    await page.getByRole('button', { name: 'More sprint actions' }).click();
    await page.getByRole('menuitem', { name: 'Stop everything…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop everything?' });
    await dialog.getByRole('button', { name: 'Keep running' }).click();
    expect(stage.given).toEqual([]);
    stage.halt = { reason: 'Ana stopped everything.', at: new Date().toISOString() };
    stage.change([]);
    await expect(page.getByText('Ana stopped everything.')).toBeVisible();
    await board.picture('board-halted');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await expect.poll(() => stage.given.map(({ method }) => method)).toEqual(['sprint.resume']);
  });

  test('takes a new request by key', async ({ board, stage, page }) => {
    await expect(board.card('todo-142')).toBeVisible();
    await page.keyboard.press('c');
    await page.getByLabel('What do you need?').fill('Let people change their e-mail address.');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(stage.given).toMatchObject([{ method: 'requests.submit', input: { text: 'Let people change their e-mail address.' } }]);
  });
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious on the board, in a dialog, in a menu and in the queue of what needs a person', async ({
      board,
      page,
      stage,
    }) => {
      test.slow();
      stage.problems = [
        { id: 'p1', path: 'shared_workspace/backlog/item.json', reason: 'It is not valid JSON.', at: new Date().toISOString() },
      ];
      stage.change([], { turns: stageTurns(), problems: stage.problems });
      stage.push(stageActivity('todo-142', 'npm test -- login · 38 passed'));
      stage.push(stageActivity('todo-141', 'reading src/forms/auth-form.tsx'));
      await expect(board.card('todo-142')).toContainText('38 passed');
      await board.picture(`board-${colorScheme}`);
      expect(await board.seriousFindings()).toEqual([]);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await board.picture(`keys-${colorScheme}`);
      expect(await board.seriousFindings()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox')).toBeFocused();
      await board.picture(`palette-${colorScheme}`);
      expect(await board.seriousFindings()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Needs you' }).click();
      await expect(page.getByRole('heading', { name: 'Needs you' })).toBeVisible();
      await board.picture(`needs-you-${colorScheme}`);
      expect(await board.seriousFindings()).toEqual([]);
    });
  });
