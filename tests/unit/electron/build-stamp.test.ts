import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BuildStamp } from '../../../src/main/electron/build-stamp.js';

test('a build that was made anew since the start is noticed; one that is under way, or none, is not', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'stamp-'));
  try {
    const path = join(dir, '.built');
    const none = new BuildStamp(path);
    expect(await none.hasChanged()).toBe(false);
    await writeFile(path, 'one');
    const stamp = new BuildStamp(path);
    expect(await stamp.hasChanged()).toBe(false);
    expect(await none.hasChanged()).toBe(false);
    await rm(path);
    expect(await stamp.hasChanged()).toBe(false);
    await writeFile(path, 'two');
    expect(await stamp.hasChanged()).toBe(true);
  } finally {
    await rm(dir, { recursive: true });
  }
});
