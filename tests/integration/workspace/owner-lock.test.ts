import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { AcquireResult, Ownership } from '../../../src/main/runtime/workspace/owner-lock.js';
import { acquireOwner } from '../../../src/main/runtime/workspace/owner-lock.js';
import { readOwner } from '../../../src/main/runtime/workspace/owner-record.js';
import { withFolder } from './journal-ground.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const NODE_24 = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
const clock = new SystemClock();
const children: ChildProcessWithoutNullStreams[] = [];

/** A real process that took the workspace, and a way to hear its next line. */
interface StandIn {
  readonly pid: number;
  readonly next: () => Promise<unknown>;
  readonly say: (line: string) => void;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

function startOwner(dir: string): StandIn {
  const child = spawn(NODE_24, ['--import', fixture('js-to-ts.mjs'), fixture('owner-stand-in.ts'), dir]);
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    next: async () => JSON.parse(String((await lines.next()).value)) as unknown,
    say: (line) => child.stdin.write(`${line}\n`),
    kill: async (signal) => {
      const gone = once(child, 'exit');
      child.kill(signal);
      if (signal === 'SIGKILL') await gone;
    },
  };
}

const acquire = (dir: string): Promise<AcquireResult> => acquireOwner({ dir, clock, address: null });

async function acquired(dir: string): Promise<Ownership> {
  const result = await acquire(dir);
  if (result.kind !== 'acquired') throw new Error(result.message);
  return result.ownership;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('the owner lock', () => {
  it('lets one process own a workspace and names it to the second', () =>
    withFolder(async (dir) => {
      const owner = startOwner(dir);
      expect(await owner.next()).toEqual({ kind: 'acquired', epoch: 1 });
      const second = await acquire(dir);
      expect(second).toMatchObject({
        kind: 'owned',
        state: 'running',
        owner: { pid: owner.pid, address: 'http://127.0.0.1:4312', host: hostname(), epoch: 1 },
        message: `Could not open the workspace of ${dir}: it is open in process ${owner.pid} on ${hostname()}. End it with Ctrl-C in its terminal or \`kill ${owner.pid}\`, then try again.`,
      });
    }));

  it('is free at once after its owner was killed, with the next epoch', () =>
    withFolder(async (dir) => {
      const owner = startOwner(dir);
      await owner.next();
      await owner.kill('SIGKILL');
      const next = await acquired(dir);
      expect(next.epoch).toBe(2);
      expect(await readOwner(dir)).toMatchObject({ pid: process.pid, epoch: 2, address: null });
      await next.release();
    }));

  it.runIf(process.platform === 'linux')('says that a stopped owner is stopped, and leaves it its workspace', () =>
    withFolder(async (dir) => {
      const owner = startOwner(dir);
      await owner.next();
      await owner.kill('SIGSTOP');
      await expect.poll(() => / T /.test(readFileSync(`/proc/${owner.pid}/stat`, 'utf8'))).toBe(true);
      const second = await acquire(dir);
      expect(second).toMatchObject({ kind: 'owned', state: 'stopped', owner: { pid: owner.pid } });
      expect(second.kind === 'owned' ? second.message : '').toContain(`let it go on with \`kill -CONT ${owner.pid}\` or end it.`);
      await owner.kill('SIGCONT');
      owner.say('still here');
      expect(await owner.next()).toBe('durable');
    }),
  );

  it('takes the pen from an owner whose lock file was deleted, even before somebody else comes', () =>
    withFolder(async (dir) => {
      const owner = startOwner(dir);
      await owner.next();
      owner.say('one');
      expect(await owner.next()).toBe('durable');
      await rm(join(dir, 'owner.db'));
      const path = join(dir, 'journal', '000000000001.jsonl');
      const before = await readFile(path);
      owner.say('two');
      expect(await owner.next()).toContain('another Muster has taken over this workspace');
      expect(await readFile(path)).toEqual(before);
      const next = await acquired(dir);
      expect(next.epoch).toBe(2);
      owner.say('three');
      expect(await owner.next()).toContain('another Muster has taken over this workspace');
      expect(next.isStillOwner()).toBe(true);
      await next.release();
    }));

  it('is not ours any more when its file or its record was replaced', () =>
    withFolder(async (dir) => {
      const ours = await acquired(dir);
      expect(ours.isStillOwner()).toBe(true);
      const record = join(dir, 'owner.json');
      const text = await readFile(record, 'utf8');
      await writeFile(record, text.replace('"epoch": 1', '"epoch": 2'));
      expect(ours.isStillOwner()).toBe(false);
      await writeFile(record, text);
      expect(ours.isStillOwner()).toBe(true);
      await rm(record);
      expect(ours.isStillOwner()).toBe(false);
      await writeFile(record, text);
      await writeFile(join(dir, 'other.db'), '');
      await rename(join(dir, 'other.db'), join(dir, 'owner.db'));
      expect(ours.isStillOwner()).toBe(false);
      await ours.release();
    }));

  it('publishes an address and takes it back when it is released', () =>
    withFolder(async (dir) => {
      const ours = await acquired(dir);
      await ours.publish('http://127.0.0.1:9');
      expect(await readOwner(dir)).toMatchObject({ address: 'http://127.0.0.1:9', epoch: 1 });
      expect(ours.isStillOwner()).toBe(true);
      await ours.release();
      expect(ours.isStillOwner()).toBe(false);
      expect((await readOwner(dir))?.address).toBeNull();
      const next = await acquired(dir);
      expect(next.epoch).toBe(2);
      await next.release();
    }));

  it('counts on from the journal where the record was lost or is broken', () =>
    withFolder(async (dir) => {
      await writeFile(join(dir, 'owner.json'), '{"epoch":');
      expect(await readOwner(dir)).toBeNull();
      const result = await acquireOwner({ dir, clock, address: null, lastJournalEpoch: async () => 7 });
      expect(result).toMatchObject({ kind: 'acquired', ownership: { epoch: 8 } });
      if (result.kind === 'acquired') await result.ownership.release();
    }));

  it('is not shared by two owners in one process', () =>
    withFolder(async (dir) => {
      const ours = await acquired(dir);
      expect(await acquire(dir)).toMatchObject({ kind: 'owned', owner: { pid: process.pid } });
      await ours.release();
    }));

  it('frees the lock when the journal cannot be read while it is taken', () =>
    withFolder(async (dir) => {
      const lastJournalEpoch = (): Promise<number> => Promise.reject(new Error('unreadable'));
      await expect(acquireOwner({ dir, clock, address: null, lastJournalEpoch })).rejects.toThrow('unreadable');
      await (await acquired(dir)).release();
    }));
});
