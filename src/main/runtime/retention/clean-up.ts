import { lstat, rm } from 'node:fs/promises';
import { diskText } from '../../../shared/domain/disk-text.js';
import type { Waste, WasteKind } from './waste.js';

/** What a clean-up removed, or would remove. */
export interface CleanUp {
  /** Bytes that Muster takes on the disk, before it. */
  readonly usedBytes: number;
  readonly capBytes: number;
  readonly freedBytes: number;
  readonly removed: readonly { readonly kind: WasteKind; readonly count: number; readonly bytes: number }[];
  /** Things that could not be removed, each a sentence. */
  readonly failed: readonly string[];
}

/** What goes: everything that is old, and, as long as more than the cap is used, the oldest of the rest. */
export function whatGoes(waste: readonly Waste[], usedBytes: number, capBytes: number): readonly Waste[] {
  const old = waste.filter(({ isOld }) => isOld);
  let left = usedBytes - old.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const rest = waste.filter(({ isOld }) => !isOld).toSorted((a, b) => a.entry.changedMs - b.entry.changedMs);
  const early: Waste[] = [];
  for (const each of rest) {
    if (left <= capBytes) break;
    early.push(each);
    left -= each.entry.bytes;
  }
  return [...old, ...early];
}

/** Removes it; `beforeOutput` is told the hash of an output that a receipt names before it is gone. */
export async function remove(
  going: readonly Waste[],
  beforeOutput: (sha256: string) => Promise<void>,
): Promise<{ readonly gone: readonly Waste[]; readonly failed: readonly string[] }> {
  const gone: Waste[] = [];
  const failed: string[] = [];
  for (const each of going) {
    try {
      // It was put again since it was looked at, and may be named in a moment.
      if (!each.entry.isFolder && (await lstat(each.entry.path)).mtimeMs !== each.entry.changedMs) continue;
      if (each.kind === 'old outputs') await beforeOutput(each.entry.name);
      await rm(each.entry.path, { recursive: true, force: true });
      gone.push(each);
    } catch (error) {
      failed.push(`Could not remove ${each.entry.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { gone, failed };
}

/** What was removed, by kind. */
export function tallyOf(gone: readonly Waste[]): CleanUp['removed'] {
  const tally = new Map<WasteKind, { kind: WasteKind; count: number; bytes: number }>();
  for (const { kind, entry } of gone) {
    const line = tally.get(kind) ?? { kind, count: 0, bytes: 0 };
    tally.set(kind, { kind, count: line.count + 1, bytes: line.bytes + entry.bytes });
  }
  return [...tally.values()];
}

/** `12 turn folders (3.4 MB), 1 set-up caches (200 MB)`. */
export const tallyText = (removed: CleanUp['removed']): string =>
  removed.map(({ kind, count, bytes }) => `${count} ${kind} (${diskText(bytes)})`).join(', ');
