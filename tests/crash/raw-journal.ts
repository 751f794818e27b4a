import { expect } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface RawRecord {
  readonly seq: number;
  readonly epoch: number;
  readonly kind: string;
  readonly body: { readonly events?: readonly { readonly type: string }[] };
}

/** What the journal's files say of each record, in the order of the files and lines; folded by nobody. */
export function rawJournal(workspace: string): RawRecord[] {
  const dir = join(workspace, '.teams_runtime', 'journal');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RawRecord);
}

/** Every record once, and each owner after the one before it. */
export function expectRightJournal(workspace: string): void {
  const records = rawJournal(workspace);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, at) => at + 1));
  expect(records.every(({ epoch }, at) => epoch >= (records[at - 1]?.epoch ?? 0))).toBe(true);
  const owners = records.filter(({ kind }) => kind === 'owner').map(({ epoch }) => epoch);
  expect(owners).toEqual([...new Set(owners)].sort((a, b) => a - b));
}
