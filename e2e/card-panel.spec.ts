import { expect, pictureOf, test } from './support/on-desk.js';
import { stageTurns } from '../tests/fakes/stage-app.js';
import { stageCard } from '../tests/fakes/stage-cards.js';

test.describe('the panel of a card', () => {
  test('opens beside the board from an address, names its part there, and is there again after a reload', async ({ board, open, page }) => {
    await open('#/board/todo-139/diff');
    const panel = page.getByRole('complementary', { name: 'todo-139' });
    await expect(panel.getByRole('tab', { name: 'Diff' })).toHaveAttribute('aria-selected', 'true');
    await panel.getByRole('tab', { name: 'Receipt' }).click();
    await expect(page).toHaveURL(/#\/board\/todo-139\/receipt$/);
    await page.reload();
    await expect(panel.getByRole('tab', { name: 'Receipt' })).toHaveAttribute('aria-selected', 'true');
    await expect(board.card('todo-138')).toBeVisible();
  });

  test('says who acts next, what it is for, and what the roles claim', async ({ open, page }) => {
    await open('#/board/todo-139');
    const panel = page.getByRole('complementary');
    await expect(panel.getByText('Waits for you: review')).toBeVisible();
    await expect(panel.getByText('The minutes are rounded up')).toBeVisible();
    await expect(panel.getByRole('link', { name: /Wrong password keeps/ })).toHaveAttribute('href', '#/board/todo-138');
    await expect(panel.getByText('Claims of the agents.')).toBeVisible();
    await pictureOf(page.getByRole('complementary'), 'panel-overview');
  });

  test('goes to the next card and back, and to the board with Escape', async ({ open, page }) => {
    await open('#/board/todo-138');
    await page.getByRole('button', { name: 'Next card' }).click();
    await expect(page.getByRole('heading', { name: 'Login page loads without the cart bundle' })).toBeVisible();
    await page.getByRole('button', { name: 'Previous card' }).click();
    await expect(page.getByRole('heading', { name: 'Wrong password keeps the typed e-mail' }).last()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('complementary')).toHaveCount(0);
  });

  test('approves the revision that was seen, and shows what became of it without a reload', async ({ desk, open, page }) => {
    await open('#/board/todo-139');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByRole('complementary').getByText('Approved', { exact: true })).toBeVisible();
    expect(desk.given).toMatchObject([{ method: 'review.approve', input: { todoId: 'todo-139', revision: 1 } }]);
    await expect(page.getByRole('button', { name: 'Take back' })).toBeVisible();
  });

  test('says what a revert of landed work does, and asks for the reason before it is given', async ({ desk, open, page }) => {
    await open('#/board/todo-138');
    const footer = page.getByRole('group', { name: 'What you can do' });
    await footer.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Revert' }).click();
    await expect(footer.getByText('Muster makes a commit on the target that undoes this one')).toBeVisible();
    await footer.getByRole('button', { name: 'Revert' }).click();
    await expect(footer.getByText('Say why it is reverted; the words stay with the card.')).toBeVisible();
    expect(desk.given).toEqual([]);
    await footer.getByRole('textbox').fill('It broke the import.');
    await pictureOf(page.getByRole('complementary'), 'panel-revert');
    await footer.getByRole('button', { name: 'Revert' }).click();
    await expect
      .poll(() => desk.given)
      .toMatchObject([{ method: 'review.revert', input: { todoId: 'todo-138', revision: 1, comment: 'It broke the import.' } }]);
  });

  test('says beside its buttons why something was refused', async ({ desk, open, page }) => {
    desk.refusal = 'Ana built this revision; somebody else has to approve it.';
    await open('#/board/todo-139');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByRole('group', { name: 'What you can do' }).getByRole('alert')).toContainText(desk.refusal);
    await pictureOf(page.getByRole('complementary'), 'panel-refusal');
  });

  test('says why a verdict cannot be given yet', async ({ open, page }) => {
    await open('#/board/todo-142');
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    await expect(approve).toBeDisabled();
    await expect(approve).toHaveAccessibleDescription(/The developer has not reported on/);
  });

  test('shows what a blocked card asks, and sends the answer', async ({ desk, open, page }) => {
    await open('#/board/todo-144');
    const panel = page.getByRole('complementary');
    await expect(panel.getByText('Which lifetime, 30 minutes or 8 hours?')).toBeVisible();
    await panel.getByRole('button', { name: 'Answer', exact: true }).click();
    await panel.getByLabel('Your answer').fill('30 minutes.');
    await pictureOf(page.getByRole('complementary'), 'panel-answer');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => desk.given).toMatchObject([{ method: 'todos.answer', input: { subjectId: 'todo-144', text: '30 minutes.' } }]);
  });
});

test.describe('the diff of a card', () => {
  test('puts a line into the comment that asks for changes, and keeps the words over a reload', async ({ desk, open, page }) => {
    await open('#/board/todo-139/diff');
    const file = page.getByRole('region', { name: 'src/auth/lockout.ts' });
    const line = file.locator('.diff-line').filter({ hasText: 'minutesLeft' });
    await line.locator('.diff-gutter').last().hover();
    await line.getByRole('button', { name: 'Comment on line 20' }).click();
    const comment = page.getByLabel('What should change in revision 1');
    await expect(comment).toHaveValue(/^src\/auth\/lockout\.ts:20\n> {5}throw new LockedError/);
    await comment.press('End');
    await comment.pressSequentially('Round up, or the last minute reads “0 minutes”.');
    await pictureOf(page.getByRole('complementary'), 'panel-diff');
    await page.reload();
    await page.getByRole('button', { name: /^Request changes/ }).click();
    await expect(comment).toHaveValue(/Round up/);
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(() => desk.given.at(-1)?.input)
      .toMatchObject({ todoId: 'todo-139', revision: 1, comment: expect.stringContaining('Round up') as unknown });
  });

  test('is walked through by keys, and a line is chosen without a pointer', async ({ open, page }) => {
    await open('#/board/todo-139/diff');
    await expect(page.getByRole('region', { name: 'src/auth/lockout.ts' })).toBeVisible();
    await page.keyboard.press(']');
    await expect(page.getByRole('button', { name: 'Show or hide src/auth/lockout.ts' })).toBeFocused();
    await page.keyboard.press(']');
    await expect(page.getByRole('button', { name: 'Show or hide test/auth/lockout.test.ts' })).toBeFocused();
    await page.keyboard.press('[');
    await page.getByRole('group', { name: /^Lines of src\/auth\/lockout\.ts/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('What should change in revision 1')).toHaveValue(/^src\/auth\/lockout\.ts:17\n/);
  });

  test('remembers what was viewed, and says why a file has no lines', async ({ open, page }) => {
    await open('#/board/todo-139/diff');
    await expect(page.getByText('Binary file: its content is not shown.')).toBeVisible();
    await page.getByRole('button', { name: 'Show or hide package-lock.json' }).click();
    await expect(page.getByText('Its patch of 412 KB is left out: a file shows up to 256 KB.')).toBeVisible();
    await page.getByRole('region', { name: 'src/auth/lockout.ts' }).getByLabel('Viewed').check();
    await expect(page.getByText('1 of 4 viewed')).toBeVisible();
    await page.reload();
    await expect(page.getByText('1 of 4 viewed')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Show or hide src/auth/lockout.ts' })).toHaveAttribute('aria-expanded', 'false');
  });
});

test.describe('the output of a turn', () => {
  const line = (n: number): string => `line ${n} \u001b[32mof many\u001b[0m, ${'x'.repeat(40)}\n`;

  test('is followed while it runs, stays where one reads, and goes back to the end', async ({ board, desk, open, page }) => {
    desk.outputs.set('turn-todo-142', Array.from({ length: 400 }, (_, n) => line(n)).join(''));
    await open('#/board/todo-142/turns');
    await expect(board.card('todo-142')).toBeVisible();
    desk.change([], { turns: stageTurns() });
    const log = page.getByRole('log');
    await expect(log).toContainText('line 399 of many');
    desk.say('turn-todo-142', 'todo-142', 'and one more\n');
    await expect(log).toContainText('and one more');
    await pictureOf(page.getByRole('complementary'), 'panel-turns');
    await log.hover();
    await page.mouse.wheel(0, -100_000);
    const jump = page.getByRole('button', { name: 'Jump to the end' });
    await expect(jump).toBeVisible();
    await expect(async () => {
      await page.mouse.wheel(0, -100_000);
      await expect(log).toContainText('line 0 of many', { timeout: 200 });
    }).toPass();
    expect(await log.locator('div > div').count()).toBeLessThan(120);
    desk.say('turn-todo-142', 'todo-142', 'the last words\n');
    await expect(log).not.toContainText('the last words');
    await jump.click();
    await expect(log).toContainText('the last words');
  });

  test('stands with the prompt that led to it', async ({ open, page }) => {
    await open('#/board/todo-138/turns');
    await page.getByRole('button', { name: /developer builds/ }).click();
    await page.getByRole('button', { name: 'Show, 11.7 KB' }).click();
    await expect(page.getByRole('dialog', { name: 'Prompt of the developer' })).toContainText('Build what the card says.');
  });
});

test('a receipt tells its gaps in sentences and its commands with all that they did', async ({ open, page }) => {
  await open('#/board/todo-137/receipt');
  const panel = page.getByRole('complementary');
  await expect(panel.getByText('Verified with gaps', { exact: true })).toBeVisible();
  await expect(panel.getByText('It changes what judges it: test/auth/lockout.test.ts.').first()).toBeVisible();
  await expect(panel.getByText('exit 0 · 3.1 s · 1 retry · in a jail · on the base: exit 1')).toBeVisible();
  await expect(panel.getByText("npm run lint -- 'src/a folder'").last()).toBeVisible();
  await expect(panel.getByText('AGENTS.md', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Output' }).first().click();
  await expect(panel.getByRole('button', { name: 'Show more (32.0 KB of 82.0 KB shown)' })).toBeVisible();
  await pictureOf(page.getByRole('complementary'), 'panel-receipt');
});

test('a card that left the board says so, and what cannot be loaded can be tried again', async ({ desk, open, page }) => {
  await open('#/board/todo-999');
  await expect(page.getByText('This card is not here any more')).toBeVisible();
  await page.getByRole('complementary').getByRole('button', { name: 'Close the panel' }).click();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  expect(desk.given).toEqual([]);
});

test('the panel keeps up with a card that changes under it', async ({ board, desk, open, page }) => {
  await open('#/board/todo-141');
  await expect(board.card('todo-141')).toBeVisible();
  desk.change([stageCard('todo-141', 'done', 'Sign-up and sign-in share one form component')]);
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toBeEnabled();
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious in any part of the panel, and under 1,100 pixels it has the whole width', async ({
      board,
      open,
      page,
    }) => {
      test.slow();
      await open('#/board/todo-139/overview');
      for (const part of ['Overview', 'Turns', 'Diff', 'Receipt', 'History']) {
        await page.getByRole('tab', { name: part }).click();
        await expect(page.getByRole('tabpanel')).toBeVisible();
        if (part === 'Diff') await expect(page.locator('.diff-line').first()).toBeVisible();
        expect(await board.seriousFindings()).toEqual([]);
        await pictureOf(page.getByRole('complementary'), `panel-${part.toLowerCase()}-${colorScheme}`);
      }
      await page.setViewportSize({ width: 1_000, height: 800 });
      const panel = await page.getByRole('complementary').boundingBox();
      expect(panel).toMatchObject({ x: 0, width: 1_000 });
      await pictureOf(page.getByRole('complementary'), `panel-narrow-${colorScheme}`);
    });
  });
