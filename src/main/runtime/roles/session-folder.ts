import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A document for a role to read; `bytes` as they are now. */
export interface SessionDocument {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is put into a session's folder. All paths absolute. */
export interface SessionSeed {
  readonly sessionDir: string;
  /** Files of the role folder and the workspace, copied under their own name when they exist. */
  readonly copies: readonly string[];
  readonly documents: readonly SessionDocument[];
  readonly context: string;
}

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** A session's folder name: 32 hexadecimal digits of its key (sprint-runtime 4.1). */
export const sessionFolderName = (sessionKey: string): string => sha256(sessionKey).slice(0, 32);

const documentsFolder = (sessionDir: string): string => join(sessionDir, 'shared_workspace');

/** Fills a session's folder with copies, never links (rules 6), so that a turn can write there without touching the workspace. */
export async function seedSession(seed: SessionSeed): Promise<void> {
  const folder = documentsFolder(seed.sessionDir);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const copies = new Map<string, string>();
  for (const path of seed.copies) copies.set(path.slice(path.lastIndexOf('/') + 1), path);
  await Promise.all([
    writeAnew(join(seed.sessionDir, 'workspace_context.md'), seed.context),
    ...[...copies].map(async ([name, path]) => {
      const bytes = await readIfThere(path);
      if (bytes !== null) await writeAnew(join(seed.sessionDir, name), bytes);
    }),
    ...seed.documents.map(({ name, bytes }) => writeAnew(join(folder, name), bytes)),
  ]);
}

/** An earlier turn of the session may have left a link out of the folder here: it goes, and is not written through. */
async function writeAnew(path: string, content: Buffer | string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, content, { flag: 'wx' });
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}

const takenBack = /^[a-z][a-z0-9_-]{0,60}\.md$/;
const documentLimit = 2 * 1024 * 1024;
const documentsAtMost = 200;

/** Documents that a turn changed or added in its session's folder, `before` holding their hashes at its start; too large or oddly named ones are told in `notes`. */
export async function takeBackDocuments(
  sessionDir: string,
  before: ReadonlyMap<string, string>,
): Promise<{ readonly changed: SessionDocument[]; readonly notes: string[] }> {
  const folder = documentsFolder(sessionDir);
  const changed: SessionDocument[] = [];
  const notes: string[] = [];
  const entries = await entriesOf(folder);
  if (entries === null) notes.push("The session's shared_workspace was left out: the turn put something else in the folder's place.");
  if (entries !== null && entries.length > documentsAtMost)
    notes.push(
      `${entries.length - documentsAtMost} files of the session's shared_workspace were left out: ${documentsAtMost} is the limit.`,
    );
  for (const entry of entries?.slice(0, documentsAtMost) ?? []) {
    if (!entry.isFile() || !takenBack.test(entry.name)) {
      notes.push(`${entry.name} in the session's shared_workspace was left out: only plain .md files are taken back.`);
      continue;
    }
    const path = join(folder, entry.name);
    const { size } = await lstat(path);
    if (size > documentLimit) {
      notes.push(`${entry.name} was left out: it has ${size} bytes, and ${documentLimit} is the limit.`);
      continue;
    }
    const bytes = await readFile(path);
    if (before.get(entry.name) !== sha256(bytes)) changed.push({ name: entry.name, bytes });
  }
  return { changed, notes };
}

/** null when something else than a folder stands there, such as a link to a folder of somebody else's. */
async function entriesOf(folder: string) {
  try {
    return (await lstat(folder)).isDirectory() ? await readdir(folder, { withFileTypes: true }) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
