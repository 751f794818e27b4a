import { join } from 'node:path';
import type { Turn } from '../../../shared/domain/state.js';
import { readTextAtOnce } from '../platform/read-at-once.js';

/** What is written as soon as a turn has ended, so that a restart does not run it again (rules 1). */
export interface ExitRecord {
  readonly attempt: number;
  /** The answer as it was given, without the secrets in it. */
  readonly text: string;
  readonly tree: string;
  readonly notes: readonly string[];
  readonly breaches: readonly string[];
  readonly isWorktreeGone?: boolean;
  readonly tokens: Turn['tokens'];
}

/** What an attempt came to. */
export const exitFile = (place: { readonly turnDir: string }): string => join(place.turnDir, 'exit.json');
/** SHA-256 of the session's documents by name, as they were before the turn. */
export const documentsFile = (place: { readonly turnDir: string }): string => join(place.turnDir, 'documents.json');
/** What git was before an attempt. */
export const guardFile = (place: { readonly turnDir: string }): string => join(place.turnDir, 'guard.json');

/** A record of the turn's folder; null when it is not there or was cut. */
export async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readTextAtOnce(path)) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
