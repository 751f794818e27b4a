import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findThreadFile, findWholeThreadFile } from '../../src/main/runtime/runners/codex/codex-threads.js';

it('takes a thread whose file was cut while it was begun for lost, so that its turn begins a new one', async () => {
  const home = await mkdtemp(join(tmpdir(), 'codex-home-'));
  try {
    const folder = join(home, 'sessions', '2026', '11', '21');
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'rollout-2026-11-21T11-24-25-abc.jsonl');
    for (const cut of ['', '{"type":"session_me', 'prose\n']) {
      await writeFile(file, cut);
      expect([await findThreadFile(home, 'abc'), await findWholeThreadFile(home, 'abc')]).toEqual([file, null]);
    }
    await writeFile(file, '{"type":"session_meta"}\n{"type":"cut');
    expect(await findWholeThreadFile(home, 'abc')).toBe(file);
    expect(await findWholeThreadFile(home, 'other')).toBeNull();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
