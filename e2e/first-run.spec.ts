import { expect, test } from './support/on-desk.js';

test.beforeEach(({ desk }) => {
  desk.hasWorkspace = false;
});

test('a first run begins with one button, and the board is there', async ({ board, desk, open, page }) => {
  await open('');
  await expect(page.getByRole('heading', { name: 'Muster' })).toBeVisible();
  await board.picture('first-run');
  await page.getByRole('button', { name: 'Run the sample sprint' }).click();
  await expect(board.card('todo-142')).toBeVisible();
  expect(desk.given).toEqual([{ method: 'host.runSample', input: {} }]);
});

test('a workspace for a repository is made after what was guessed was seen, and changed', async ({ board, desk, open, page }) => {
  await open('');
  await page.getByLabel('Path of the repository').fill('/p/shop');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByLabel('Setup commands')).toHaveValue('npm ci');
  await expect(page.getByText('because there is a package-lock.json')).toBeVisible();
  await page.getByLabel('Verification commands').fill("npm test\nnpm run 'my lint'");
  await page.getByLabel('Branch that work goes to').fill('develop');
  await board.picture('first-run-guess');
  await page.getByRole('button', { name: 'Create the workspace' }).click();
  await expect(board.card('todo-142')).toBeVisible();
  expect(desk.given).toEqual([
    {
      method: 'host.create',
      input: {
        project: '/p/shop',
        workspace: '/p/shop/teams_generated',
        target: 'develop',
        setup: [['npm', 'ci']],
        verify: [
          ['npm', 'test'],
          ['npm', 'run', 'my lint'],
        ],
      },
    },
  ]);
});

test('a folder that will not do says why, beside the field', async ({ desk, open, page }) => {
  await open('');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByRole('alert')).toHaveText('Name the folder of a git repository.');
  const field = page.getByLabel('Path of the repository');
  await field.fill('/p/not-there');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('There is no folder /p/not-there.');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  expect(desk.given).toEqual([]);
});

test('a workspace that one had is opened again; one that is gone is not offered', async ({ board, desk, open, page }) => {
  await open('');
  await expect(page.getByRole('button', { name: /gone/ })).toBeDisabled();
  await page.getByRole('button', { name: /^acme-shop/ }).click();
  await expect(board.card('todo-142')).toBeVisible();
  expect(desk.given).toEqual([{ method: 'host.open', input: { path: '/w/acme-shop' } }]);
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious on the first page', async ({ board, open, page }) => {
      await open('');
      await expect(page.getByRole('button', { name: 'Run the sample sprint' })).toBeVisible();
      expect(await board.seriousFindings()).toEqual([]);
      await board.picture(`first-run-${colorScheme}`);
    });
  });
