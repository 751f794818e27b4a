import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  await writeFile(join(seed.sessionDir, 'workspace_context.md'), seed.context);
  for (const path of seed.copies) await copyIfThere(path, join(seed.sessionDir, path.slice(path.lastIndexOf('/') + 1)));
  for (const { name, bytes } of seed.documents) await writeFile(join(folder, name), bytes);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const takenBack = /^[a-z][a-z0-9_-]{0,60}\.md$/;
const documentLimit = 2 * 1024 * 1024;

/** Documents that a turn changed or added in its session's folder, `before` holding their hashes at its start; too large or oddly named ones are told in `notes`. */
export async function takeBackDocuments(
  sessionDir: string,
  before: ReadonlyMap<string, string>,
): Promise<{ readonly changed: SessionDocument[]; readonly notes: string[] }> {
  const changed: SessionDocument[] = [];
  const notes: string[] = [];
  for (const entry of await entriesOf(documentsFolder(sessionDir))) {
    if (!entry.isFile() || !takenBack.test(entry.name)) {
      notes.push(`${entry.name} in the session's shared_workspace was left out: only plain .md files are taken back.`);
      continue;
    }
    const bytes = await readFile(join(documentsFolder(sessionDir), entry.name));
    if (bytes.length > documentLimit)
      notes.push(`${entry.name} was left out: it has ${bytes.length} bytes, and ${documentLimit} is the limit.`);
    else if (before.get(entry.name) !== sha256(bytes)) changed.push({ name: entry.name, bytes });
  }
  return { changed, notes };
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
