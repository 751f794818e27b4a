import { mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { browserOnPath, browserTally } from '../../scripts/browser-tests.mjs';

test('a browser run counts what passed, what failed and what was skipped', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
  expect(browserTally({ stats }, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test('a browser run that ended badly without naming a failed test is one failure', () => {
  expect(browserTally({ stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 0 } }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(browserTally(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a browser is found on the path by its name, and null is the answer where there is none', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'muster-browser-'));
  try {
    expect(browserOnPath({ PATH: folder })).toBeNull();
    await symlink(process.execPath, path.join(folder, 'google-chrome'));
    expect(browserOnPath({ PATH: `/nowhere${path.delimiter}${folder}` })).toBe(path.join(folder, 'google-chrome'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
