import { expect, test } from './support/on-desk.js';
import { deskBacklog } from '../tests/fakes/desk-app.js';
import { stageRequest } from '../tests/fakes/stage-details.js';

test.describe('the backlog', () => {
  test.beforeEach(({ desk }) => {
    desk.backlog = deskBacklog();
  });

  test('stands in the order of work, and says what is blocked and what is rework', async ({ board, open, page }) => {
    await open('#/backlog');
    const rows = page.getByRole('list', { name: 'Backlog in the order of work' }).getByRole('listitem');
    await expect(rows).toHaveText([
      /Round the minutes up.*rework/,
      /Confirm the new address/,
      /Tell the old address/,
      /Show when.*Nobody said where/,
    ]);
    await board.picture('backlog');
    await page.getByRole('radio', { name: 'Done 1' }).click();
    await expect(rows).toHaveText([/Log-out ends every session/]);
    await page.getByRole('searchbox', { name: 'Search the backlog' }).fill('nothing like it');
    await expect(page.getByText('No item matches')).toBeVisible();
  });

  test('changes its order by the menu and by the keyboard', async ({ desk, open, page }) => {
    await open('#/backlog');
    const titles = page.getByRole('list', { name: 'Backlog in the order of work' }).locator('li span.font-medium:not([class*=rounded])');
    await page.getByRole('button', { name: 'Actions of Tell the old address' }).click();
    await page.getByRole('menuitem', { name: 'Move up' }).click();
    await expect(titles).toHaveText([/Round/, /Tell/, /Confirm/, /Show/]);
    expect(desk.given.at(-1)).toMatchObject({ method: 'backlog.rank' });
    await page.getByRole('button', { name: 'Change the place of Confirm the new address' }).focus();
    const heard = page.locator('[id^="DndLiveRegion"]');
    await page.keyboard.press('Space');
    await expect(heard).toContainText('over place 3 of 4');
    await page.keyboard.press('ArrowUp');
    await expect(heard).toContainText('over place 2 of 4');
    await page.keyboard.press('Space');
    await expect(titles).toHaveText([/Round/, /Confirm/, /Tell/, /Show/]);
    await expect(heard).toContainText('was put at place 2');
  });

  test('says why rework cannot be overtaken', async ({ desk, open, page }) => {
    await open('#/backlog');
    await page.getByRole('button', { name: 'Actions of Confirm the new address' }).click();
    await page.getByRole('menuitem', { name: 'Move to the top' }).click();
    await expect(page.getByText('Rework goes first: it cannot change places with other items.')).toBeVisible();
    expect(desk.given).toEqual([]);
  });

  test('drops an item only with a reason', async ({ desk, open, page }) => {
    await open('#/backlog');
    await page.getByRole('button', { name: 'Actions of Tell the old address' }).click();
    await page.getByRole('menuitem', { name: 'Drop…' }).click();
    await page.getByLabel('Why it is dropped').fill('The law says otherwise.');
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(() => desk.given)
      .toMatchObject([{ method: 'backlog.drop', input: { backlogId: 'backlog-2', reason: 'The law says otherwise.' } }]);
  });
});

test('an empty backlog says what will be there, and adds the first item', async ({ desk, open, page }) => {
  await open('#/backlog');
  await expect(page.getByText('Nothing is planned yet')).toBeVisible();
  await page.getByRole('button', { name: 'New backlog item' }).last().click();
  await page.getByLabel('Title').fill('Confirm the new address');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => desk.given).toMatchObject([{ method: 'backlog.add', input: { fields: { title: 'Confirm the new address' } } }]);
});

test.describe('requests', () => {
  test('show what is asked of a person, and take the answer', async ({ board, desk, open, page }) => {
    desk.requests.set('request-1', stageRequest('request-1'));
    await open('#/requests');
    const detail = page.getByRole('article', { name: 'request-1' });
    await expect(detail.getByText('Should the old address be told?')).toBeVisible();
    await detail.getByRole('button', { name: 'Answer' }).click();
    await expect(detail.getByRole('alert')).toHaveText('Write an answer first.');
    await detail.getByLabel('Your answer').fill('Yes, with a link to undo it.');
    await board.picture('requests');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => desk.given).toMatchObject([{ method: 'todos.answer', input: { subjectId: 'request-1' } }]);
    await expect(detail.getByLabel('Your answer')).toHaveValue('');
  });

  test('are cancelled after a question', async ({ desk, open, page }) => {
    desk.requests.set('request-1', stageRequest('request-1'));
    await open('#/requests/request-1');
    await page.getByRole('button', { name: 'Cancel the request' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the request' }).click();
    await expect.poll(() => desk.given).toMatchObject([{ method: 'requests.cancel', input: { requestId: 'request-1' } }]);
  });

  test('that are none yet say how the first one comes', async ({ open, page }) => {
    await open('#/requests');
    await expect(page.getByText('No request yet')).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: 'New request' }).last().click();
    await expect(page.getByLabel('What do you need?')).toBeFocused();
  });
});

test('the roster tells of every member whether it works, on what and by what', async ({ board, open, page }) => {
  await open('#/roster');
  const row = page.getByRole('row', { name: /developer/ });
  await expect(row).toContainText('at work');
  await expect(row).toContainText('codex');
  await expect(row.getByRole('link', { name: /Login form validates/ })).toHaveAttribute('href', '#/roster/todo-142');
  await board.picture('roster');
});

test('a sprint shows its aim, cards, documents and what each role spent, and opens a card beside it', async ({ board, open, page }) => {
  await open('#/sprints');
  const sprint = page.getByRole('article', { name: 'Login cleanup' });
  await expect(sprint.getByText('Every refusal says what to do next.')).toBeVisible();
  await expect(sprint.getByText('plan.md')).toBeVisible();
  await expect(sprint.getByText('9.8 k')).toBeVisible();
  await expect(sprint.getByText('began to build')).toBeVisible();
  await board.picture('sprint');
  await sprint.getByRole('link', { name: /Sign-up and sign-in/ }).click();
  await expect(page.getByRole('complementary', { name: 'todo-141' })).toBeVisible();
  await expect(page).toHaveURL(/#\/sprints\/-\/todo-141$/);
});

test('the insights add up what the cards of a sprint took', async ({ board, open, page }) => {
  await open('#/insights');
  await expect(page.getByText('6 of 12')).toBeVisible();
  await page.getByRole('radio', { name: 'Turns' }).click();
  await expect(page.getByRole('main')).toContainText('developer');
  await expect(page.getByText('median 4 m · all 36 m', { exact: false })).toBeVisible();
  await board.picture('insights');
});

test('what the workspace runs is shown in full, and accepted as it was shown', async ({ board, desk, open, page }) => {
  desk.isTrusted = false;
  await open('#/board');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What this workspace runs…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What this workspace runs' });
  await expect(dialog.getByText('verify changed since it was accepted.')).toBeVisible();
  await board.picture('trust');
  await dialog.getByRole('button', { name: 'Accept and allow it to run' }).click();
  await expect(dialog.getByText('Accepted', { exact: true })).toBeVisible();
  expect(desk.given).toMatchObject([{ method: 'trust.accept', input: { hash: 'f'.repeat(64) } }]);
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious on any page', async ({ board, desk, open, page }) => {
      test.slow();
      desk.backlog = deskBacklog();
      desk.requests.set('request-1', stageRequest('request-1'));
      await open('#/backlog');
      for (const [name, heading] of [
        ['backlog', 'Backlog'],
        ['requests', 'Requests'],
        ['roster', 'Roster'],
        ['sprints', 'Sprints'],
        ['insights', 'Insights'],
      ] as const) {
        await open(`#/${name}`);
        await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
        await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
        expect(await board.seriousFindings()).toEqual([]);
        await board.picture(`${name}-${colorScheme}`);
      }
    });
  });
