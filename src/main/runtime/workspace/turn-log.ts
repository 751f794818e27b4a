import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ByteRange, TextPage } from '../ports/text-page.js';
import { pageAt, pageText } from '../platform/page-text.js';
import { codeOf } from './file-problem.js';

/** Most bytes that one turn's log gets. */
const largestLogBytes = 16 * 1024 * 1024;

/** What turns say and do, as text in a file per turn, for people who look at it. It is told live, and is no part of the journal. */
export class TurnLogs {
  readonly #pathOf: (turnId: string) => string;
  readonly #sizes = new Map<string, number>();
  readonly #onProblem: (line: string) => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(pathOf: (turnId: string) => string, onProblem: (line: string) => void) {
    this.#pathOf = pathOf;
    this.#onProblem = onProblem;
  }

  /** Appends lines in the order of the calls; what cannot be written is told once and left out. */
  append(turnId: string, text: string): void {
    this.#writing = this.#writing.then(() => this.#append(turnId, text)).catch((error: unknown) => this.#onProblem(String(error)));
  }

  /** Waits for all that was appended. */
  drain(): Promise<void> {
    return this.#writing;
  }

  /** A page of a turn's log; an empty one where it said nothing. */
  async page(turnId: string, range: ByteRange): Promise<TextPage> {
    await this.#writing;
    const file = await open(this.#pathOf(turnId), 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return { text: '', from: 0, to: 0, size: 0 };
    try {
      const { size } = await file.stat();
      const { from, to } = pageAt(size, range);
      const bytes = Buffer.alloc(to - from);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return pageText(bytes.subarray(0, bytesRead), from, size);
    } finally {
      await file.close();
    }
  }

  async #append(turnId: string, text: string): Promise<void> {
    const path = this.#pathOf(turnId);
    const before = this.#sizes.get(turnId) ?? (await sizeOf(path));
    const bytes = Buffer.byteLength(text);
    if (before > largestLogBytes) return;
    const isLast = before + bytes > largestLogBytes;
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, isLast ? '(The turn said more than is kept here.)\n' : text, { mode: 0o600 });
    this.#sizes.set(turnId, isLast ? largestLogBytes + 1 : before + bytes);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    await file.close();
    return size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
