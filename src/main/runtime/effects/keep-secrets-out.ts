import { lstat, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { SecretGuard } from '../ports/secret-guard.js';

/** A file of a checkout with secrets in it, by their names. */
export interface SecretInFile {
  readonly path: string;
  readonly names: readonly string[];
}

async function kindOf(path: string): Promise<'file' | 'link' | 'folder' | 'none'> {
  try {
    const found = await lstat(path);
    return found.isFile() ? 'file' : found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'none';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'none';
    throw error;
  }
}

/** Content of a file or a link's target, with its own path: a secret may stand in each. */
async function namesIn(root: string, path: string, secrets: SecretGuard): Promise<readonly string[]> {
  const kind = await kindOf(join(root, path));
  if (kind === 'none' || kind === 'folder') return [];
  const content = kind === 'file' ? await readFile(join(root, path)) : Buffer.from(await readlink(join(root, path)));
  return [...new Set([...secrets.find(content), ...secrets.find(Buffer.from(path))])];
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
    const names = await namesIn(worktree.path, path, secrets);
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
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'EACCES', 'EPERM'].includes(error.code ?? '')) return null;
    throw error;
  });
  const { bytes, names } = content === null ? { bytes: null, names: [] } : secrets.redactBytes(content);
  if (bytes === null || names.length === 0) return;
  const { mode } = await lstat(path);
  await rm(path, { force: true });
  await writeFile(path, bytes, { mode });
}

/** Takes the secrets out of these files, before anything of them is kept; a link or a name that holds one goes altogether. */
export async function cleanCheckout(root: string, files: readonly SecretInFile[], secrets: SecretGuard): Promise<void> {
  for (const { path } of files) {
    const isPlain = (await kindOf(join(root, path))) === 'file' && secrets.find(Buffer.from(path)).length === 0;
    if (isPlain) await withoutSecretsIn(join(root, path), secrets);
    else await rm(join(root, path), { force: true });
  }
}

/** Takes the secrets out of every file below a folder of the runtime's own, following no link; `skips` are names of folders below it. */
export async function cleanFolder(folder: string, skips: readonly string[], secrets: SecretGuard): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skips.includes(entry.name)) await cleanFolder(path, [], secrets);
    else if (entry.isFile()) await withoutSecretsIn(path, secrets);
  }
}

const listed = (names: readonly string[]): string => names.join(' and ');

/** What is said of files that a turn wrote secrets into. */
export const writtenSentence = ({ path, names }: SecretInFile): string =>
  `It wrote the value of ${listed(names)} into ${path}, where [secret …] stands now. Read it from the environment instead, or change it if others saw it.`;

/** What is said when a secret stands in work that was to be committed. */
export const commitSentence = (files: readonly SecretInFile[]): string =>
  `${files.map(({ path, names }) => `${path} holds the value of ${listed(names)}`).join(', ')}. Take it out in the worktree, then retry.`;

/** What is noted of a report that quoted secrets. */
export const quotedSentence = (names: readonly string[]): string =>
  `The report quoted the value of ${listed(names)}; it was left out. Change it if others may have seen it.`;
