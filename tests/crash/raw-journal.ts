import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the journal's files say of each record, in the order of the files and lines; folded by nobody. */
export function rawJournal(workspace: string): { readonly seq: number; readonly epoch: number; readonly kind: string }[] {
  const dir = join(workspace, '.teams_runtime', 'journal');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { seq: number; epoch: number; kind: string });
}
