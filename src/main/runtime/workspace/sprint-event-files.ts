import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, systemFiles } from './durable-files.js';
import { codeOf, FileWriteError } from './file-problem.js';
import { refuseLinksBelow } from './no-links.js';
import { lookAt } from './projected-file.js';
import type { SprintEventLine } from './projections/sprint-event-line.js';

interface Position {
  readonly seq: number;
  readonly n: number;
}

const noFollow = constants.O_NOFOLLOW ?? 0;

const isAfter = (line: Position, last: Position): boolean => line.seq > last.seq || (line.seq === last.seq && line.n > last.n);

/** Lines behind `last` in order, each once: after a kill some come from the journal and from memory. */
function freshLines(lines: readonly SprintEventLine[], last: Position): SprintEventLine[] {
  let end = last;
  return [...lines]
    .sort((a, b) => a.seq - b.seq || a.n - b.n)
    .filter((line) => {
      const isFresh = isAfter(line, end);
      if (isFresh) end = line;
      return isFresh;
    });
}

/** Appends to the sprints' event files; a line that a file has already is left out, a torn last line is cut off first. */
export class SprintEventFiles {
  readonly #workspace: string;
  readonly #pathOf: (sprintId: string) => string;
  readonly #last = new Map<string, Position>();
  readonly #stamps = new Map<string, string>();
  #tail: Promise<void> = Promise.resolve();

  constructor(options: { readonly workspaceDir: string; readonly pathOf: (sprintId: string) => string }) {
    this.#workspace = options.workspaceDir;
    this.#pathOf = options.pathOf;
  }

  append(sprintId: string, lines: readonly SprintEventLine[]): Promise<void> {
    return this.#alone(() => this.#append(sprintId, lines));
  }

  async #append(sprintId: string, lines: readonly SprintEventLine[]): Promise<void> {
    const path = this.#pathOf(sprintId);
    try {
      refuseLinksBelow(this.#workspace, path);
      await makeFolder(dirname(path), systemFiles);
      const last = this.#last.get(sprintId) ?? (await lastPosition(path));
      const fresh = freshLines(lines, last);
      const newest = fresh.at(-1);
      if (newest) {
        await appendText(path, fresh.map((line) => `${line.text}\n`).join(''));
        this.#last.set(sprintId, { seq: newest.seq, n: newest.n });
        const disk = await lookAt(path);
        if (disk.kind === 'file') this.#stamps.set(sprintId, disk.stamp);
      } else this.#last.set(sprintId, last);
    } catch (error) {
      this.#last.delete(sprintId);
      throw FileWriteError.from(path, error);
    }
  }

  /** A look in the middle of an append would take our own half-noted write for somebody else's. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Looks at the file again before the next append, as somebody else may have changed it. */
  forget(sprintId: string): void {
    this.#last.delete(sprintId);
    this.#stamps.delete(sprintId);
  }

  /** Whether the file is as the last append left it. */
  inspect(sprintId: string): Promise<'same' | 'missing' | 'foreign' | 'link'> {
    return this.#alone(() => this.#inspect(sprintId));
  }

  async #inspect(sprintId: string): Promise<'same' | 'missing' | 'foreign' | 'link'> {
    const disk = await lookAt(this.#pathOf(sprintId));
    if (disk.kind === 'missing') return 'missing';
    if (disk.kind !== 'file') return 'link';
    const stamp = this.#stamps.get(sprintId);
    return stamp === undefined || stamp === disk.stamp ? 'same' : 'foreign';
  }
}

async function appendText(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | noFollow, 0o644);
  try {
    await file.writeFile(text, 'utf8');
  } finally {
    await file.close();
  }
}

/** Cuts a torn last line off and reads where the file ends. */
async function lastPosition(path: string): Promise<Position> {
  const start: Position = { seq: 0, n: -1 };
  try {
    const file = await open(path, constants.O_RDWR | noFollow);
    try {
      const text = await file.readFile('utf8');
      const wholeText = text.slice(0, text.lastIndexOf('\n') + 1);
      if (wholeText.length < text.length) await file.truncate(Buffer.byteLength(wholeText));
      const line = wholeText.trimEnd().split('\n').at(-1) ?? '';
      return line === '' ? start : (positionOf(line) ?? start);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return start;
    throw error;
  }
}

function positionOf(line: string): Position | null {
  try {
    const value = JSON.parse(line) as { readonly seq?: unknown; readonly n?: unknown };
    return typeof value.seq === 'number' && typeof value.n === 'number' ? { seq: value.seq, n: value.n } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
