import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';

// All of it is a few dozen small files, of which mostly nothing is to be written: handing each call to a thread costs more than the calls.

/** The bytes of a file, or what is in a folder, by name. */
export type RoomNode = Buffer | ReadonlyMap<string, RoomNode>;

const largestBytes = 1024 * 1024;
const allBytesAtMost = 16 * largestBytes;
const filesAtMost = 300;
const foldersDeepAtMost = 6;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const kindAt = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** Reads what is to be copied; what is no plain file, too large or too much is named in `leftOut`, as part of a sentence. */
export class CopyReader {
  readonly leftOut: string[] = [];
  #files = 0;
  #bytes = 0;

  /** Each file or folder by its own name; what is not there is left away. */
  readAll(paths: readonly string[]): Map<string, RoomNode> {
    const found = new Map<string, RoomNode>();
    for (const path of paths) {
      const node = this.#read(path, basename(path), 0);
      if (node !== null) found.set(basename(path), node);
    }
    return found;
  }

  #read(path: string, name: string, depth: number): RoomNode | null {
    try {
      const kind = kindAt(path);
      if (kind === undefined) return null;
      if (kind.isDirectory()) return depth < foldersDeepAtMost ? this.#folder(path, name, depth) : this.#without(name, 'lies too deep');
      // What it leads to may be anything that this program may read.
      if (kind.isSymbolicLink()) return this.#without(name, 'is a link');
      if (!kind.isFile()) return this.#without(name, 'is no plain file');
      if (kind.size > largestBytes) return this.#without(name, `has ${kind.size} bytes, and ${largestBytes} is the limit`);
      if (this.#files >= filesAtMost || this.#bytes + kind.size > allBytesAtMost) return this.#without(name, 'is too much for one session');
      this.#files += 1;
      this.#bytes += kind.size;
      return readFileSync(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      if (!['EACCES', 'EPERM'].includes(codeOf(error))) throw error;
      return this.#without(name, 'may not be read');
    }
  }

  #folder(path: string, name: string, depth: number): RoomNode {
    const found = new Map<string, RoomNode>();
    for (const entry of readdirSync(path).sort()) {
      const node = this.#read(join(path, entry), `${name}/${entry}`, depth + 1);
      if (node !== null) found.set(entry, node);
    }
    return found;
  }

  #without(name: string, why: string): null {
    this.leftOut.push(`${name} ${why}`);
    return null;
  }
}

/** An unlinked, readable file of these bytes stands there already. */
const holds = (path: string, { nlink, mode, size }: Stats, bytes: Buffer): boolean =>
  nlink === 1 && (mode & 0o600) === 0o600 && size === bytes.length && readFileSync(path).equals(bytes);

/** Whether the bytes could be put into the unlinked file that stands there: a disk finds a new one its place first, which takes it longer. */
function overwrite(path: string, { mode }: Stats, bytes: Buffer): boolean {
  if ((mode & 0o600) !== 0o600) return false;
  const file = openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const opened = fstatSync(file);
    if (!opened.isFile() || opened.nlink !== 1) return false;
    ftruncateSync(file);
    writeFileSync(file, bytes);
    return true;
  } finally {
    closeSync(file);
  }
}

/** A turn may have closed folders of its own to everybody; links are not followed. */
function openUp(path: string): void {
  if (kindAt(path)?.isDirectory() !== true) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openUp(join(path, name));
}

/** Takes away whatever stands there; a link, not what it leads to. */
export function clearPlace(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(codeOf(error))) throw error;
    openUp(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Makes what stands at the path equal the node: what is the same already stays, and nothing is written through a link that a turn left. */
export function makeEqual(path: string, node: RoomNode): void {
  const there = kindAt(path);
  if (Buffer.isBuffer(node)) {
    if (there?.isFile() === true && (holds(path, there, node) || overwrite(path, there, node))) return;
    if (there !== undefined) clearPlace(path);
    writeFileSync(path, node, { flag: 'wx' });
    return;
  }
  if (there?.isDirectory() === true && (there.mode & 0o700) !== 0o700) chmodSync(path, 0o755);
  if (there !== undefined && !there.isDirectory()) clearPlace(path);
  if (there?.isDirectory() !== true) mkdirSync(path);
  else for (const name of readdirSync(path)) if (!node.has(name)) clearPlace(join(path, name));
  for (const [name, child] of node) makeEqual(join(path, name), child);
}
