import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalError } from '../../../src/main/runtime/workspace/journal-error.js';
import { encodeRecord } from '../../../src/main/runtime/workspace/journal-codec.js';
import { restoreFromCopies } from '../../../src/main/runtime/workspace/journal-copies.js';
import { applyRepair, planRepair } from '../../../src/main/runtime/workspace/journal-repair.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { AT, fill, numbersIn, open, put, withFolder } from './journal-ground.js';

const FIRST = '000000000001.jsonl';
const RECORDS = 6;
const LINE_FEED = 0x0a;

const lines: readonly Buffer[] = Array.from({ length: RECORDS }, (_unused, i) =>
  encodeRecord({
    seq: i + 1,
    epoch: 1,
    time: AT,
    kind: 'numbered',
    v: 1,
    body: { number: i + 1, nested: [{ seq: 9 }], text: 'ä"{\\"seq\\":1}' },
  }),
);
const WHOLE = Buffer.concat(lines);
const LAST_START = WHOLE.length - (lines.at(-1)?.length ?? 0);

/** What opening a journal of these bytes comes to, and what is in the folder then. */
async function opened(bytes: Buffer): Promise<{
  readonly numbers: readonly number[] | null;
  readonly error: unknown;
  readonly torn: Buffer | null;
  readonly notices: number;
}> {
  return withFolder(async (dir) => {
    await writeFile(join(dir, FIRST), bytes);
    try {
      const { journal, notices } = await open(dir);
      const numbers = await numbersIn(journal);
      await put(journal, 99);
      expect((await numbersIn(journal)).at(-1)).toBe(99);
      await journal.close();
      const torn = (await readdir(dir)).find((name) => name.startsWith('torn-'));
      return { numbers, error: null, torn: torn === undefined ? null : await readFile(join(dir, torn)), notices: notices.length };
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      expect(await readFile(join(dir, FIRST))).toEqual(bytes);
      return { numbers: null, error, torn: null, notices: 0 };
    }
  });
}

const flipped = (at: number, mask: number): Buffer => {
  const bytes = Buffer.from(WHOLE);
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return bytes;
};

const EARLIER = [1, 2, 3, 4, 5];

describe('a journal that was cut or garbled', () => {
  it('keeps all whole records and moves the rest aside, wherever it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length }), async (cut) => {
        const found = await opened(WHOLE.subarray(0, cut));
        let end = 0;
        const whole = lines.filter((line) => (end += line.length) <= cut).length;
        expect(found.numbers).toEqual(Array.from({ length: whole }, (_unused, i) => i + 1));
        const rest = WHOLE.subarray(
          lines.slice(0, whole).reduce((sum, line) => sum + line.length, 0),
          cut,
        );
        expect(found.torn).toEqual(rest.length === 0 ? null : rest);
        expect(found.notices).toBe(rest.length === 0 ? 0 : 1);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps all earlier records for any flipped bits in the last one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: LAST_START, max: WHOLE.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const found = await opened(flipped(at, mask));
        expect(found.numbers).toEqual(EARLIER);
        expect(found.torn).toEqual(flipped(at, mask).subarray(LAST_START));
      }),
      { numRuns: 150 },
    );
  });

  it('stops with file and line, touching nothing, for any flipped bits before the last record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: LAST_START - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const { error } = await opened(flipped(at, mask));
        let end = 0;
        const line = lines.findIndex((each) => (end += each.length) > at) + 1;
        expect(error).toBeInstanceOf(JournalError);
        const { problem } = error as JournalError;
        expect(problem).toMatchObject({ kind: 'damaged', line });
        expect(problem.message).toContain(`Could not open the journal: line ${line} of ${problem.path} `);
        expect(problem.message).toContain('Run `muster journal repair` to see what can be kept.');
      }),
      { numRuns: 250 },
    );
  });

  it('takes any garbage after the last record for a torn end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (garbage) => {
        const found = await opened(Buffer.concat([WHOLE, garbage]));
        expect(found.numbers).toEqual([...EARLIER, 6]);
        // Line feeds at the end are room, but for the one that ends the garbage.
        const end = garbage.findLastIndex((byte) => byte !== LINE_FEED) + 1;
        expect(found.torn).toEqual(end === 0 ? null : Buffer.from(garbage.subarray(0, end + 1)));
      }),
      { numRuns: 60 },
    );
  });

  it('takes a tail of zeros for a torn end, and zeros before a record for damage', async () => {
    const tail = await opened(Buffer.concat([WHOLE, Buffer.alloc(4096)]));
    expect(tail.numbers).toEqual([...EARLIER, 6]);
    expect(tail.torn).toEqual(Buffer.alloc(4096));
    const middle = Buffer.from(WHOLE).fill(0, lines[0]?.length, (lines[0]?.length ?? 0) + (lines[1]?.length ?? 0));
    expect((await opened(middle)).error).toMatchObject({ problem: { kind: 'damaged', line: 2 } });
  });

  it('takes what shares its fsync with a record that did not reach the disk for torn, and a later fsync behind it for damage', async () => {
    const record = (seq: number, firstSeq = seq): Buffer =>
      encodeRecord({ seq, epoch: 1, time: AT, kind: 'numbered', v: 1, body: { number: seq } }, firstSeq);
    const lost = Buffer.alloc(record(3, 2).length, LINE_FEED);
    const room = Buffer.alloc(500, LINE_FEED);
    const power = await opened(Buffer.concat([record(1), record(2), lost, record(4, 2), room]));
    expect(power.numbers).toEqual([1, 2]);
    expect(power.torn).toEqual(Buffer.concat([lost, record(4, 2)]));
    const first = await opened(Buffer.concat([record(1), lost, record(3, 2), room]));
    expect(first.numbers).toEqual([1]);
    const later = await opened(Buffer.concat([record(1), record(2), lost, record(4, 2), record(5), room]));
    expect(later.error).toMatchObject({ problem: { kind: 'damaged', line: 3 } });
  });

  it('takes a record that was cut off in the room for torn, and leaves the room behind it out', async () => {
    const half = (lines[0] ?? WHOLE).subarray(0, 20);
    const found = await opened(Buffer.concat([WHOLE, half, Buffer.alloc(3000, LINE_FEED)]));
    expect(found.numbers).toEqual([...EARLIER, 6]);
    expect(found.torn).toEqual(Buffer.concat([half, Buffer.of(LINE_FEED)]));
  });

  it('stops at a repeated record, at a missing one and at an epoch that falls', async () => {
    const record = (seq: number, epoch: number): Buffer =>
      encodeRecord({ seq, epoch, time: AT, kind: 'numbered', v: 1, body: { number: seq } });
    const error = async (...parts: readonly Buffer[]): Promise<string> => String((await opened(Buffer.concat(parts))).error);
    expect(await error(record(1, 1), record(1, 1))).toContain('is record 1 where 2 was expected');
    expect(await error(record(1, 1), record(3, 1))).toContain('is record 3 where 2 was expected');
    expect(await error(record(1, 1), record(2, 0))).toContain('is of epoch 0 after a record of epoch 1');
  });

  it('says what was moved and where, in a sentence', () =>
    withFolder(async (dir) => {
      await writeFile(join(dir, FIRST), WHOLE.subarray(0, WHOLE.length - 3));
      const { journal, notices } = await open(dir);
      const path = join(dir, 'torn-20260324T090000000Z');
      const bytes = WHOLE.length - 3 - LAST_START;
      expect(notices).toEqual([
        {
          kind: 'torn-line-moved',
          message: `The last ${bytes} bytes of ${FIRST} (line 6) were cut off while being written and had not been accepted. They were moved to ${path}; nothing before them is lost.`,
          path,
        },
      ]);
      await journal.close();
    }));

  it('stops at a bad line at the end of a sealed segment', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir, { segmentBytes: 10 });
      await fill(journal, 3, 1);
      await journal.close();
      const path = join(dir, '000000000002.jsonl');
      await writeFile(path, (await readFile(path)).subarray(0, -1));
      await expect(open(dir)).rejects.toMatchObject({ problem: { kind: 'damaged', path, line: 1 } });
    }));
});

describe('repairing a journal', () => {
  it('finds nothing to do in a sound one', () =>
    withFolder(async (dir) => {
      await writeFile(join(dir, FIRST), WHOLE);
      expect(await planRepair(dir)).toBeNull();
    }));

  it('says what would go before it does anything, then moves the damage and all after it aside', () =>
    withFolder(async (dir) => {
      const { journal } = await open(dir, { segmentBytes: 300 });
      await fill(journal, 9, 3);
      await journal.close();
      const [first, second, third] = (await readdir(dir)).toSorted().map((name) => join(dir, name)) as [string, string, string];
      const damaged = await readFile(second);
      damaged[damaged.indexOf(0x0a) + 30] = 0x21;
      await writeFile(second, damaged);
      const before = await Promise.all([first, second, third].map((path) => readFile(path)));
      const repair = await planRepair(dir);
      if (repair === null) throw new Error('no plan');
      expect(await Promise.all([first, second, third].map((path) => readFile(path)))).toEqual(before);
      expect(repair).toMatchObject({ path: second, line: 2, keptThrough: 4, recordsLostAfter: 4 });
      expect(repair.files.map((file) => [file.path, file.lines, file.records])).toEqual([
        [second, 2, 1],
        [third, 3, 3],
      ]);
      expect(repair.summary).toBe(
        `Line 2 of ${second} does not match its checksum. A repair keeps records 1 to 4 and moves ${repair.bytes} bytes in 2 files, ` +
          `with 4 readable records after the damage, to ${join(dir, 'damaged-<time>')}. Nothing is deleted.`,
      );
      const aside = await applyRepair(repair, new ManualClock(AT));
      expect(await readFile(join(aside, '000000000004.jsonl'))).toEqual(before[1]);
      expect(await readFile(join(aside, '000000000007.jsonl'))).toEqual(before[2]);
      const again = await open(dir);
      expect(await numbersIn(again.journal)).toEqual([1, 2, 3, 4]);
      await again.journal.close();
    }));

  it('refuses a plan that the journal has outgrown', () =>
    withFolder(async (dir) => {
      const path = join(dir, FIRST);
      await writeFile(path, WHOLE.subarray(0, -5));
      const repair = await planRepair(dir);
      await writeFile(path, WHOLE);
      if (repair === null) throw new Error('no plan');
      await expect(applyRepair(repair, new ManualClock(AT))).rejects.toThrow(
        `Could not repair the journal: ${path} changed since the plan was made. Stop Muster and plan the repair again.`,
      );
    }));
});

describe('copies of the journal', () => {
  it('bring back a journal whose folder was deleted', () =>
    withFolder(async (top) => {
      const [dir, copiesDir] = [join(top, 'journal'), join(top, 'copies')];
      const first = await open(dir, { copiesDir, segmentBytes: 300 });
      await fill(first.journal, 8, 2);
      await first.journal.copySoFar();
      expect((await readdir(copiesDir)).length).toBeGreaterThan(1);
      await first.journal.close();
      const lost = join(top, 'journal-lost');
      const found = await open(lost, { copiesDir });
      expect(found.notices.map((notice) => notice.kind)).toEqual(['copy-found']);
      expect(found.notices[0]?.message).toContain('Run `muster journal restore` to put them back');
      await found.journal.close();
      await restoreFromCopies(lost, copiesDir);
      const again = await open(lost, { copiesDir });
      expect(again.notices).toEqual([]);
      expect(await numbersIn(again.journal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      await again.journal.close();
    }));

  it('are kept aside when somebody goes on without them', () =>
    withFolder(async (top) => {
      const copiesDir = join(top, 'copies');
      const first = await open(join(top, 'one'), { copiesDir });
      await fill(first.journal, 3);
      await first.journal.close();
      const kept = await readFile(join(copiesDir, FIRST));
      const second = await open(join(top, 'two'), { copiesDir });
      await put(second.journal, 50);
      await second.journal.close();
      expect(await readFile(join(copiesDir, 'replaced-20260324T090000000Z', FIRST))).toEqual(kept);
      expect(await readFile(join(copiesDir, FIRST))).not.toEqual(kept);
    }));

  it('are not made by an owner who has lost the workspace', () =>
    withFolder(async (top) => {
      const copiesDir = join(top, 'copies');
      let isOurs = true;
      const { journal } = await open(join(top, 'journal'), { copiesDir, checkOwnership: () => isOurs });
      await put(journal, 1);
      isOurs = false;
      await expect(put(journal, 2)).rejects.toThrow('another Muster has taken over');
      await mkdir(copiesDir);
      await journal.close();
      expect(await readdir(copiesDir)).toEqual([]);
    }));

  it('are never put over a journal that is there', () =>
    withFolder(async (top) => {
      const [dir, copiesDir] = [join(top, 'journal'), join(top, 'copies')];
      await mkdir(dir);
      await writeFile(join(dir, FIRST), WHOLE);
      await expect(restoreFromCopies(dir, copiesDir)).rejects.toThrow(`it already has ${FIRST}. Move it away first`);
    }));
});
