import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles } from './durable-files.js';
import { durableReplace } from './durable-replace.js';
import { causeSentence, codeOf, FileWriteError } from './file-problem.js';
import { namesIn, nameTime } from './journal-segments.js';

/** The state after record `seq`, as it was written; its shape is the caller's to check. */
export interface Snapshot {
  readonly seq: number;
  readonly state: unknown;
}

/** A snapshot that could not be used; nothing is lost, start-up only reads more of the journal. */
export interface SnapshotNotice {
  readonly kind: 'snapshot-skipped' | 'snapshot-not-copied';
  readonly message: string;
  readonly path: string;
}

/** Where snapshots and archived detail are kept. Paths are absolute and made when needed. */
export interface SnapshotStoreOptions {
  /** `.teams_runtime/snapshots`. */
  readonly dir: string;
  /** `.teams_runtime/archive`. */
  readonly archiveDir: string;
  /** Folder in the user's state folder that gets a copy of each snapshot. */
  readonly copiesDir?: string;
  readonly clock: Clock;
  readonly files?: DurableFiles;
}

const KEPT = 2;
const NAME = /^(\d{12})\.json$/;
const ARCHIVE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Keeps the two newest snapshots, and values that left memory; each file carries the checksum of its content. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;
  readonly #files: DurableFiles;

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
    this.#files = options.files ?? systemFiles;
  }

  /** `text`: the state as JSON. Durable when resolved; older ones but one are removed. A copy that fails is a notice, not an error. */
  async write(seq: number, text: string): Promise<readonly SnapshotNotice[]> {
    const bytes = sealed(seq, text);
    const name = `${String(seq).padStart(12, '0')}.json`;
    await this.#writeTo(this.#options.dir, name, bytes);
    const { copiesDir } = this.#options;
    if (copiesDir === undefined) return [];
    try {
      await this.#writeTo(copiesDir, name, bytes);
      return [];
    } catch (error) {
      const message = error instanceof FileWriteError ? error.message : causeSentence(error);
      return [{ kind: 'snapshot-not-copied', message, path: copiesDir }];
    }
  }

  /** The newest that is whole; each broken one on the way is skipped with a notice. */
  async newest(): Promise<{ readonly snapshot: Snapshot | null; readonly notices: readonly SnapshotNotice[] }> {
    const notices: SnapshotNotice[] = [];
    for (const name of (await snapshotNames(this.#options.dir)).toReversed()) {
      const path = join(this.#options.dir, name);
      const read = unseal(await readFile(path));
      if ('state' in read && read.seq === Number.parseInt(name, 10)) return { snapshot: { seq: read.seq, state: read.state }, notices };
      const why = 'why' in read ? read.why : `it says that it is of record ${read.seq}`;
      const message = `Could not use the snapshot ${path}: ${why}. An older one or the whole journal is read instead; the file may be deleted.`;
      notices.push({ kind: 'snapshot-skipped', message, path });
    }
    return { snapshot: null, notices };
  }

  /** Keeps a value under a name of letters, digits, `.`, `_` and `-`; durable when resolved. */
  async writeArchive(name: string, value: unknown): Promise<void> {
    const path = this.#archivePath(name);
    await this.#makeFolder(this.#options.archiveDir, path);
    await durableReplace(path, sealed(0, JSON.stringify(value ?? null)), {
      clock: this.#options.clock,
      files: this.#files,
      within: this.#options.archiveDir,
    });
  }

  /** null when nothing has that name; throws a sentence when the file is broken. */
  async readArchive(name: string): Promise<unknown> {
    const path = this.#archivePath(name);
    const bytes = await readOrNull(path);
    if (bytes === null) return null;
    const read = unseal(bytes);
    if ('state' in read) return read.state;
    throw new Error(`Could not read ${path}: ${read.why}. Put it back from a backup, or move it away so that it is made again.`);
  }

  #archivePath(name: string): string {
    if (!ARCHIVE_NAME.test(name)) throw new Error(`Could not name an archive "${name}": use letters, digits, ".", "_" and "-".`);
    return join(this.#options.archiveDir, `${name}.json`);
  }

  async #writeTo(dir: string, name: string, bytes: Buffer): Promise<void> {
    const path = join(dir, name);
    await this.#makeFolder(dir, path);
    await durableReplace(path, bytes, { clock: this.#options.clock, files: this.#files, within: dir });
    await this.#tidy(dir, name);
  }

  /** Later ones than the one just written are of a journal that is gone: they are set aside, not counted as newest. */
  async #tidy(dir: string, newest: string): Promise<void> {
    const names = await snapshotNames(dir);
    const later = names.filter((name) => name > newest);
    const aside = join(dir, `replaced-${nameTime(this.#options.clock.now())}`);
    if (later.length > 0) await makeFolder(aside, this.#files);
    for (const name of later) await this.#files.rename(join(dir, name), join(aside, basename(name)));
    for (const name of names.filter((each) => each <= newest).slice(0, -KEPT)) await this.#files.remove(join(dir, name));
  }

  async #makeFolder(dir: string, path: string): Promise<void> {
    try {
      await makeFolder(dir, this.#files);
    } catch (error) {
      throw FileWriteError.from(path, error);
    }
  }
}

/** A head line with format, seq and SHA-256 of the second line, which is the value. */
function sealed(seq: number, text: string): Buffer {
  const body = Buffer.from(`${text}\n`, 'utf8');
  const head = Buffer.from(`${JSON.stringify({ format: 1, seq, sha256: digestOf(body) })}\n`, 'utf8');
  return Buffer.concat([head, body]);
}

function unseal(bytes: Buffer): Snapshot | { readonly why: string } {
  const end = bytes.indexOf(0x0a);
  if (end === -1) return { why: 'it is cut off' };
  const head = parseHead(bytes.toString('utf8', 0, end));
  if (head === null) return { why: 'its first line is not the head of such a file' };
  if (head.format !== 1) return { why: `it is of format ${head.format}, and this program reads format 1` };
  const body = bytes.subarray(end + 1);
  if (digestOf(body) !== head.sha256) return { why: 'its content does not match its checksum' };
  return { seq: head.seq, state: JSON.parse(body.toString('utf8')) as unknown };
}

function parseHead(text: string): { readonly format: number; readonly seq: number; readonly sha256: string } | null {
  const found = /^\{"format":(\d{1,9}),"seq":(\d{1,16}),"sha256":"([0-9a-f]{64})"\}$/.exec(text);
  if (found === null) return null;
  const [, format, seq, sha256] = found;
  return { format: Number(format), seq: Number(seq), sha256: sha256 ?? '' };
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const snapshotNames = async (dir: string): Promise<readonly string[]> => (await namesIn(dir)).filter((name) => NAME.test(name)).toSorted();

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
