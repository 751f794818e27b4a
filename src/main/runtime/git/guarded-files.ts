import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitContext } from './git-context.js';
import { keepSnapshot, readSnapshot } from './snapshots.js';
import { isMissing, namesIn, sha256 } from './worktree-place.js';

/** A file that git would obey, as it was. */
interface GuardedFile {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'absent';
  /** What is compared: without the keys that git and people change all the time. */
  readonly meaning: string;
  /** Name of the snapshot with its bytes; null when absent. */
  readonly snapshot: string | null;
  readonly mode: number;
}

/** Files that changed, and what was done about each. */
export interface GuardedChange {
  readonly path: string;
  /** Where what the turn left is kept; null when it left nothing. */
  readonly replacedSnapshot: string | null;
  readonly isRestored: boolean;
}

const ABSENT = { kind: 'absent', meaning: 'absent', snapshot: null, mode: 0 } as const;

// `git push -u`, `git branch` and `git submodule init` write these for people and for parallel turns; none of them runs a program.
const HARMLESS_KEY = /^(branch\..*|submodule\..*\.(url|active))$/s;

async function meaningOf(context: GitContext, path: string, bytes: Buffer): Promise<string> {
  if (!/(^|[/\\])config(\.worktree)?$/.test(path)) return sha256(bytes);
  return context.kept.meanings.of(sha256(bytes), () => meaningOfConfiguration(context, bytes));
}

async function meaningOfConfiguration(context: GitContext, bytes: Buffer): Promise<string> {
  const listed = await context.git.run({
    place: null,
    args: ['config', '-z', '--no-includes', '--file', '-', '--list'],
    stdin: bytes,
    readsOnly: true,
  });
  if (listed.exitCode !== 0) return sha256(bytes);
  const entries = listed.text.split('\0').filter((entry) => !HARMLESS_KEY.test(entry.split('\n')[0] ?? ''));
  return sha256(entries.join('\0'));
}

/** What stands at a path; read at once, as a turn looks at a dozen such small files twice. */
function readEntry(path: string): { readonly kind: 'file' | 'link'; readonly bytes: Buffer; readonly mode: number } | null {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return null;
    if (entry.isSymbolicLink()) return { kind: 'link', bytes: Buffer.from(readlinkSync(path)), mode: 0 };
    return entry.isFile() ? { kind: 'file', bytes: readFileSync(path), mode: entry.mode & 0o777 } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readGuarded(context: GitContext, path: string): Promise<GuardedFile> {
  const entry = readEntry(path);
  if (entry === null) return { path, ...ABSENT };
  const { kind, bytes, mode } = entry;
  const snapshot = await keepSnapshot(context, bytes);
  if (kind === 'file')
    return { path, kind, meaning: `${await meaningOf(context, path, bytes)} ${mode & 0o111 ? 'x' : '-'}`, snapshot, mode };
  const content = await readFile(path).then(sha256, () => 'unreadable');
  return { path, kind, meaning: sha256(`${bytes.toString('utf8')}\n${content}`), snapshot, mode };
}

async function guardedPaths(context: GitContext, adminDir: string): Promise<readonly string[]> {
  const { commonDir } = await context.layout();
  const shared = ['config', 'config.worktree', 'info/attributes', 'info/grafts', 'objects/info/alternates'].map((name) =>
    join(commonDir, name),
  );
  const own =
    adminDir === commonDir ? [] : ['config.worktree', 'commondir', 'gitdir', 'info/attributes'].map((name) => join(adminDir, name));
  const hooks = namesIn(join(commonDir, 'hooks'))
    .filter((name) => !name.endsWith('.sample'))
    .map((name) => join(commonDir, 'hooks', name));
  return [...shared, ...own, ...hooks];
}

/** Reads the files that git would obey in a checkout and keeps them; returns the SHA-256 of their list. */
export async function keepGuardedFiles(context: GitContext, adminDir: string): Promise<string> {
  const paths = await guardedPaths(context, adminDir);
  const files = await Promise.all(paths.map((path) => readGuarded(context, path)));
  return keepSnapshot(context, Buffer.from(JSON.stringify(files)));
}

async function putBack(context: GitContext, before: GuardedFile): Promise<boolean> {
  const bytes = before.snapshot === null ? null : await readSnapshot(context, before.snapshot);
  if (before.kind !== 'absent' && bytes === null) return false;
  if (bytes === null) {
    await rm(before.path, { recursive: true, force: true });
    return true;
  }
  await mkdir(dirname(before.path), { recursive: true });
  const fresh = `${before.path}.muster-new`;
  await rm(fresh, { recursive: true, force: true });
  if (before.kind === 'link') await symlink(bytes.toString('utf8'), fresh);
  else {
    await writeFile(fresh, bytes, { mode: before.mode });
    await chmod(fresh, before.mode);
  }
  // Other turns read these files at the same time, and a repository without its configuration is none: only a folder is taken away first.
  if ((await lstat(before.path).catch(() => null))?.isDirectory() === true) await rm(before.path, { recursive: true, force: true });
  await rename(fresh, before.path);
  return true;
}

/**
 * Compares the files that git would obey with the kept ones and puts back those whose meaning changed; runs no program of the
 * repository. What the turn left is kept as a snapshot, as it could be a person's. null when the kept list is gone.
 */
export async function restoreGuardedFiles(
  context: GitContext,
  adminDir: string,
  listName: string,
): Promise<readonly GuardedChange[] | null> {
  const list = await readSnapshot(context, listName);
  if (list === null) return null;
  const before = JSON.parse(list.toString('utf8')) as readonly GuardedFile[];
  const known = new Map(before.map((file) => [file.path, file]));
  const paths = new Set([...known.keys(), ...(await guardedPaths(context, adminDir))]);
  const found = await Promise.all([...paths].map((path) => readGuarded(context, path)));
  const changes: GuardedChange[] = [];
  for (const is of found) {
    const { path } = is;
    const was: GuardedFile = known.get(path) ?? { path, ...ABSENT };
    if (is.kind === was.kind && is.meaning === was.meaning) continue;
    changes.push({ path, replacedSnapshot: is.snapshot, isRestored: await putBack(context, was) });
  }
  return changes;
}
