import { realpath } from 'node:fs/promises';
import { Lanes } from '../platform/lane.js';
import type { Clock } from '../ports/clock.js';
import type { GitRepository } from '../ports/git-repository.js';
import { addWorktree, hasWorktree, standing } from './add-worktree.js';
import { beginCheckpoint, checkpoint, deleteCheckpoints, readCheckpoint, restoreCheckpoint, writeTree } from './checkpoints.js';
import { commitAll } from './commit-all.js';
import { commitTree } from './commit-tree.js';
import { changedFiles, diff, patchId } from './compare-trees.js';
import { closeoutsSince, findCloseout } from './find-closeout.js';
import { exportSubmodules } from './export-submodules.js';
import { exportTree } from './export-tree.js';
import { findHooksFolder } from './find-hooks-folder.js';
import type { GitContext, RepositoryLayout } from './git-context.js';
import { findRepository, RUNTIME_IDENTITY } from './git-context.js';
import { GitError } from './git-error.js';
import { enforceGuard, readGuard } from './guard.js';
import { inspect } from './inspect.js';
import { integrate } from './integrate.js';
import { isAncestor, listFiles, messageOf, parentOf, readFileOf, submodulesOf, tipOf, treeOf } from './read-objects.js';
import { rebase } from './rebase.js';
import { bringWork } from './bring-work.js';
import { moveWorktree } from './move-worktree.js';
import { removeWorktree } from './remove-worktree.js';
import { revertTree } from './revert-tree.js';
import { restorePaths } from './restore-paths.js';
import { KeptValues } from './kept-values.js';
import type { KeptProgram } from './kept-program.js';
import { createKeptProgram } from './kept-program.js';
import { createGitRunner } from './run-git.js';
import { stageIn } from './stage-in.js';
import { lookOver, touchedPaths } from './touched-paths.js';

/** What the repository is opened with. */
export interface OpenOptions {
  /** The project's folder; it may lie below the top of its repository, or in none. */
  readonly projectPath: string;
  readonly clock: Clock;
  /** A folder of the runtime's that is and stays empty, outside of every writable root; made if it is missing. Absolute. */
  readonly emptyHooksDir: string;
  /** Default: `git` on the PATH. */
  readonly gitPath?: string;
  /** Where PATH, HOME and a few more variables come from; default: the process's environment. */
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
}

function createContext(options: OpenOptions): GitContext {
  const { projectPath, clock, emptyHooksDir } = options;
  const git = createGitRunner({ gitPath: options.gitPath ?? 'git', emptyHooksDir, hostEnv: options.hostEnv ?? process.env, clock });
  let known: RepositoryLayout | null = null;
  const layout = async (): Promise<RepositoryLayout> => {
    if (known !== null) return known;
    const found = await findRepository(git, projectPath);
    if (found.kind === 'none') throw new GitError(['rev-parse'], 128, '', `found no repository in ${projectPath}`);
    if (found.kind === 'bare')
      throw new GitError(['rev-parse'], 128, '', `found a bare repository in ${projectPath}, which has no files to work on`);
    const [root, gitDir, commonDir] = await Promise.all([
      realpath(found.layout.root),
      realpath(found.layout.gitDir),
      realpath(found.layout.commonDir),
    ]);
    known = { root, gitDir, commonDir };
    return known;
  };
  const keep = (args: readonly string[], readsOnly = false): KeptProgram =>
    createKeptProgram({
      clock,
      commonDir: async () => (await layout()).commonDir,
      command: (gitDir) => git.commandOf({ place: { gitDir, workTree: null }, cwd: gitDir, args, readsOnly, env: RUNTIME_IDENTITY }),
    });
  const programs = {
    reader: keep(['cat-file', '--batch-command'], true),
    writer: keep(['hash-object', '-w', '-t', 'commit', '--no-filters', '--stdin-paths']),
    refs: keep(['update-ref', '--stdin']),
  };
  const kept = { trees: new KeptValues<string>(1_000), diffs: new KeptValues<string>(20), meanings: new KeptValues<string>(200) };
  return {
    git,
    clock,
    projectPath,
    layout,
    movedRefs: new Map(),
    snapshots: new Map(),
    kept,
    indexes: new Map(),
    lanes: new Lanes(),
    ...programs,
  };
}

/** The project's repository over the git program; runs nothing until it is asked. */
export function openGitRepository(options: OpenOptions): GitRepository {
  const context = createContext(options);
  return {
    inspect: () => inspect(context),
    tipOf: (ref) => tipOf(context, ref),
    isAncestor: (commit, ref) => isAncestor(context, commit, ref),
    addWorktree: (request) => addWorktree(context, request),
    removeWorktree: (worktree, removal) => removeWorktree(context, worktree, removal),
    moveWorktree: (worktree, move) => moveWorktree(context, worktree, move),
    bringWork: (worktree, commit) => bringWork(context, worktree, commit),
    hasWorktree: (path) => hasWorktree(context, path),
    standing: (worktree) => standing(context, worktree),
    writeTree: (worktree) => writeTree(context, worktree),
    checkpoint: (worktree, id) => checkpoint(context, worktree, id),
    beginCheckpoint: (worktree, id) => beginCheckpoint(context, worktree, id),
    readCheckpoint: (id) => readCheckpoint(context, id),
    restoreCheckpoint: (worktree, id) => restoreCheckpoint(context, worktree, id),
    deleteCheckpoints: (olderThan) => deleteCheckpoints(context, olderThan),
    restorePaths: (worktree, tree, paths) => restorePaths(context, worktree, tree, paths),
    touchedPaths: (worktree) => touchedPaths(context, worktree),
    lookOver: (worktree) => lookOver(context, worktree),
    readGuard: (worktree) => readGuard(context, worktree),
    enforceGuard: (worktree, before, runtimeMoved) => enforceGuard(context, worktree, before, runtimeMoved),
    changedFiles: (from, to) => changedFiles(context, from, to),
    diff: (from, to) => diff(context, from, to),
    patchId: (from, to) => patchId(context, from, to),
    treeOf: (commit) => treeOf(context, commit),
    parentOf: (commit) => parentOf(context, commit),
    messageOf: (commit) => messageOf(context, commit),
    readFile: (treeish, path) => readFileOf(context, treeish, path),
    listFiles: (treeish) => listFiles(context, treeish),
    exportTree: (treeish, to) => exportTree(context, treeish, to),
    submodulesOf: (treeish) => submodulesOf(context, treeish),
    exportSubmodules: (treeish, to) => exportSubmodules(context, treeish, to),
    hooksFolder: () => findHooksFolder(context),
    stageIn: (folder, work) => stageIn(context, folder, work),
    commitAll: (worktree, request) => commitAll(context, worktree, request),
    revertTree: (request) => revertTree(context, request),
    commitTree: (request) => commitTree(context, request),
    findCloseout: (ref, closeoutId) => findCloseout(context, ref, closeoutId),
    rebase: (request) => rebase(context, request),
    integrate: (request) => integrate(context, request),
    closeoutsSince: (ref, since) => closeoutsSince(context, ref, since),
    rest: () => {
      for (const program of [context.reader, context.writer, context.refs]) program.end();
      context.git.rest();
    },
  };
}
