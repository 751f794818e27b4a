import { stat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorktreeRecord } from '../ports/git-repository.js';
import { epochMs } from '../../../shared/kernel/time.js';
import { addWorktree } from './add-worktree.js';
import type { GitContext } from './git-context.js';
import { checkedRefPart, objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { GitError, WorktreeNotAsRecordedError } from './git-error.js';
import { makeRef, writeKeptCommit } from './keep-commit.js';
import { treeOf, tipOf } from './read-objects.js';
import type { GitPlace } from './run-git.js';
import { buildTreeOverHead, withPrivateIndex } from './write-tree.js';
import { inspectWorktree, isMissing, namesIn, placeOf } from './worktree-place.js';

const CHECKPOINTS = 'refs/muster/checkpoints/';
const NO_OBJECT = '0'.repeat(40);

/** A kept state of a worktree's files; the commit's parent is what HEAD was. */
export interface Checkpoint {
  readonly tree: string;
  readonly commit: string;
}

/** The worktree's tree with untracked, not ignored files. */
export async function writeTree(context: GitContext, worktree: WorktreeRecord): Promise<string> {
  const place = await placeOf(context, worktree);
  return (await buildTreeOverHead(context, place)).tree;
}

/** The checkpoint of that id; null when there is none. */
export async function readCheckpoint(context: GitContext, id: string): Promise<Checkpoint | null> {
  const commit = await tipOf(context, `${CHECKPOINTS}${checkedRefPart(id)}`);
  return commit === null ? null : { commit, tree: await treeOf(context, commit) };
}

/** Keeps the worktree's tree under that id; the first one wins. */
export async function checkpoint(context: GitContext, worktree: WorktreeRecord, id: string): Promise<Checkpoint> {
  return (await beginCheckpoint(context, worktree, id)).kept;
}

/** The same, and the tree as soon as it is known; whoever begins has to wait for `kept`. */
export async function beginCheckpoint(
  context: GitContext,
  worktree: WorktreeRecord,
  id: string,
): Promise<{ readonly tree: string; readonly kept: Promise<Checkpoint> }> {
  const existing = await readCheckpoint(context, id);
  if (existing !== null) return { tree: existing.tree, kept: Promise.resolve(existing) };
  const place = await placeOf(context, worktree);
  const { tree, head } = await buildTreeOverHead(context, place);
  const kept = keepTree(context, worktree, id, { place, tree, head });
  // Whoever fails before it waits for `kept` says so itself; a second failure that nobody hears must not end the program.
  kept.catch(() => undefined);
  return { tree, kept };
}

async function keepTree(
  context: GitContext,
  worktree: WorktreeRecord,
  id: string,
  { place, tree, head }: { readonly place: GitPlace; readonly tree: string; readonly head: string | null },
): Promise<Checkpoint> {
  const commit = await writeKeptCommit(context, { tree, parent: head, message: `Checkpoint ${id} of ${worktree.path}\n` });
  if (await makeRef(context, `${CHECKPOINTS}${id}`, commit)) return { tree, commit };
  const kept = ['update-ref', `${CHECKPOINTS}${id}`, commit, NO_OBJECT];
  const update = await context.git.run({ place, env: RUNTIME_IDENTITY, args: kept });
  if (update.exitCode === 0) return { tree, commit };
  const first = await readCheckpoint(context, id);
  if (first === null) throw new GitError(kept, update.exitCode, update.stderr);
  return first;
}

async function rebuilt(context: GitContext, worktree: WorktreeRecord): Promise<WorktreeRecord> {
  const state = await inspectWorktree(context, worktree);
  if (state.kind === 'as-recorded') return worktree;
  if (state.kind === 'git-file-replaced' || worktree.gitFileSha256 === null) throw new WorktreeNotAsRecordedError(state.reason);
  const again = await addWorktree(context, {
    path: worktree.path,
    branch: worktree.branch,
    base: worktree.base,
    copy: [],
    submodules: false,
  });
  if (again.kind === 'refused') throw new WorktreeNotAsRecordedError(again.reason);
  return again.worktree;
}

/** Makes the worktree's files equal a checkpoint's; ignored files stay. A missing worktree is made again, which may change its record. */
export async function restoreCheckpoint(context: GitContext, worktree: WorktreeRecord, id: string): Promise<WorktreeRecord> {
  const kept = await readCheckpoint(context, id);
  if (kept === null)
    throw new Error(`Could not restore the checkpoint ${id} of ${worktree.path}: it does not exist. Choose an existing one.`);
  const standing = await rebuilt(context, worktree);
  const place = await placeOf(context, standing);
  const now = (await buildTreeOverHead(context, place)).tree;
  if (now === kept.tree) return standing;
  await withPrivateIndex(context, place, async (env) => {
    const { git } = context;
    await git.must({ place, env, args: ['read-tree', '--reset', now] });
    await git.run({ place, env, args: ['update-index', '-q', '--refresh'] });
    await git.must({ place, env, args: ['read-tree', '--reset', '-u', kept.tree] });
  });
  return standing;
}

async function deleteOldScraps(context: GitContext, olderThan: string): Promise<void> {
  const { commonDir } = await context.layout();
  for (const name of namesIn(join(commonDir, 'muster'))) {
    const path = join(commonDir, 'muster', name);
    try {
      if ((await stat(path)).mtimeMs < epochMs(olderThan)) await rm(path, { recursive: true, force: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** Deletes checkpoints made before that moment, and what killed runs left beside them; returns how many checkpoints. */
export async function deleteCheckpoints(context: GitContext, olderThan: string): Promise<number> {
  const place = await objectsPlace(context);
  const listed = await context.git.must({
    place,
    args: ['for-each-ref', '--format=%(objectname) %(committerdate:unix) %(refname)', CHECKPOINTS],
    readsOnly: true,
  });
  const old = listed.text.split('\n').filter((line) => line !== '' && Number(line.split(' ')[1]) * 1000 < epochMs(olderThan));
  for (const line of old) {
    const [commit = '', , ref = ''] = line.split(' ');
    await context.git.must({ place, args: ['update-ref', '-d', ref, commit] });
  }
  await deleteOldScraps(context, olderThan);
  return old.length;
}
