import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskCheck } from '../../../src/main/cli/doctor/disk-check.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { ManualClock } from '../../fakes/manual-clock.js';

it('doctor says how much of the disk is used, and what a clean-up would free, and removes nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'muster-doctor-disk-'));
  const clock = new ManualClock('2026-11-21T09:00:00.000Z');
  try {
    const turn = workspaceLayout(dir).runtime.turn('turn-1');
    await mkdir(turn, { recursive: true });
    await writeFile(join(turn, 'out.log'), 'x'.repeat(250_000));
    for (const path of [join(turn, 'out.log'), turn]) await utimes(path, 1_700_000_000, 1_700_000_000);
    const says = 'takes 250 kB of 20 GB (retention.disk_gb); `muster cleanup` would free 250 kB';
    for (let look = 0; look < 2; look += 1) expect(await diskCheck(dir, clock)).toEqual({ status: 'ok', name: 'disk', says, remedy: '' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
