import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { durableReplace } from '../../../src/main/runtime/workspace/durable-replace.js';
import { ProjectionWriter } from '../../../src/main/runtime/workspace/projection-writer.js';
import { ReserveFile } from '../../../src/main/runtime/workspace/reserve-file.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { AT, numbersIn, open, put } from './journal-ground.js';

const clock = new ManualClock(AT);
const top = mkdtempSync(join(tmpdir(), 'muster-full-disk-'));
const disk = join(top, 'disk');
mkdirSync(disk);

const mount = (...args: readonly string[]): string | null => {
  const run = spawnSync('mount', [...args], { encoding: 'utf8' });
  return run.status === 0 ? null : (run.error?.message ?? run.stderr.trim());
};
const mountSmall = (): string | null => mount('-t', 'tmpfs', '-o', 'size=3m', 'muster-test', disk);

const refusal = mountSmall();
if (refusal === null) spawnSync('umount', [disk]);
else console.warn(`Skipped: no small disk can be mounted here (${refusal}). These tests need root on Linux.`);

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Takes all space that is left. */
function fillDisk(): void {
  for (const bytes of [64 * 1024, 4096, 1]) {
    try {
      for (let n = 0; n < 200; n += 1) writeFileSync(join(disk, `ballast-${bytes}-${n}`), Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

describe.skipIf(refusal !== null)('a disk that is full or read-only', () => {
  beforeEach(() => {
    expect(mountSmall()).toBeNull();
  });
  afterEach(() => {
    expect(spawnSync('umount', [disk]).status).toBe(0);
  });

  it('takes no event that it cannot keep, and takes the stop events from the reserve', async () => {
    const dir = join(disk, 'journal');
    const reserve = new ReserveFile({ dir });
    await reserve.refill();
    expect((await stat(reserve.path)).size).toBe(1024 * 1024);
    const { journal } = await open(dir);
    await put(journal, 1);
    fillDisk();
    const large = journal.append({ time: AT, kind: 'large', v: 1, body: 'x'.repeat(200_000) });
    await expect(large.durable).rejects.toThrow(
      `Could not write to the journal ${join(dir, '000000000001.jsonl')}: no space is left on the device (ENOSPC). Free some space and try again.`,
    );
    await expect(journal.reopen()).rejects.toThrow('it still cannot be written: no space is left on the device (ENOSPC)');
    await reserve.free();
    expect(reserve.isHeld).toBe(false);
    await journal.reopen();
    await put(journal, 2);
    expect(await numbersIn(journal)).toEqual([1, 2]);
    await journal.close();
    const again = await open(dir);
    expect(again.notices).toEqual([]);
    expect(await numbersIn(again.journal)).toEqual([1, 2]);
    await again.journal.close();
    fillDisk();
    await expect(reserve.refill()).rejects.toThrow('no space is left on the device (ENOSPC)');
    expect(reserve.isHeld).toBe(false);
  });

  it('leaves the old file and no torso of the new one', async () => {
    const path = join(disk, 'record.json');
    const store = new FileBlobStore({ dir: join(disk, 'blobs'), clock });
    const writer = new ProjectionWriter(disk);
    await durableReplace(path, 'old', { clock });
    await writer.write(join(disk, 'backlog.md'), 'old');
    fillDisk();
    const large = Buffer.alloc(100_000, 'x');
    await expect(durableReplace(path, large, { clock })).rejects.toThrow(
      `Could not write ${path}: no space is left on the device (ENOSPC).`,
    );
    await expect(store.put(large)).rejects.toThrow('no space is left on the device (ENOSPC)');
    await rm(join(disk, 'ballast-4096-0'), { force: true });
    await rm(join(disk, 'ballast-65536-9'), { force: true });
    await expect(writer.write(join(disk, 'backlog.md'), large)).rejects.toThrow(/of 100000 bytes arrived/);
    expect(existsSync(join(disk, 'backlog.md'))).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('old');
    await rm(join(disk, 'ballast-65536-0'), { force: true });
    await rm(join(disk, 'ballast-65536-1'), { force: true });
    await rm(join(disk, 'ballast-65536-2'), { force: true });
    const sha256 = await store.put(large);
    expect(await store.get(sha256)).toEqual(large);
  });

  it('says that a read-only disk is read-only, and goes on when it can be written again', async () => {
    const dir = join(disk, 'journal');
    const { journal } = await open(dir);
    await put(journal, 1);
    await journal.close();
    expect(mount('-o', 'remount,ro', disk)).toBeNull();
    const { journal: later } = await open(dir);
    await expect(put(later, 2)).rejects.toThrow('its file system is read-only (EROFS). Make it writable and try again.');
    await expect(later.reopen()).rejects.toThrow('it still cannot be written: its file system is read-only (EROFS)');
    expect(await numbersIn(later)).toEqual([1]);
    await expect(durableReplace(join(disk, 'x'), 'y', { clock })).rejects.toThrow('its file system is read-only (EROFS)');
    await expect(new FileBlobStore({ dir: join(disk, 'blobs'), clock }).put('abc')).rejects.toThrow('its file system is read-only (EROFS)');
    expect(mount('-o', 'remount,rw', disk)).toBeNull();
    await later.reopen();
    await put(later, 2);
    expect(await numbersIn(later)).toEqual([1, 2]);
    await later.close();
  });
});
