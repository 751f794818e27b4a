import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { codeOf } from './file-problem.js';

/** What stands at a path, without following a link. */
export type OnDisk =
  | { readonly kind: 'missing' }
  | { readonly kind: 'link' }
  | { readonly kind: 'other' }
  | { readonly kind: 'file'; readonly stamp: string; readonly sizeBytes: number };

/** SHA-256 of bytes, in lower-case hexadecimal. */
export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Looks at a path; two equal stamps mean that nobody replaced or wrote the file in between. */
export async function lookAt(path: string): Promise<OnDisk> {
  try {
    const stat = await lstat(path, { bigint: true });
    if (stat.isSymbolicLink()) return { kind: 'link' };
    if (!stat.isFile()) return { kind: 'other' };
    return { kind: 'file', stamp: `${stat.ino}:${stat.size}:${stat.mtimeNs}`, sizeBytes: Number(stat.size) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    throw error;
  }
}

/** Bytes of a file, never through a link. null: it is not there. */
export async function readPlain(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
