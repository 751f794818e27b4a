import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DiskEntry } from './disk-entries.js';
import { entriesOf } from './disk-entries.js';
import type { NamedBlobs } from './named-blobs.js';

/** Kinds of what ended work leaves on the disk, as they are told. */
export type WasteKind =
  'turn folders' | 'session folders' | 'verification records' | 'set-up caches' | 'checkouts' | 'files put aside' | 'blobs' | 'old outputs';

/** Something on the disk that may go: at its age, or earlier at the cap. */
export interface Waste {
  readonly kind: WasteKind;
  readonly entry: DiskEntry;
  /** Its age is reached. */
  readonly isOld: boolean;
}

/** Where ended work leaves things. */
export interface WastePlaces {
  readonly turns: string;
  readonly sessions: readonly string[];
  readonly runs: string;
  readonly setupCache: string;
  readonly checkouts: string;
  readonly blobs: string;
  /** Folders in which `replaced-*`, `torn-*` and `*.edited-*` are looked for, not below. */
  readonly asides: readonly string[];
}

/** What open work needs, by name. */
export interface Needed {
  readonly turnIds: ReadonlySet<string>;
  readonly sessionNames: ReadonlySet<string>;
  /** Hashes in the records of open work. */
  readonly blobs: ReadonlySet<string>;
}

/** How old things of ended work may get, in days. */
export interface Ages {
  readonly days: number;
  readonly asideDays: number;
}

const dayMs = 86_400_000;
const aside = /^replaced-|^torn-|\.edited-\d{8}T/;

const largestReceiptBytes = 4_000_000;

/** A receipt stands in the journal itself; its blob, which the audit holds it against, is named by what the receipt says of itself. */
async function isReceipt({ path, bytes }: DiskEntry, named: NamedBlobs): Promise<boolean> {
  if (bytes > largestReceiptBytes) return false;
  const [, hash = ''] = /"receiptHash":"([0-9a-f]{64})"/.exec(await readFile(path, 'latin1').catch(() => '')) ?? [];
  return named.all.has(hash);
}

/** Everything that may go, in no order. Nothing that open work needs is among it, nor what is younger than a day. */
export async function wasteIn(
  places: WastePlaces,
  needed: Needed,
  named: NamedBlobs,
  ages: Ages,
  nowMs: number,
  signal: AbortSignal,
): Promise<readonly Waste[]> {
  const found: Waste[] = [];
  const add = (kind: WasteKind, entries: readonly DiskEntry[], days: number): void => {
    for (const entry of entries)
      if (nowMs - entry.changedMs > dayMs) found.push({ kind, entry, isOld: nowMs - entry.changedMs > days * dayMs });
  };
  const turns = await entriesOf(places.turns, signal);
  add(
    'turn folders',
    turns.filter(({ name }) => !needed.turnIds.has(name)),
    ages.days,
  );
  for (const folder of places.sessions)
    add(
      'session folders',
      (await entriesOf(folder, signal)).filter(({ name }) => !needed.sessionNames.has(name)),
      ages.days,
    );
  const runs = await entriesOf(places.runs, signal);
  const logs = await entriesOf(join(places.runs, 'logs'), signal);
  add('verification records', [...runs.filter(({ name }) => name !== 'logs'), ...logs], ages.days);
  add('set-up caches', await entriesOf(places.setupCache, signal), ages.days);
  add('checkouts', await entriesOf(places.checkouts, signal), 1);
  for (const folder of places.asides)
    add(
      'files put aside',
      (await entriesOf(folder, signal)).filter(({ name }) => aside.test(basename(name))),
      ages.asideDays,
    );
  for (const { path } of await entriesOf(places.blobs, signal)) {
    const blobs = (await entriesOf(path, signal)).filter(({ name }) => !needed.blobs.has(name));
    const unnamed: DiskEntry[] = [];
    for (const blob of blobs)
      if (!named.all.has(blob.name) && nowMs - blob.changedMs > dayMs && !(await isReceipt(blob, named))) unnamed.push(blob);
    add('blobs', unnamed, ages.days);
    // What a receipt or a report names goes at the cap only.
    add(
      'old outputs',
      blobs.filter(({ name }) => named.outputs.has(name)),
      Number.POSITIVE_INFINITY,
    );
  }
  return found;
}
