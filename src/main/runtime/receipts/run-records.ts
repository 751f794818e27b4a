import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from './canonical-json.js';

/** Results of runs on disk, so that a restart or a second asker does not run them again. */
export interface RunRecords {
  /** null when there is none, or when its file is torn. */
  read<T>(key: string): Promise<T | null>;
  /** Durable when resolved. */
  write(key: string, value: unknown): Promise<void>;
}

/** Keeps records in `dir`; `writeDurably` replaces a file as a whole and on disk. Keys are any text. */
export function createRunRecords(dir: string, writeDurably: (path: string, text: string) => Promise<void>): RunRecords {
  const pathOf = (key: string): string => join(dir, `${/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(key) ? key : sha256(key)}.json`);
  return {
    async read<T>(key: string) {
      const text = await readFile(pathOf(key), 'utf8').catch(() => null);
      if (text === null) return null;
      try {
        return JSON.parse(text) as T;
      } catch {
        return null; // torn by a crash of the machine: the run is made again
      }
    },
    async write(key, value) {
      await mkdir(dir, { recursive: true });
      await writeDurably(pathOf(key), `${JSON.stringify(value)}\n`);
    },
  };
}
