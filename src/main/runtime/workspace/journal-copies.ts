import { copyFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { JournalNotice } from '../ports/journal.js';
import type { DurableFiles } from './durable-files.js';
import { makeFolder, syncAndClose, systemFiles } from './durable-files.js';
import { durableReplace } from './durable-replace.js';
import { causeSentence, FileWriteError } from './file-problem.js';
import { listSegments, namesIn, nameTime } from './journal-segments.js';

/** Keeps copies of the journal's files in another folder, one after another in the background. */
export class JournalCopies {
  readonly #dir: string | null;
  readonly #clock: Clock;
  readonly #files: DurableFiles;
  #isPresent: boolean;
  #isBlocked = false;
  #work: Promise<void> = Promise.resolve();
  #failure: string | null = null;

  private constructor(dir: string | null, isPresent: boolean, clock: Clock, files: DurableFiles) {
    this.#dir = dir;
    this.#isPresent = isPresent;
    this.#clock = clock;
    this.#files = files;
  }

  /** `dir` undefined: no copies are kept. */
  static async open(dir: string | undefined, clock: Clock, files: DurableFiles): Promise<JournalCopies> {
    const isPresent = dir !== undefined && (await listSegments(dir)).length > 0;
    return new JournalCopies(dir ?? null, isPresent, clock, files);
  }

  /** Why the last copy could not be made, as a sentence; null when it could. */
  get failure(): string | null {
    return this.#failure;
  }

  noticeForEmptyJournal(): readonly JournalNotice[] {
    if (this.#dir === null || !this.#isPresent) return [];
    const message =
      `This workspace has no journal, but copies of one were found in ${this.#dir}. Run \`muster journal restore\` to put them back; ` +
      'if you go on without, they are kept aside.';
    return [{ kind: 'copy-found', message, path: this.#dir }];
  }

  /** Copies the first `sizeBytes` of a segment soon. */
  add(path: string, sizeBytes: number): void {
    const dir = this.#dir;
    if (dir === null || this.#isBlocked) return;
    this.#work = this.#work.then(() => this.#copy(path, sizeBytes, dir));
  }

  /**
   * A new journal begins where an old one was copied from: the old copies go into a folder of their own. Where they cannot, no
   * further copies are made, so that none is written over; never rejects.
   */
  async beginAnew(): Promise<void> {
    if (this.#dir === null || !this.#isPresent) return;
    try {
      await this.#setAside(this.#dir);
      this.#isPresent = false;
    } catch (error) {
      this.#isBlocked = true;
      this.#failure = `Could not set aside the old copies in ${this.#dir}: ${causeSentence(error)}`;
    }
  }

  /** Resolves when all that was added is copied or has failed. */
  drain(): Promise<void> {
    return this.#work;
  }

  async #setAside(dir: string): Promise<void> {
    const aside = join(dir, `replaced-${nameTime(this.#clock.now())}`);
    await makeFolder(aside, this.#files);
    for (const { path } of await listSegments(dir)) await this.#files.rename(path, join(aside, basename(path)));
    await this.#files.syncFolder(aside);
    await this.#files.syncFolder(dir);
  }

  async #copy(path: string, sizeBytes: number, dir: string): Promise<void> {
    try {
      await makeFolder(dir, this.#files);
      const bytes = (await readFile(path)).subarray(0, sizeBytes);
      await durableReplace(join(dir, basename(path)), bytes, { clock: this.#clock, files: this.#files });
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof FileWriteError ? error.message : `Could not copy ${path} to ${dir}: ${causeSentence(error)}`;
    }
  }
}

/**
 * Puts the copies of a journal (or of snapshots) back into an empty or missing `dir`, durably, and returns the names of the files. Throws
 * a sentence when `dir` already has such files: nothing is ever overwritten.
 */
export async function restoreFromCopies(dir: string, copiesDir: string, files: DurableFiles = systemFiles): Promise<readonly string[]> {
  const present = (await namesIn(dir)).filter(isKept);
  if (present.length > 0) {
    throw new Error(
      `Could not restore ${dir} from ${copiesDir}: it already has ${present[0] ?? ''}. Move it away first if the copies are to replace it.`,
    );
  }
  const names = (await namesIn(copiesDir)).filter(isKept);
  await makeFolder(dir, files);
  // The newest first: a restore that is interrupted leaves a gap, which is noticed, not a journal that looks whole.
  for (const name of names.toSorted().toReversed()) {
    const target = join(dir, name);
    const partial = `${target}.partial`;
    await copyFile(join(copiesDir, name), partial);
    const file = await files.open(partial, 'existing');
    await syncAndClose(file);
    await files.rename(partial, target);
  }
  await files.syncFolder(dir);
  return names.toSorted();
}

const isKept = (name: string): boolean => /^\d{12}\.jsonl?$/.test(name);
