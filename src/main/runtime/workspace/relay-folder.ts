import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { RelayFiles } from '../ports/relay.js';
import { codeOf, FileWriteError } from './file-problem.js';
import { workspaceLayout } from './layout.js';
import type { WorkspaceLayout } from './layout.js';
import { refuseLinksBelow } from './no-links.js';
import { lookAt, readPlain } from './projected-file.js';

/** The relay's folder below `.teams_runtime/internal_relay`. */
export class RelayFolder implements RelayFiles {
  readonly #workspace: string;
  readonly #layout: WorkspaceLayout;
  readonly #writer: { write(path: string, content: string): Promise<void> };

  constructor(options: { readonly workspaceDir: string; readonly writer: { write(path: string, content: string): Promise<void> } }) {
    this.#workspace = options.workspaceDir;
    this.#layout = workspaceLayout(options.workspaceDir);
    this.#writer = options.writer;
  }

  async list(role: string): Promise<{ readonly names: readonly string[]; readonly refused: readonly string[] }> {
    const folder = this.#layout.runtime.relayInbox(role);
    refuseLinksBelow(this.#workspace, folder);
    const files: { name: string; order: string }[] = [];
    const refused: string[] = [];
    for (const name of await namesIn(folder)) {
      // Files that are being written: ours (`write-file-atomic` adds a number) and those of careful others (`.name.tmp`).
      if (name.startsWith('.') || !name.endsWith('.json')) continue;
      const disk = await lookAt(join(folder, name));
      if (disk.kind === 'file') files.push({ name, order: disk.stamp.split(':').at(-1) ?? '' });
      else if (disk.kind !== 'missing') refused.push(name);
    }
    files.sort((a, b) => a.order.length - b.order.length || a.order.localeCompare(b.order) || a.name.localeCompare(b.name));
    return { names: files.map(({ name }) => name), refused };
  }

  async read(role: string, name: string, maxBytes: number): Promise<Uint8Array | 'too-large' | null> {
    const path = this.#inboxPath(role, name);
    refuseLinksBelow(this.#workspace, path);
    const disk = await lookAt(path);
    if (disk.kind !== 'file') return null;
    return disk.sizeBytes > maxBytes ? 'too-large' : readPlain(path);
  }

  write(role: string, name: string, text: string): Promise<void> {
    return this.#writer.write(this.#inboxPath(role, name), text);
  }

  writeArchive(role: string, name: string, text: string): Promise<void> {
    return this.#writer.write(join(this.#layout.runtime.relayArchive(role), plainName(name)), text);
  }

  async hasArchived(role: string, name: string): Promise<boolean> {
    return (await lookAt(join(this.#layout.runtime.relayArchive(role), plainName(name)))).kind === 'file';
  }

  async remove(role: string, name: string): Promise<void> {
    const path = this.#inboxPath(role, name);
    refuseLinksBelow(this.#workspace, path);
    await rm(path, { force: true });
  }

  async move(role: string, name: string, to: 'archive' | 'dead-letter', stem: string): Promise<string> {
    const from = this.#inboxPath(role, name);
    const folder = to === 'archive' ? this.#layout.runtime.relayArchive(role) : this.#layout.runtime.relayDeadLetter(role);
    try {
      refuseLinksBelow(this.#workspace, from);
      refuseLinksBelow(this.#workspace, join(folder, 'any'));
      await mkdir(folder, { recursive: true });
      const target = await freeName(folder, stem);
      await rename(from, target);
      return relative(this.#workspace, target).split(sep).join('/');
    } catch (error) {
      throw FileWriteError.from(from, error);
    }
  }

  placeOf(role: string, name: string): string {
    return relative(this.#workspace, this.#inboxPath(role, name)).split(sep).join('/');
  }

  #inboxPath(role: string, name: string): string {
    return join(this.#layout.runtime.relayInbox(role), plainName(name));
  }
}

function plainName(name: string): string {
  if (name !== basename(name) || name === '' || name === '.' || name === '..')
    throw new Error(`"${name}" is not the name of a file in a folder.`);
  return name;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function freeName(folder: string, stem: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const path = join(folder, n === 1 ? `${stem}.json` : `${stem}-${n}.json`);
    if ((await lookAt(path)).kind === 'missing') return path;
  }
}
