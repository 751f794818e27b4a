import { constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { GitContext } from './git-context.js';
import type { GitPlace } from './run-git.js';
import { isMissing } from './worktree-place.js';

/** Larger files are left out, with a note. */
export const MAX_COPIED_BYTES = 16 * 1024 * 1024;

type Refusal = string;

/** Whether a path leads through folders only, none of them a link; `missing` when it ends early. */
async function walkFolders(root: string, parts: readonly string[]): Promise<'folders' | 'link' | 'missing'> {
  let at = root;
  for (const part of parts) {
    at = join(at, part);
    try {
      const entry = await lstat(at);
      if (entry.isSymbolicLink() || !entry.isDirectory()) return 'link';
    } catch (error) {
      if (isMissing(error)) return 'missing';
      throw error;
    }
  }
  return 'folders';
}

async function readPlainFile(path: string): Promise<{ readonly bytes: Buffer; readonly mode: number } | Refusal> {
  try {
    const entry = await lstat(path);
    if (!entry.isFile()) return 'it is not a plain file';
    if (entry.size > MAX_COPIED_BYTES) return `it is larger than ${MAX_COPIED_BYTES} bytes`;
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return { bytes: await file.readFile(), mode: entry.mode & 0o777 };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return 'the project has no such file';
    throw error;
  }
}

async function copyOne(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  root: string,
  path: string,
): Promise<Refusal | null> {
  const plain = normalize(path);
  const parts = plain.split(sep);
  if (isAbsolute(plain) || parts.includes('..') || parts.includes('.git')) return 'it is not a path below the project';
  const ignored = await context.git.run({ place, args: ['check-ignore', '-q', '--', plain], literalPaths: false, readsOnly: true });
  if (ignored.exitCode !== 0) return 'git does not ignore it there, so it would be committed';
  const folders = parts.slice(0, -1);
  if ((await walkFolders(root, folders)) === 'link') return 'a link or file stands in its way in the project';
  const source = await readPlainFile(join(root, plain));
  if (typeof source === 'string') return source;
  if ((await walkFolders(place.workTree, folders)) === 'link') return 'a link or file stands in its way in the worktree';
  const target = join(place.workTree, plain);
  await mkdir(dirname(target), { recursive: true });
  try {
    const file = await open(target, 'wx', source.mode);
    try {
      await file.writeFile(source.bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'something stands there already';
    throw error;
  }
  return null;
}

/** Copies named ignored files from the project into a worktree, following no link; a note for each that was left out, and why. */
export async function copyIgnored(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  paths: readonly string[],
): Promise<readonly string[]> {
  const { root } = await context.layout();
  const notes: string[] = [];
  for (const path of paths) {
    const refusal = await copyOne(context, place, root, path);
    if (refusal !== null) notes.push(`Did not copy ${path} into the worktree: ${refusal}.`);
  }
  return notes;
}
