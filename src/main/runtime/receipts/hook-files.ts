import { access, constants, cp, lstat, mkdir, readdir, readFile, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { HooksFolder } from '../ports/git-repository.js';
import { hashOf, sha256 } from './canonical-json.js';
import { makePlainFolders } from './plain-folders.js';

/** The hooks of a commit that can stop it, in git's order; the others (prepare-commit-msg, post-commit, …) are never run. */
export const hookNames = ['pre-commit', 'commit-msg'] as const;
export type HookName = (typeof hookNames)[number];

/** A hook that git would run, by its path in the checkout. */
export interface HookFile {
  readonly name: HookName;
  readonly path: string;
}

const hooksInRepository = '.git/hooks';

async function isExecutable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return (
    found?.isFile() === true &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  );
}

/** The names of hooks that stand ready in a folder and can stop a commit, and of those that git would run and the runtime does not. */
export async function standingHooks(
  folder: HooksFolder,
): Promise<{ readonly run: readonly string[]; readonly leftOut: readonly string[] }> {
  const source = folder.kind === 'own' ? folder.path : join(folder.root, folder.path);
  const ready = async (names: readonly string[]): Promise<readonly string[]> => {
    const found = await Promise.all(names.map(async (name) => ((await isExecutable(join(source, name))) ? [name] : [])));
    return found.flat();
  };
  return {
    run: await ready(hookNames),
    leftOut: await ready(['prepare-commit-msg', 'post-commit', 'post-merge', 'reference-transaction']),
  };
}

/** Whether there can be a hook at all, so that most commits need no checkout for it. */
export async function mayHaveHooks(folder: HooksFolder, trackedFiles: readonly string[]): Promise<boolean> {
  const source = folder.kind === 'own' ? folder.path : join(folder.root, folder.path);
  for (const name of hookNames) {
    if (await isExecutable(join(source, name))) return true;
    if (folder.kind === 'in-checkout' && trackedFiles.includes(`${folder.path}/${name}`)) return true;
  }
  return false;
}

/** A link into the project leads to the same file of the checkout; any other is followed, as its end is not there in the jail. */
async function copyOwnEntry(folder: Extract<HooksFolder, { kind: 'own' }>, checkout: string, name: string): Promise<void> {
  const from = join(folder.path, name);
  const to = join(checkout, hooksInRepository, name);
  const target = await realpath(from).catch(() => null);
  // A link to nowhere, a pipe or a socket is no hook and no part of one.
  if (target === null) return;
  const inProject = relative(folder.root, target).split(sep);
  const isLink = (await lstat(from)).isSymbolicLink();
  if (isLink && inProject[0] !== '..' && inProject[0] !== '.git') {
    await symlink(join('..', '..', ...inProject), to);
    return;
  }
  const found = await stat(target);
  if (found.isFile() || found.isDirectory()) await cp(target, to, { recursive: true, dereference: true });
}

async function copyOwn(folder: Extract<HooksFolder, { kind: 'own' }>, checkout: string): Promise<void> {
  await mkdir(join(checkout, hooksInRepository), { recursive: true });
  const names = await readdir(folder.path).catch(() => []);
  for (const name of names.filter((each) => !each.endsWith('.sample'))) await copyOwnEntry(folder, checkout, name);
}

/** What a tool such as husky keeps beside the tracked hooks: files that git does not know are the person's own, and come from there. */
async function copyUntracked(
  folder: Extract<HooksFolder, { kind: 'in-checkout' }>,
  checkout: string,
  isTracked: (path: string) => boolean,
): Promise<void> {
  const source = join(folder.root, folder.path);
  const entries = folder.path === '.' ? [] : await readdir(source, { recursive: true, withFileTypes: true }).catch(() => []);
  // What is in an `.env` is nobody's hook.
  for (const entry of entries.filter((each) => each.isFile() && !each.name.startsWith('.env'))) {
    const from = join(entry.parentPath, entry.name);
    const path = relative(folder.root, from).split(sep).join('/');
    if (isTracked(path) || !(await makePlainFolders(checkout, path, false))) continue;
    const isThere = (await lstat(join(checkout, path)).catch(() => null)) !== null;
    if (!isThere) await cp(from, join(checkout, path));
  }
}

/**
 * Brings the hooks into a checkout that is a repository of its own, and returns those that git would run there. What the checkout's
 * tree has of them stays as the tree has it; `isTracked` says which of the person's files came from a commit.
 */
export async function bringHooks(
  folder: HooksFolder,
  checkout: string,
  isTracked: (path: string) => boolean,
): Promise<readonly HookFile[]> {
  if (folder.kind === 'own') await copyOwn(folder, checkout);
  else await copyUntracked(folder, checkout, isTracked);
  const inside = folder.kind === 'own' ? hooksInRepository : folder.path;
  const found: HookFile[] = [];
  for (const name of hookNames) {
    const path = `${inside}/${name}`;
    if (await isExecutable(join(checkout, path))) found.push({ name, path });
  }
  return found;
}

/** SHA-256 over everything that lies beside the hooks, which may be part of them. */
export async function hooksHash(hooks: readonly HookFile[], checkout: string): Promise<string> {
  const [first] = hooks;
  if (first === undefined) return hashOf([]);
  const folder = join(checkout, dirname(first.path));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: (readonly [string, string])[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    // A link may lead to anything, also to what has no end; a file that it leads to in the checkout is part of the tree.
    if (entry.isFile()) files.push([relative(folder, path), sha256(await readFile(path))]);
    else if (entry.isSymbolicLink()) files.push([relative(folder, path), await readlink(path)]);
  }
  return hashOf(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
