import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './git-context.js';
import { listFiles, readFileOf } from './read-objects.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';
import { isMissing } from './worktree-place.js';

const FILTER_FAILED = /(smudge|clean|external) filter .*failed|external filter '.*' failed/i;
const POINTER = 'version https://git-lfs.github.com/spec/';

/** A sentence when git said that a content filter failed; null otherwise. */
export function filterFailure(stderr: string, path: string): string | null {
  if (!FILTER_FAILED.test(stderr)) return null;
  const line = stderr.split('\n').find((candidate) => FILTER_FAILED.test(candidate)) ?? '';
  return `Could not check out ${path}: a content filter failed (${line.trim()}). Install what the filter needs (for LFS: \`git lfs install\`), then try again.`;
}

async function startsAsPointer(path: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isFile()) return false;
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const head = Buffer.alloc(POINTER.length);
      await file.read(head, 0, head.length, 0);
      return head.toString('latin1') === POINTER;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** A sentence when files that belong to Git LFS were checked out as pointers; null when there are none. */
export async function pointerFiles(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  commit: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const files = await listFiles(context, commit, place.gitDir);
  const attributes = files.filter((file) => file === '.gitattributes' || file.endsWith('/.gitattributes'));
  const texts = await Promise.all(attributes.map((file) => readFileOf(context, commit, file, place.gitDir)));
  if (!texts.some((text) => text?.includes('filter=lfs'))) return null;
  const answer = await context.git.must({
    place,
    env,
    args: ['check-attr', '-z', '--stdin', 'filter'],
    stdin: files.map((file) => `${file}\0`).join(''),
    readsOnly: true,
  });
  const parts = splitNul(answer.text);
  const pointers: string[] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const file = parts[at] ?? '';
    if (parts[at + 2] === 'lfs' && (await startsAsPointer(join(place.workTree, file)))) pointers.push(file);
  }
  if (pointers.length === 0) return null;
  const named = pointers.slice(0, 3).join(', ');
  return `Could not check out ${place.workTree}: ${pointers.length} Git LFS file(s) would be pointers instead of content (${named}). Run \`git lfs install\` and \`git lfs pull\` in the project, then try again.`;
}
