import { createHash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { WorktreeNotAsRecordedError } from './git-error.js';
import type { GitPlace } from './run-git.js';

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** True for errors that say that there is nothing at a path. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** How a worktree stands against its record. `adminDir` null: git has no entry for it any more. */
export type WorktreeState =
  | { readonly kind: 'as-recorded'; readonly place: GitPlace & { readonly workTree: string }; readonly adminDir: string }
  | { readonly kind: 'missing' | 'git-file-replaced' | 'forgotten'; readonly adminDir: string | null; readonly reason: string };

const MAX_GIT_FILE_BYTES = 16_384;

// What follows is read at once: the files have some dozen bytes each, and a turn looks at them all the time.

/** SHA-256 of a worktree's `.git` file; null when there is none, or something that is no plain file. */
export function hashGitFile(worktreePath: string): string | null {
  const path = join(worktreePath, '.git');
  try {
    const entry = lstatSync(path);
    if (!entry.isFile() || entry.size > MAX_GIT_FILE_BYTES) return null;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return sha256(readFileSync(file));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') return null;
    throw error;
  }
}

/** Names below a folder; empty when there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** What git may have written into the `.git` file of a worktree with that administrative folder. */
export function gitFileTexts(worktreePath: string, adminDir: string): readonly string[] {
  return [`gitdir: ${adminDir}\n`, `gitdir: ${relative(worktreePath, adminDir)}\n`];
}

/**
 * The administrative folder of a worktree, told by the record alone: the one whose `.git` file would have the recorded hash. No file
 * that a turn can write is asked.
 */
export async function adminDirOf(context: GitContext, worktree: WorktreeRecord): Promise<string | null> {
  const { commonDir, gitDir } = await context.layout();
  if (worktree.gitFileSha256 === null) return gitDir;
  for (const name of namesIn(join(commonDir, 'worktrees'))) {
    const adminDir = join(commonDir, 'worktrees', name);
    if (gitFileTexts(worktree.path, adminDir).some((text) => sha256(text) === worktree.gitFileSha256)) return adminDir;
  }
  return null;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Compares a worktree with its record without running anything. */
export async function inspectWorktree(context: GitContext, worktree: WorktreeRecord): Promise<WorktreeState> {
  const adminDir = await adminDirOf(context, worktree);
  const { path } = worktree;
  if (!isFolder(path)) return { kind: 'missing', adminDir, reason: `The worktree ${path} is gone.` };
  if (worktree.gitFileSha256 !== null && hashGitFile(path) !== worktree.gitFileSha256) {
    return {
      kind: 'git-file-replaced',
      adminDir,
      reason: `The file ${join(path, '.git')} is not the one that was recorded, so no git command was run there. Look at what replaced it, then delete the worktree's folder and retry: it is made again from its newest checkpoint.`,
    };
  }
  if (adminDir === null)
    return {
      kind: 'forgotten',
      adminDir,
      reason: `Git no longer knows the worktree ${path}. Move its folder away and retry: it is made again from its newest checkpoint.`,
    };
  return { kind: 'as-recorded', adminDir, place: { gitDir: adminDir, workTree: path } };
}

/** Where to run git for a worktree; throws a `WorktreeNotAsRecordedError` when it is not what was recorded. */
export async function placeOf(context: GitContext, worktree: WorktreeRecord): Promise<GitPlace & { readonly workTree: string }> {
  const state = await inspectWorktree(context, worktree);
  if (state.kind === 'as-recorded') return state.place;
  throw new WorktreeNotAsRecordedError(state.reason);
}
