import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RebaseResult } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { worktreeAt } from './list-worktrees.js';
import { eraseWorktree, isOccupied, isOurs, makeWorktree, realTarget } from './make-worktree.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';

/** At most so much of a conflict is told. */
export const MAX_CONFLICT_BYTES = 64 * 1024;

/** A checkout of the runtime's own that is gone after its use. */
export type ScratchPlace = GitPlace & { readonly workTree: string };

const isLeftover = (path: string): Promise<boolean> =>
  lstat(join(path, '.git')).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** Frees the path from what a killed run left; a sentence when somebody else's things stand there. */
async function clear(context: GitContext, path: string, what: string): Promise<string | null> {
  const listed = await worktreeAt(context, path);
  if (listed === null ? (await isOccupied(path)) && !(await isLeftover(path)) : !isOurs(listed)) {
    return `Could not ${what} in ${path}: something else stands there. Move it away, then try again.`;
  }
  await eraseWorktree(context, path);
  return null;
}

/** Does its work in a checkout of `base` that is made for it and gone afterwards; `what` is a verb for the sentence of a refusal. */
export async function inScratch<T>(
  context: GitContext,
  at: { readonly path: string; readonly base: string; readonly what: string },
  work: (place: ScratchPlace) => Promise<T>,
): Promise<T | { readonly kind: 'refused'; readonly reason: string }> {
  const path = await realTarget(at.path);
  const reason = await clear(context, path, at.what);
  if (reason !== null) return { kind: 'refused', reason };
  const made = await makeWorktree(context, { path, branch: null, createBranch: false, base: at.base });
  if (made.kind === 'refused') return made;
  try {
    return await work(made.place);
  } finally {
    await eraseWorktree(context, path);
  }
}

/** Files that git could not bring together there. */
export async function unmergedFiles(context: GitContext, place: ScratchPlace): Promise<readonly string[]> {
  const unmerged = await context.git.must({ place, args: ['diff', '--name-only', '-z', '--diff-filter=U'], readsOnly: true });
  return splitNul(unmerged.text);
}

const cutAt = (text: string, maxBytes: number): string => {
  const bytes = Buffer.from(text);
  return bytes.length <= maxBytes ? text : new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
};

/** Who changed these files on the target since the work began. */
async function othersOf(context: GitContext, place: GitPlace, base: string, onto: string, files: readonly string[]) {
  const args = ['log', '-z', '--no-show-signature', '--max-count=3', '--format=%H%x1f%an%x1f%s', `${base}..${onto}`, '--', ...files];
  const log = await context.git.run({ place, args, readsOnly: true, env: { GIT_LITERAL_PATHSPECS: '1' } });
  return splitNul(log.exitCode === 0 ? log.text : '').map((line) => {
    const [commit = '', author = '', title = ''] = line.split('\x1f');
    return { commit, author, title };
  });
}

/** Tells of a conflict with its files, both sides, and who changed the same between `base` and `onto`. */
export async function describeConflict(
  context: GitContext,
  place: ScratchPlace,
  { base, onto }: { readonly base: string; readonly onto: string },
  files: readonly string[],
): Promise<Extract<RebaseResult, { kind: 'conflict' }>> {
  const status = await context.git.must({
    place,
    args: ['status', '--short', '--untracked-files=no', '--ignore-submodules=dirty'],
    readsOnly: true,
  });
  const sides = await context.git.must({
    place,
    args: ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--diff-filter=U'],
    readsOnly: true,
  });
  return {
    kind: 'conflict',
    onto,
    files,
    others: await othersOf(context, place, base, onto, files),
    detail: cutAt(`${status.text}\n${sides.text}`, MAX_CONFLICT_BYTES),
  };
}
