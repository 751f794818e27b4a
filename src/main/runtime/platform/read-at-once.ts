import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Above it a file is read without holding up everything else. */
export const AT_ONCE_BYTES = 256 * 1024;

/**
 * The bytes of a file. A small one is read at once: to hand it to another thread, open, measure, read and close it there takes several
 * times as long as the reading, and a turn reads dozens of them. What is no plain file could make the reader wait, and is read apart.
 */
export async function readAtOnce(path: string | Buffer): Promise<Buffer> {
  const found = statSync(path);
  return found.isFile() && found.size <= AT_ONCE_BYTES ? readFileSync(path) : readFile(path);
}

/** The same; null when there is nothing. */
export const readIfThere = (path: string): Promise<Buffer | null> =>
  readAtOnce(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)));

/** The same as UTF-8. */
export const readTextAtOnce = async (path: string): Promise<string> => (await readAtOnce(path)).toString('utf8');
