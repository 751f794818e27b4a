import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { clearPlace, CopyReader, makeEqual } from './session-copies.js';

/** A document for a role to read; `bytes` as they are now. */
export interface SessionDocument {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is put into a session's folder. All paths absolute. */
export interface SessionSeed {
  readonly sessionDir: string;
  /** A folder that was filled ahead for a session of this role. */
  readonly spareDir: string;
  /** Files and folders of the role's folder and the workspace, copied under their own name; one that is not there any more goes. */
  readonly copies: readonly string[];
  /** All that is in its `shared_workspace`. */
  readonly documents: readonly SessionDocument[];
  /** What `workspace_context.md` says. */
  readonly context: (room: SessionRoom) => string;
}

/** What is in a session's folder, by the names at its top, and what could not be copied, each as `name why`. */
export interface SessionRoom {
  readonly names: readonly string[];
  readonly leftOut: readonly string[];
}

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** A session's folder name: 32 hexadecimal digits of its key (sprint-runtime 4.1). */
export const sessionFolderName = (sessionKey: string): string => sha256(sessionKey).slice(0, 32);

const documentsName = 'shared_workspace';
const documentsFolder = (sessionDir: string): string => join(sessionDir, documentsName);

/** Puts the folder that was filled ahead in the place of an empty one; what it lacks or has too much is mended as in any other. */
function takeSpare({ sessionDir, spareDir }: SessionSeed): void {
  if (lstatSync(spareDir, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  try {
    rmdirSync(sessionDir);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) return;
    if (code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(sessionDir), { recursive: true });
  renameSync(spareDir, sessionDir);
}

/**
 * Fills the spare folder as the session's is filled, unless there is one. What a kill leaves of it is as good as none: whoever takes it
 * puts the rest there.
 */
export async function fillSpare(seed: SessionSeed): Promise<void> {
  if (lstatSync(seed.spareDir, { throwIfNoEntry: false }) === undefined) await fill({ ...seed, sessionDir: seed.spareDir });
}

/**
 * Makes a session's folder hold copies, never links (rules 6), so that a turn can write there without touching the workspace. Only what
 * differs is written, whatever an earlier turn did to it; other files of the session's own stay.
 */
export async function seedSession(seed: SessionSeed): Promise<void> {
  takeSpare(seed);
  await fill(seed);
}

async function fill(seed: SessionSeed): Promise<void> {
  const { sessionDir, copies, documents, context } = seed;
  await mkdir(sessionDir, { recursive: true });
  const reader = new CopyReader();
  const nodes = reader.readAll(copies);
  nodes.set(documentsName, new Map(documents.map(({ name, bytes }) => [name, bytes])));
  const room = { names: [...nodes.keys()], leftOut: reader.leftOut };
  nodes.set('workspace_context.md', Buffer.from(context(room)));
  for (const name of copies.map((path) => basename(path))) if (!nodes.has(name)) clearPlace(join(sessionDir, name));
  for (const [name, node] of nodes) makeEqual(join(sessionDir, name), node);
}

/** Documents that the runtime renders itself, and pages that are the whole team's; a turn's version of them is not taken back. */
export const keptAsTheyAre = new Set<string>([
  'backlog.md',
  'completed_backlog.md',
  'current_sprint.md',
  'todo_backlog.md',
  'iteration_log.md',
  'index.md',
  'report.md',
  'kickoff.md',
  'planning.md',
  'decision_log.md',
  'shared_history.md',
  'sync_contract.md',
  'project_schedule.md',
]);

const takenBack = /^[a-z][a-z0-9_-]{0,60}\.md$/;
const documentLimit = 2 * 1024 * 1024;
const documentsAtMost = 200;

/** Documents that a turn changed or added in its session's folder, `before` holding their hashes at its start; too large or oddly named ones are told in `notes`. */
export function takeBackDocuments(
  sessionDir: string,
  before: ReadonlyMap<string, string>,
): { readonly changed: SessionDocument[]; readonly notes: string[] } {
  const folder = documentsFolder(sessionDir);
  const changed: SessionDocument[] = [];
  const notes: string[] = [];
  const entries = entriesOf(folder);
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
    const { size } = lstatSync(path);
    if (size > documentLimit) {
      notes.push(`${entry.name} was left out: it has ${size} bytes, and ${documentLimit} is the limit.`);
      continue;
    }
    // At once, as with what was put there.
    const bytes = readFileSync(path);
    if (before.get(entry.name) !== sha256(bytes)) changed.push({ name: entry.name, bytes });
  }
  return { changed, notes };
}

/** null when something else than a folder stands there, such as a link to a folder of somebody else's. */
function entriesOf(folder: string) {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
