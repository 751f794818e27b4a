import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRepository } from '../ports/git-repository.js';

/** How a file looked, as cheaply as that can be told. */
type Marks = ReadonlyMap<string, string>;

async function markOf(path: string): Promise<string> {
  const found = await lstat(path, { bigint: true }).catch(() => null);
  if (found === null) return 'absent';
  return [found.mode, found.size, found.ino, found.mtimeNs, found.ctimeNs].join(' ');
}

/** Notes how the files of a checkout look before something runs on them. */
export async function noteMarks(checkout: string, paths: readonly string[]): Promise<Marks> {
  const marks = new Map<string, string>();
  for (const path of paths) marks.set(path, await markOf(join(checkout, path)));
  return marks;
}

async function isAsInTree(git: Pick<GitRepository, 'readFile'>, tree: string, checkout: string, path: string): Promise<boolean> {
  const found = await lstat(join(checkout, path)).catch(() => null);
  if (found?.isFile() !== true) return false;
  const bytes = await git.readFile(tree, path);
  return bytes !== null && bytes.length === found.size && bytes.equals(await readFile(join(checkout, path)));
}

/** The noted files whose content is no longer the tree's, sorted. No program of the checkout and no git in it is asked. */
export async function changedSince(
  marks: Marks,
  git: Pick<GitRepository, 'readFile'>,
  at: { readonly checkout: string; readonly tree: string },
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [path, mark] of marks) {
    if ((await markOf(join(at.checkout, path))) === mark) continue;
    if (!(await isAsInTree(git, at.tree, at.checkout, path))) changed.push(path);
  }
  return changed.sort();
}

/** Whether a file still holds exactly this text; anything else that stands in its place counts as another text. */
export async function holds(path: string, text: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isFile() === true && found.size === Buffer.byteLength(text) && (await readFile(path, 'utf8')) === text;
}
