import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './file-problem.js';

/** One file of the journal; sealed when another follows it. */
export interface Segment {
  readonly path: string;
  /** Sequence number of its first record, which is its name. */
  readonly firstSeq: number;
}

const NAME = /^(\d{12})\.jsonl$/;

/** `000000000001.jsonl`. */
export const segmentName = (firstSeq: number): string => `${String(firstSeq).padStart(12, '0')}.jsonl`;

/** The journal's files in order; none when the folder is missing. */
export async function listSegments(dir: string): Promise<readonly Segment[]> {
  const names = await namesIn(dir);
  return names
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [{ path: join(dir, name), firstSeq: Number(digits) }];
    })
    .sort((a, b) => a.firstSeq - b.firstSeq);
}

/** File of a record, and its line there, from 1: each line is one record, and none is left out. */
export async function placeOfRecord(dir: string, seq: number): Promise<{ readonly path: string; readonly line: number }> {
  const segment = (await listSegments(dir)).findLast(({ firstSeq }) => firstSeq <= seq);
  return segment ? { path: segment.path, line: seq - segment.firstSeq + 1 } : { path: dir, line: seq };
}

/** Names in a folder; none when it is missing. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** `20260324T090000000Z` of an instant, for names of files that were moved aside. */
export const nameTime = (at: string): string => at.replace(/[-:.]/g, '');
