import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweepHalves } from '../../../src/main/runtime/workspace/sweep-halves.js';

const since = '2026-01-05T09:00:00.000Z';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-sweep-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A file that was last written a minute before or after the moment. */
function file(name: string, minutes: number): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'half');
  const at = new Date(Date.parse(since) + minutes * 60_000);
  utimesSync(path, at, at);
  return path;
}

it('removes what killed writers left in any folder, and nothing that has a name of its own', async () => {
  const halves = [file('turns/turn-1/.exit.json.812-7.tmp', -1), file('sprints/current.json.2749163', -1)];
  const whole = [file('turns/turn-1/exit.json', -1), file('turns/turn-1/.hidden.tmp', -1), file('shared/notes.2026', -1)];
  expect(await sweepHalves({ trees: [root, join(root, 'absent')], folders: [] }, since)).toBe(2);
  expect(halves.filter((path) => existsSync(path))).toEqual([]);
  expect(whole.filter((path) => !existsSync(path))).toEqual([]);
});

it('leaves what is being written now, and what agents and people name as they like', async () => {
  const kept = [file('.a.json.1-1.tmp', 1), file('sessions/s1/data.json.123456', -1), file('attachments/log.md.123456', -1)];
  expect(await sweepHalves({ trees: [root], folders: [] }, since)).toBe(0);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

it('looks at no more than the folder itself where others work below it', async () => {
  const [own, below] = [file('.trust.json.7-1.tmp', -1), file('worktrees/w1/.a.json.7-1.tmp', -1)];
  expect(await sweepHalves({ trees: [], folders: [root] }, since)).toBe(1);
  expect([existsSync(own), existsSync(below)]).toEqual([false, true]);
});
