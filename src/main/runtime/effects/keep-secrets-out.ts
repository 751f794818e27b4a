import type { Dirent, Stats } from 'node:fs';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { lstat, open, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskText } from '../../../shared/domain/disk-text.js';
import { AT_ONCE_BYTES } from '../platform/read-at-once.js';
import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { SecretGuard } from '../ports/secret-guard.js';

/** A file of a checkout with secrets in it, by their names. */
export interface SecretInFile {
  readonly path: string;
  readonly names: readonly string[];
  /** It is too large to be looked through, so nobody knows. */
  readonly tooLargeBytes?: number;
}

/** A file of a checkout that is larger is not looked through, and so not committed. */
const largestBytes = 256 * 1024 * 1024;
/** Read at a time, and read again with the next part, as a secret may stand across two. */
const partBytes = 4 * 1024 * 1024;
const overlapBytes = 64 * 1024;

/** The bytes of a small plain file, read at once without following what blocks; null for a larger one, which is not read. */
function bytesOfSmall(path: string): Buffer | null {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(file);
    return found.isFile() && found.size <= AT_ONCE_BYTES ? readFileSync(file) : null;
  } finally {
    closeSync(file);
  }
}

/** Names of the secrets in a file, which is read a part at a time where it is large. */
async function namesInFile(path: string, secrets: SecretGuard): Promise<readonly string[]> {
  const small = bytesOfSmall(path);
  if (small !== null) return secrets.find(small);
  const file = await open(path, 'r');
  try {
    const names = new Set<string>();
    const buffer = Buffer.alloc(partBytes + overlapBytes);
    for (let kept = 0; ;) {
      const { bytesRead } = await file.read(buffer, kept, partBytes);
      if (bytesRead === 0) return [...names];
      const end = kept + bytesRead;
      for (const name of secrets.find(buffer.subarray(0, end))) names.add(name);
      kept = Math.min(end, overlapBytes);
      buffer.copyWithin(0, end - kept, end);
    }
  } finally {
    await file.close();
  }
}

function kindOf(path: string): 'file' | 'link' | 'folder' | 'none' {
  try {
    const found = lstatSync(path);
    return found.isFile() ? 'file' : found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'none';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'none';
    throw error;
  }
}

/** Content of a file or a link's target, with its own path: a secret may stand in each. */
async function namesIn(root: string, path: string, secrets: SecretGuard): Promise<readonly string[]> {
  const kind = kindOf(join(root, path));
  if (kind === 'none' || kind === 'folder') return [];
  const inside =
    kind === 'file' ? await namesInFile(join(root, path), secrets) : secrets.find(Buffer.from(await readlink(join(root, path))));
  return [...new Set([...inside, ...secrets.find(Buffer.from(path))])];
}

/** What `look` finds, or `nothing` where the system does not let it. */
function orNothing<T>(look: () => T, nothing: T): T {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return nothing;
  }
}

/** Its size, where it is a file that is too large to be looked through. */
function tooLarge(path: string): number | null {
  const found = orNothing<Stats | null>(() => lstatSync(path), null);
  return found?.isFile() === true && found.size > largestBytes ? found.size : null;
}

/**
 * Files that differ from HEAD and hold a secret that `tree` does not have at the same path. Nothing of them gets into the
 * repository by looking. `tree` empty: nothing is known there.
 */
export async function secretsInCheckout(
  git: GitRepository,
  worktree: WorktreeRecord,
  tree: string,
  secrets: SecretGuard,
): Promise<readonly SecretInFile[]> {
  const found: SecretInFile[] = [];
  for (const path of await git.touchedPaths(worktree)) {
    const tooLargeBytes = tooLarge(join(worktree.path, path));
    if (tooLargeBytes !== null) found.push({ path, names: [], tooLargeBytes });
    const names = tooLargeBytes === null ? await namesIn(worktree.path, path, secrets) : [];
    if (names.length === 0) continue;
    const before = tree === '' ? null : await git.readFile(tree, path);
    const known = new Set(before === null ? [] : secrets.find(before));
    const added = names.filter((name) => !known.has(name));
    if (added.length > 0) found.push({ path, names: added });
  }
  return found;
}

/** What an agent made unreadable cannot be shown by anybody either; what it made read-only is written as a new file. */
async function withoutSecretsIn(path: string, secrets: SecretGuard): Promise<void> {
  const found = await namesInFile(path, secrets).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'EACCES', 'EPERM'].includes(error.code ?? '')) return [];
    throw error;
  });
  if (found.length === 0) return;
  const { mode, size } = await lstat(path);
  // What is too large to be written again without its secrets goes altogether.
  const bytes = size > largestBytes ? null : secrets.redactBytes(await readFile(path)).bytes;
  await rm(path, { force: true });
  if (bytes !== null) await writeFile(path, bytes, { mode });
}

/** Takes the secrets out of these files, before anything of them is kept; a link or a name that holds one goes altogether. */
export async function cleanCheckout(root: string, files: readonly SecretInFile[], secrets: SecretGuard): Promise<void> {
  for (const { path, tooLargeBytes } of files) {
    if (tooLargeBytes !== undefined) continue;
    const isPlain = kindOf(join(root, path)) === 'file' && secrets.find(Buffer.from(path)).length === 0;
    if (isPlain) await withoutSecretsIn(join(root, path), secrets);
    else await rm(join(root, path), { force: true });
  }
}

/** Takes the secrets out of every file below a folder of the runtime's own, following no link; `skips` are names of folders below it. */
export async function cleanFolder(folder: string, skips: readonly string[], secrets: SecretGuard): Promise<void> {
  for (const entry of orNothing<readonly Dirent[]>(() => readdirSync(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skips.includes(entry.name)) await cleanFolder(path, [], secrets);
    else if (entry.isFile()) await withoutSecretsIn(path, secrets);
  }
}

const listed = (names: readonly string[]): string => names.join(' and ');

const unreadSentence = (path: string, bytes: number): string =>
  `${path} has ${diskText(bytes)}, and files of more than ${diskText(largestBytes)} are not looked through for secrets, so it is not committed. Make it smaller or leave it out, then retry.`;

/** What is said of files that a turn wrote secrets into. */
export const writtenSentence = ({ path, names, tooLargeBytes }: SecretInFile): string =>
  tooLargeBytes !== undefined
    ? unreadSentence(path, tooLargeBytes)
    : `It wrote the value of ${listed(names)} into ${path}, where [secret …] stands now. Read it from the environment instead, or change it if others saw it.`;

/** What is said when a secret stands in work that was to be committed, or could stand there unseen. */
export function commitSentence(files: readonly SecretInFile[]): string {
  const large = files.flatMap(({ path, tooLargeBytes }) => (tooLargeBytes === undefined ? [] : [unreadSentence(path, tooLargeBytes)]));
  const holding = files.filter(({ tooLargeBytes }) => tooLargeBytes === undefined);
  const held = holding.map(({ path, names }) => `${path} holds the value of ${listed(names)}`).join(', ');
  return [...(held === '' ? [] : [`${held}. Take it out in the worktree, then retry.`]), ...large].join(' ');
}

/** What is noted of a report that quoted secrets. */
export const quotedSentence = (names: readonly string[]): string =>
  `The report quoted the value of ${listed(names)}; it was left out. Change it if others may have seen it.`;
