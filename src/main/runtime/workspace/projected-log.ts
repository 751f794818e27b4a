import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { DurableFile, DurableFiles } from './durable-files.js';
import { makeFolder, systemFiles, writeAll } from './durable-files.js';
import { durableReplace } from './durable-replace.js';
import { codeOf, FileWriteError } from './file-problem.js';

/** What the runtime is about to put in a projected file. */
export interface ProjectedEntry {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly sha256: string;
  /** The durable record up to which the content speaks. */
  readonly seq: number;
}

/** So many contents of one file stay known as ours: a kill may leave any that was announced and not yet followed by a rename. */
const keptPerPath = 4;
/** The file is written anew when more lines than this are of no use any more. */
const looseLines = 2_000;

/** Where the log is, and what `init` wrote: SHA-256 by path relative to the workspace. */
export interface ProjectedLogOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly files?: DurableFiles;
  readonly scaffold?: Readonly<Record<string, string>>;
}

/**
 * The list of what the runtime wrote (rules 2): a content that is in it is ours, anything else is an outside edit. Entries are on the
 * disk before the files that they announce.
 */
export class ProjectedLog {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #files: DurableFiles;
  readonly #known = new Map<string, ProjectedEntry[]>();
  #file: DurableFile | null = null;
  #endBytes = 0;
  #lines = 0;
  #eventsSeq = 0;

  readonly #scaffold: Readonly<Record<string, string>>;

  private constructor(options: ProjectedLogOptions) {
    this.#scaffold = options.scaffold ?? {};
    this.#path = options.path;
    this.#clock = options.clock;
    this.#files = options.files ?? systemFiles;
  }

  /** Reads the log; lines that cannot be read (a torn last one) are left out and the file is written anew without them. */
  static async open(options: ProjectedLogOptions): Promise<ProjectedLog> {
    const log = new ProjectedLog(options);
    const isWhole = await log.#load();
    if (!isWhole) await log.#compact();
    return log;
  }

  /** The record up to which the sprints' event files are complete. */
  get eventsSeq(): number {
    return this.#eventsSeq;
  }

  /** Whether the runtime announced this content for this file. */
  isOurs(path: string, sha256: string): boolean {
    return this.#scaffold[path] === sha256 || (this.#known.get(path)?.some((entry) => entry.sha256 === sha256) ?? false);
  }

  /** Durable when resolved, and only then the files may be written. */
  async append(entries: readonly ProjectedEntry[], eventsSeq: number): Promise<void> {
    if (entries.length === 0 && eventsSeq === this.#eventsSeq) return;
    const lines = entries.map(entryLine);
    if (eventsSeq !== this.#eventsSeq) lines.push(`${JSON.stringify({ events: eventsSeq })}\n`);
    const bytes = Buffer.from(lines.join(''), 'utf8');
    try {
      this.#file ??= await this.#open();
      await writeAll(this.#file, bytes, bytes.length, this.#endBytes);
      await this.#file.sync();
    } catch (error) {
      throw FileWriteError.from(this.#path, error);
    }
    this.#endBytes += bytes.length;
    this.#lines += lines.length;
    this.#eventsSeq = eventsSeq;
    for (const entry of entries) this.#remember(entry);
    if (this.#lines > 2 * this.#entryCount() + looseLines) await this.#compact();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #remember(entry: ProjectedEntry): void {
    const entries = this.#known.get(entry.path) ?? [];
    this.#known.set(entry.path, [...entries.filter((each) => each.sha256 !== entry.sha256), entry].slice(-keptPerPath));
  }

  #entryCount(): number {
    return this.#known.size * keptPerPath;
  }

  async #open(): Promise<DurableFile> {
    await makeFolder(dirname(this.#path), this.#files);
    const how = this.#files.identityOf(this.#path) === null ? 'create' : 'existing';
    const file = await this.#files.open(this.#path, how);
    this.#endBytes = file.sizeBytes;
    return file;
  }

  async #load(): Promise<boolean> {
    const text = await readText(this.#path);
    let isWhole = text === '' || text.endsWith('\n');
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const read = readLine(line);
      if (read === null) isWhole = false;
      else if ('events' in read) this.#eventsSeq = read.events;
      else this.#remember(read);
      this.#lines += 1;
    }
    return isWhole;
  }

  async #compact(): Promise<void> {
    await this.close();
    await makeFolder(dirname(this.#path), this.#files);
    const entries = [...this.#known.values()].flat();
    const text = entries.map(entryLine).join('') + `${JSON.stringify({ events: this.#eventsSeq })}\n`;
    await durableReplace(this.#path, text, { clock: this.#clock, files: this.#files, within: dirname(this.#path) });
    this.#lines = entries.length + 1;
  }
}

const entryLine = (entry: ProjectedEntry): string => `${JSON.stringify([entry.path, entry.sha256, entry.seq])}\n`;

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function readLine(line: string): ProjectedEntry | { readonly events: number } | null {
  try {
    const value: unknown = JSON.parse(line);
    if (Array.isArray(value)) {
      const [path, sha256, seq] = value as unknown[];
      return typeof path === 'string' && typeof sha256 === 'string' && typeof seq === 'number' ? { path, sha256, seq } : null;
    }
    const events = typeof value === 'object' && value !== null && 'events' in value ? value.events : null;
    return typeof events === 'number' ? { events } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
