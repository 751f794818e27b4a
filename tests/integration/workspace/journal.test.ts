import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JournalProblem } from '../../../src/main/runtime/ports/journal.js';
import { JournalError } from '../../../src/main/runtime/workspace/journal-error.js';
import { lastJournalEpoch } from '../../../src/main/runtime/workspace/journal-open.js';
import { FailingFiles } from '../../fakes/failing-files.js';
import { AT, fill, numbersIn, open, put, readAll, withFolder } from './journal-ground.js';

const FIRST = '000000000001.jsonl';

async function problemOf(promise: Promise<unknown>): Promise<JournalProblem> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof JournalError) return error.problem;
  throw error;
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_unused, i) => from + i);

describe('the journal', () => {
  it('gives back after a restart what it had accepted, umlauts and line feeds included', () =>
    withFolder(async (dir) => {
      const first = await open(dir);
      const body = { title: 'Größe\n"quoted" 🚀 \u2028', none: null };
      const { seq, durable } = first.journal.append({ time: AT, kind: 'noted', v: 2, body });
      await durable;
      await first.journal.close();
      const second = await open(dir, { epoch: 2 });
      expect(second.notices).toEqual([]);
      expect(await readAll(second.journal)).toEqual([{ seq, epoch: 1, time: AT, kind: 'noted', v: 2, body }]);
      await put(second.journal, 2);
      expect((await readAll(second.journal, 1)).map((record) => [record.seq, record.epoch])).toEqual([[2, 2]]);
      await second.journal.close();
      expect(await lastJournalEpoch(dir)).toBe(2);
    }));

  it('writes a record as one line of JSON whose checksum is the CRC-32C of the line without it', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      await put(journal, 7);
      await journal.close();
      expect(await readFile(join(dir, FIRST), 'utf8')).toBe(
        '{"seq":1,"epoch":1,"time":"2026-03-24T09:00:00.000Z","kind":"numbered","v":1,"body":{"number":7},"crc":"a5e68f18"}\n',
      );
    }));

  it('writes the appends of one tick with one write and one fsync, and those that come meanwhile with the next', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files });
      // Behind these there is room for all that follow.
      await fill(journal, 8, 1);
      files.log.length = 0;
      const gate = Promise.withResolvers<undefined>();
      files.gate = gate.promise;
      const one = [put(journal, 9), put(journal, 10)];
      await expect.poll(() => files.log.length).toBe(1);
      const two = [put(journal, 11), put(journal, 12), put(journal, 13)];
      expect(journal.durableSeq).toBe(8);
      expect(journal.lastSeq).toBe(13);
      gate.resolve(undefined);
      await Promise.all([...one, ...two]);
      expect(files.log.map((line) => line.split(' ')[0])).toEqual(['write', 'sync', 'write', 'sync']);
      expect(await numbersIn(journal)).toEqual(range(1, 13));
      await journal.close();
    }));

  it('goes on writing where the system takes only a few bytes at a time', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      files.maxWriteBytes = 7;
      const { journal } = await open(dir, { files });
      await fill(journal, 5);
      expect(await numbersIn(journal)).toEqual([1, 2, 3, 4, 5]);
      await journal.close();
    }));

  it('seals a segment at its size, names the next by its first record and reads over all of them', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir, { segmentBytes: 1000 });
      await fill(journal, 40, 4);
      await journal.close();
      const segments = (await readdir(dir)).filter((name) => name.endsWith('.jsonl'));
      expect(segments.slice(0, 3)).toEqual([FIRST, '000000000013.jsonl', '000000000021.jsonl']);
      const again = await open(dir, { trustedSeq: 30 });
      expect(await numbersIn(again.journal, 11)).toEqual(range(12, 40));
      expect(await numbersIn(again.journal)).toEqual(range(1, 40));
      await again.journal.close();
    }));

  it('writes room ahead as it is used more, goes on in it after a kill, and leaves none where it ends in order', () =>
    withFolder(async (dir) => {
      const path = join(dir, FIRST);
      const sizes: number[] = [];
      const killed = await open(dir);
      for (let number = 1; number <= 9; number += 1) {
        await put(killed.journal, number);
        sizes.push((await stat(path)).size);
      }
      const records = (await readFile(path, 'utf8')).trimEnd().length + 1;
      // The first leaves none; then it doubles, so that nine records made the file longer four times, not nine.
      expect(new Set(sizes).size).toBe(4);
      expect(sizes.at(-1)).toBeGreaterThan(records);
      expect(await numbersIn(killed.journal, 3)).toEqual([4, 5, 6, 7, 8, 9]);
      const second = await open(dir, { epoch: 2 });
      expect(second.notices).toEqual([]);
      await put(second.journal, 10);
      expect((await stat(path)).size).toBe(sizes.at(-1));
      await second.journal.close();
      expect(await readFile(path, 'utf8')).not.toContain('\n\n');
      const third = await open(dir, { epoch: 3 });
      expect(await numbersIn(third.journal)).toEqual(range(1, 10));
      await third.journal.close();
    }));

  it('takes the room away from a segment that it seals', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir, { segmentBytes: 2000 });
      await fill(journal, 30, 1);
      for (const name of (await readdir(dir)).toSorted().slice(0, -1))
        expect(await readFile(join(dir, name), 'utf8')).not.toContain('\n\n');
      expect(await numbersIn(journal)).toEqual(range(1, 30));
      await journal.close();
    }));

  it('does without room where the disk has none, as long as it takes the records', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files });
      await fill(journal, 3, 1);
      const ahead = (await stat(join(dir, FIRST))).size;
      await put(journal, 4);
      files.log.length = 0;
      await put(journal, 5);
      expect(files.log).toHaveLength(2);
      const large = 'x'.repeat(ahead);
      files.fail('write', 'ENOSPC', 1, 2);
      await journal.append({ time: AT, kind: 'numbered', v: 1, body: { number: 6, large } }).durable;
      await put(journal, 7);
      expect(await numbersIn(journal)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      await journal.close();
    }));

  it('names the fsync that records share, so that a part of it is known for one', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      await put(journal, 1);
      await Promise.all([put(journal, 2), put(journal, 3)]);
      await journal.close();
      const groups = (await readFile(join(dir, FIRST), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { group?: number }).group);
      expect(groups).toEqual([undefined, undefined, 2]);
    }));

  it('refuses a body that cannot be JSON and leaves no gap for it', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      const circle: { self?: unknown } = {};
      circle.self = circle;
      expect(() => journal.append({ time: AT, kind: 'circle', v: 1, body: circle })).toThrow('circular');
      await put(journal, 1);
      expect((await readAll(journal)).map((record) => record.seq)).toEqual([1]);
      await journal.close();
    }));

  it.each(['write', 'sync'] as const)('after a failed %s refuses all who wait, cuts the file, and goes on after reopening', (operation) =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files });
      await fill(journal, 2);
      const size = (await readFile(join(dir, FIRST))).length;
      if (operation === 'write') files.maxWriteBytes = 50;
      files.fail(operation, 'ENOSPC');
      const waiting = [problemOf(put(journal, 3)), problemOf(put(journal, 4))];
      const path = join(dir, FIRST);
      const message = `Could not write to the journal ${path}: no space is left on the device (ENOSPC). Free some space and try again. Nothing that was accepted is lost.`;
      expect(await Promise.all(waiting)).toEqual([1, 2].map(() => ({ kind: 'cannot-be-written', message, path, line: null })));
      expect((await readFile(path)).length).toBe(size);
      expect((await problemOf(put(journal, 5))).kind).toBe('cannot-be-written');
      expect(journal.lastSeq).toBe(2);
      expect(files.log.filter((line) => line.startsWith(operation)).length).toBeLessThan(5);
      await journal.reopen();
      await put(journal, 6);
      expect(await numbersIn(journal)).toEqual([1, 2, 6]);
      await journal.close();
    }),
  );

  it('cuts what a failed truncation left behind before it goes on', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files });
      await put(journal, 1);
      files.fail('sync', 'EIO');
      files.fail('truncate', 'EIO');
      await problemOf(put(journal, 2));
      await journal.reopen();
      await put(journal, 3);
      expect(await numbersIn(journal)).toEqual([1, 3]);
      await journal.close();
    }));

  it('says that it still cannot be written while it cannot', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files });
      files.fail('write', 'EROFS', 10);
      await problemOf(put(journal, 1));
      const problem = await problemOf(journal.reopen());
      expect(problem.message).toBe(
        `Could not open the journal ${dir} again: it still cannot be written: its file system is read-only (EROFS). Make it writable and try again.`,
      );
      files.heal();
      await journal.reopen();
      await put(journal, 1);
      expect(await numbersIn(journal)).toEqual([1]);
      await journal.close();
    }));

  it('goes on after a new segment could not be made', () =>
    withFolder(async (dir) => {
      const files = new FailingFiles();
      const { journal } = await open(dir, { files, segmentBytes: 10 });
      await put(journal, 1);
      files.fail('syncFolder', 'EIO');
      expect((await problemOf(put(journal, 2))).kind).toBe('cannot-be-written');
      await journal.reopen();
      await put(journal, 3);
      await journal.close();
      const again = await open(dir);
      expect(await numbersIn(again.journal)).toEqual([1, 3]);
      await again.journal.close();
    }));

  it('writes nothing once the ownership is lost, and cannot be reopened', () =>
    withFolder(async (dir) => {
      let isOurs = true;
      const { journal } = await open(dir, { checkOwnership: async () => isOurs });
      await put(journal, 1);
      const before = await readFile(join(dir, FIRST));
      isOurs = false;
      const problem = await problemOf(put(journal, 2));
      expect(problem.kind).toBe('ownership-lost');
      expect(problem.message).toBe(
        `Could not write to ${join(dir, FIRST)}: another Muster has taken over this workspace, or its files were replaced. Nothing was written; stop this one and attach to the other.`,
      );
      expect(await readFile(join(dir, FIRST))).toEqual(before);
      expect((await problemOf(journal.reopen())).kind).toBe('ownership-lost');
      await journal.close();
    }));

  it('writes nothing into a file that was put in the place of its own', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      await put(journal, 1);
      const path = join(dir, FIRST);
      const bytes = await readFile(path);
      await writeFile(`${path}.other`, bytes);
      await rename(`${path}.other`, path);
      expect((await problemOf(put(journal, 2))).kind).toBe('ownership-lost');
      expect(await readFile(path)).toEqual(bytes);
      await journal.close();
    }));

  it('refuses to open behind the epoch of a later owner', () =>
    withFolder(async (dir) => {
      const later = await open(dir, { epoch: 5 });
      await put(later.journal, 1);
      await later.journal.close();
      const problem = await problemOf(open(dir, { epoch: 4 }));
      expect(problem.kind).toBe('ownership-lost');
      expect(problem.message).toContain('its last record is of epoch 5, later than ours (4)');
    }));

  it('stops at a record of a newer version than it knows', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      await journal.append({ time: AT, kind: 'card-moved', v: 3, body: {} }).durable;
      await journal.close();
      const problem = await problemOf(open(dir, { maxVersions: { 'card-moved': 2 } }));
      const path = join(dir, FIRST);
      expect(problem).toEqual({
        kind: 'newer-version',
        message: `Could not open the journal: line 1 of ${path} is a card-moved of version 3; this program knows versions up to 2. Open this workspace with a newer Muster.`,
        path,
        line: 1,
      });
      await (await open(dir, { maxVersions: { 'card-moved': 3 } })).journal.close();
    }));

  it('reads 100,000 records back, each once and in order', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      const group = Array.from({ length: 100_000 }, (_unused, i) => put(journal, i));
      await Promise.all(group);
      let last = 0;
      for await (const record of journal.read(0)) {
        if (record.seq !== last + 1) throw new Error(`After record ${last} came ${record.seq}.`);
        last = record.seq;
      }
      expect(last).toBe(100_000);
      await journal.close();
    }));

  it('writes what was appended before it was closed, and refuses what comes after', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir);
      const early = put(journal, 1);
      const closed = journal.close();
      const late = problemOf(put(journal, 2));
      await Promise.all([early, closed]);
      expect((await late).message).toBe(`Could not write the journal in ${dir}: it has been closed. Open the workspace again.`);
      await expect(journal.reopen()).rejects.toThrow('it has been closed');
      const again = await open(dir);
      expect(await numbersIn(again.journal)).toEqual([1]);
      await again.journal.close();
    }));

  it('stops when a segment in the middle is missing', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir, { segmentBytes: 10 });
      await fill(journal, 3, 1);
      await journal.close();
      await rm(join(dir, '000000000002.jsonl'));
      const problem = await problemOf(open(dir));
      const path = join(dir, '000000000003.jsonl');
      expect(problem).toMatchObject({ kind: 'damaged', path, line: 1 });
      expect(problem.message).toContain('begins with record 3, but record 2 comes next; a file is missing or cut.');
    }));
});
