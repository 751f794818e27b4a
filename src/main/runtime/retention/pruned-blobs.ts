import { open, readFile } from 'node:fs/promises';

/** When outputs that a receipt names were removed, by their SHA-256. */
export type PrunedBlobs = ReadonlyMap<string, string>;

/** Writes down, durably, that an output is about to be removed. */
export async function notePruned(path: string, sha256: string, at: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.write(`${JSON.stringify({ sha256, at })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What was written down; a line that was cut off by a kill is of an output that is still there. */
export async function readPruned(path: string): Promise<PrunedBlobs> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return new Map([...text.matchAll(/^\{"sha256":"([0-9a-f]{64})","at":"([^"]+)"\}$/gm)].map(([, sha256 = '', at = '']) => [sha256, at]));
}
