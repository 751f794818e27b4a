import type { CommitIdentity } from '../../../shared/domain/configuration.js';

/** What kind of project it is, for the checks before a sprint (rules 4). */
export type ProjectFacts =
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'bare' }
  | {
      readonly kind: 'repository';
      /** Top folder of the repository, real path. */
      readonly root: string;
      readonly isUnborn: boolean;
      readonly isShallow: boolean;
      readonly isSparse: boolean;
      readonly hasSubmodules: boolean;
      /** `refs/heads/main`; null when HEAD is detached. */
      readonly branch: string | null;
      /** null while unborn. */
      readonly head: string | null;
      /** As git itself is configured. */
      readonly identity: CommitIdentity | null;
      /** Paths that differ from HEAD, untracked ones included. */
      readonly dirtyPaths: readonly string[];
    };

/** A worktree as the runtime recorded it. */
export interface WorktreeRecord {
  readonly path: string;
  /** Full ref, e.g. `refs/heads/muster/s1/todo-1-r1`; null: detached. */
  readonly branch: string | null;
  /** Commit it was made from. */
  readonly base: string;
  /** SHA-256 of its `.git` file's bytes; every later call stops if the file is another. `null` for in_place. */
  readonly gitFileSha256: string | null;
}

/** Where git looks for the project's hooks. `root`: top folder of the project's working tree, real path. */
export type HooksFolder =
  /** The person's own: `.git/hooks`, or a folder outside of the project. `path` is absolute, and need not exist. */
  | { readonly kind: 'own'; readonly path: string; readonly root: string }
  /** In the working tree, so that work can change what is in it. `path` is relative to its top, with `/`. */
  | { readonly kind: 'in-checkout'; readonly path: string; readonly root: string };

/** What must be the same after a turn as before it. */
export interface WorktreeGuard {
  readonly head: string;
  readonly branch: string | null;
  /** SHA-256 of the list of refs/heads and refs/tags; the list is kept beside the repository under that name. */
  readonly refsSha256: string;
  /** SHA-256 of the list of configuration files and hooks that git would obey; kept in the same way, with their contents. */
  readonly configSha256: string;
  readonly gitFileSha256: string | null;
}

/** One thing that a turn did to git that it may not do. */
export interface GuardBreach {
  readonly what: 'own-commits' | 'head-moved' | 'refs-changed' | 'config-changed' | 'git-file-replaced' | 'worktree-missing';
  /** A sentence. */
  readonly detail: string;
  /**
   * `turn`: only the turn can have done it, and it was put back. `unknown`: a person or another program may have done it as well
   * (refs that moved elsewhere); it was left as it is, and is no reason to fail the turn.
   */
  readonly by: 'turn' | 'unknown';
}

/** One changed file between two trees. */
export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'type-changed';
  /** On one side or both it is the commit of a submodule, not a file. */
  readonly isSubmodule?: true;
}

/** A submodule as a tree has it: a commit of another repository. */
export interface SubmoduleAt {
  readonly path: string;
  readonly commit: string;
}

export type WorktreeResult =
  | { readonly kind: 'ready'; readonly worktree: WorktreeRecord; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export type BroughtWork =
  /** `unmerged`: paths in which both sides stand between markers. */
  { readonly kind: 'brought'; readonly unmerged: readonly string[] } | { readonly kind: 'refused'; readonly reason: string };

/** What stands where a worktree was made: its HEAD, whatever that is by now, or no complete worktree of the runtime. */
export type StandingWorktree =
  | { readonly kind: 'gone' }
  /** `branch` null: detached; `head` null: unborn. */
  | { readonly kind: 'there'; readonly branch: string | null; readonly head: string | null };

export type CommitResult =
  | { readonly kind: 'committed'; readonly commit: string; readonly tree: string; readonly paths: readonly string[] }
  | { readonly kind: 'nothing-to-commit' }
  /** Signing failed, unmerged paths, …: the work stays where it is. */
  | { readonly kind: 'refused'; readonly reason: string };

export type RebaseResult =
  | { readonly kind: 'rebased'; readonly commit: string; readonly tree: string; readonly onto: string; readonly patchId: string }
  | {
      readonly kind: 'conflict';
      readonly onto: string;
      readonly files: readonly string[];
      /** The newest commits of the target that changed these files, at most three. */
      readonly others: readonly { readonly commit: string; readonly author: string; readonly title: string }[];
      /** Both sides, as a diff with markers, at most 64 KiB. */ readonly detail: string;
    }
  /** The work is already in the target: nothing is left after the rebase. */
  | { readonly kind: 'empty'; readonly onto: string }
  /** The rebased commit could not be signed, a content filter failed, …. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What is to be undone, and on what. */
export interface RevertRequest {
  readonly commit: string;
  readonly onto: string;
  readonly scratch: string;
}

export type RevertResult =
  | { readonly kind: 'reverted'; readonly tree: string }
  | Extract<RebaseResult, { kind: 'conflict' }>
  /** Nothing of the commit is in `onto` any more. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: string };

export type IntegrateResult =
  | { readonly kind: 'integrated'; readonly commit: string }
  | { readonly kind: 'tip-moved'; readonly tip: string }
  | { readonly kind: 'waiting'; readonly reason: string; readonly files: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** A commit that has no checkout: names of its tree and of its one parent. */
export interface TreeCommitRequest {
  readonly tree: string;
  readonly parent: string;
  readonly message: string;
  readonly closeoutId: string;
  readonly signTimeoutMs: number;
  /** null: git's own. */
  readonly identity?: CommitIdentity | null;
}

/**
 * The project's repository; every git call of the runtime goes through here. Commits are full object names. Calls for one
 * repository may overlap unless they name the same worktree. Expected failures are results; a `GitError` with command, exit code
 * and standard error is thrown for the rest.
 */
export interface GitRepository {
  inspect(): Promise<ProjectFacts>;
  /** null when the ref does not exist. */
  tipOf(ref: string): Promise<string | null>;
  isAncestor(commit: string, ref: string): Promise<boolean>;

  /** Makes (or adopts, if it stands there as asked) a locked worktree. `branch` null: detached at `base`. */
  addWorktree(options: {
    readonly path: string;
    readonly branch: string | null;
    readonly base: string;
    readonly copy: readonly string[];
    readonly submodules: boolean;
  }): Promise<WorktreeResult>;
  /** Removes it only if clean or `checkpoint` holds its tree, and its commits are reachable from a branch or refs/muster. */
  removeWorktree(
    worktree: WorktreeRecord,
    options: { readonly checkpoint: string | null; readonly deleteBranch: boolean },
  ): Promise<{ readonly kind: 'removed' | 'absent' } | { readonly kind: 'refused'; readonly reason: string }>;
  /**
   * Puts the worktree's own changes on top of `onto`, with both sides between markers where they conflict; a repeat with the same id
   * begins again, from the checkpoint `moved-<id>` of the state before.
   */
  moveWorktree(worktree: WorktreeRecord, move: { readonly onto: string; readonly id: string }): Promise<WorktreeResult>;
  /**
   * Puts what `commit` changes into a fresh worktree in the same way, on top of its base and not committed. A repeat begins again what
   * was not finished, and leaves alone what was.
   */
  bringWork(worktree: WorktreeRecord, commit: string): Promise<BroughtWork>;
  hasWorktree(path: string): Promise<boolean>;
  /** What stands at a record's path now; by git's files alone, where they say it. */
  standing(worktree: WorktreeRecord): Promise<StandingWorktree>;

  /** The worktree's tree with untracked, not ignored, files; nothing of the index or HEAD is touched. */
  writeTree(worktree: WorktreeRecord): Promise<string>;
  /** Keeps that tree under refs/muster/checkpoints/<id>; returns tree and commit. Repeating it with the same id keeps the first. */
  checkpoint(worktree: WorktreeRecord, id: string): Promise<{ readonly tree: string; readonly commit: string }>;
  /** The same, answered as soon as the tree is known; `kept` is settled when the ref is there, and has to be waited for. */
  beginCheckpoint(
    worktree: WorktreeRecord,
    id: string,
  ): Promise<{ readonly tree: string; readonly kept: Promise<{ readonly tree: string; readonly commit: string }> }>;
  readCheckpoint(id: string): Promise<{ readonly tree: string; readonly commit: string } | null>;
  /**
   * Makes the worktree's files equal the checkpoint's tree (ignored files stay), rebuilding the worktree if it is gone; returns its
   * record, which is another one after a rebuild. Rejects with a sentence when there is no such checkpoint.
   */
  restoreCheckpoint(worktree: WorktreeRecord, id: string): Promise<WorktreeRecord>;
  deleteCheckpoints(olderThan: string): Promise<number>;
  /** Makes just these paths of the worktree equal the tree: what it has is written, what it has not is removed; all else stays. */
  restorePaths(worktree: WorktreeRecord, tree: string, paths: readonly string[]): Promise<void>;
  /** Paths whose files may differ from HEAD, untracked ones included, ignored ones not; no content of theirs gets into the repository by it. */
  touchedPaths(worktree: WorktreeRecord): Promise<readonly string[]>;
  /** The same, with the worktree's tree as of the same moment where git has all of it already; null where a file has other content. */
  lookOver(worktree: WorktreeRecord): Promise<{ readonly touched: readonly string[]; readonly tree: string | null }>;

  readGuard(worktree: WorktreeRecord): Promise<WorktreeGuard>;
  /**
   * Compares with now, and puts back what the turn changed (own commits are folded: HEAD goes back, files stay). `runtimeMoved` names
   * refs that the runtime itself moved meanwhile and that this process may not know of, as after a restart.
   */
  enforceGuard(worktree: WorktreeRecord, before: WorktreeGuard, runtimeMoved?: readonly string[]): Promise<readonly GuardBreach[]>;

  changedFiles(fromTree: string, toTree: string): Promise<readonly ChangedFile[]>;
  /** Unified diff of two trees or commits; rename detection on. */
  diff(from: string, to: string): Promise<string>;
  /** Stable patch id of a diff; empty string for an empty diff. */
  patchId(from: string, to: string): Promise<string>;
  treeOf(commit: string): Promise<string>;
  parentOf(commit: string): Promise<string | null>;
  messageOf(commit: string): Promise<string>;
  /** Bytes of a file in a tree, or null. */
  readFile(treeish: string, path: string): Promise<Buffer | null>;
  listFiles(treeish: string): Promise<readonly string[]>;
  /** Writes all files of a commit or tree into a folder, which is made if missing; nothing ignored, no `.git`. Throws when a smudge filter fails. */
  exportTree(treeish: string, to: string): Promise<void>;
  submodulesOf(treeish: string): Promise<readonly SubmoduleAt[]>;
  /**
   * Puts the files of all submodules of a tree, and of theirs, into a folder that `exportTree` filled, from what this machine has of
   * them; nothing is fetched. A sentence when a commit is missing, null when all are there. Throws when a smudge filter fails.
   */
  exportSubmodules(treeish: string, to: string): Promise<string | null>;

  /** By the person's configuration, as git itself would read it; the runtime's own calls obey no hook. */
  hooksFolder(): Promise<HooksFolder>;
  /**
   * Makes `folder`, which holds the files of `tree`, a repository of its own: `base` is the tip of `branch` and its only commit, `tree`
   * is staged, `.git/COMMIT_EDITMSG` holds the message as `commitAll` would write it. Returns that message. A `.git` that stands there
   * is replaced; nothing of the new one leads back to the project's.
   */
  stageIn(
    folder: string,
    work: {
      readonly base: string;
      readonly tree: string;
      /** Short name. */
      readonly branch: string;
      readonly message: string;
      readonly closeoutId: string;
      /** Default: git's own, as in the project. */
      readonly identity?: CommitIdentity | null;
    },
  ): Promise<string>;

  /**
   * Commits the worktree's own changes onto its branch with one commit over `parent`, trailer `Muster-Closeout: <closeoutId>`; a
   * repeated call adopts that commit. `paths` limits it; without it, in_place leaves out what a person has staged, and a worktree
   * commits everything. `identity` is author and committer; without one git's own, and refused where git has none.
   */
  commitAll(
    worktree: WorktreeRecord,
    options: {
      readonly message: string;
      readonly closeoutId: string;
      readonly parent: string;
      readonly signTimeoutMs: number;
      readonly identity?: CommitIdentity | null;
      readonly paths?: readonly string[];
    },
  ): Promise<CommitResult>;
  /** The tree of `onto` without what `commit`, which is in it, brought; made in a scratch place, no ref moves. */
  revertTree(request: RevertRequest): Promise<RevertResult>;
  /**
   * A commit of `tree` over `parent` in the name of `identity`, else of git's own, with the trailer `Muster-Closeout: <closeoutId>`, kept under
   * refs/muster/closeouts/<closeoutId>; no branch moves. A repeated call adopts that commit if parent and tree are the same.
   */
  commitTree(request: TreeCommitRequest): Promise<CommitResult>;
  /** The commit with that trailer that is reachable from `ref`, with its parent and tree. */
  findCloseout(
    ref: string,
    closeoutId: string,
  ): Promise<{ readonly commit: string; readonly parent: string | null; readonly tree: string } | null>;
  /**
   * Replays `commit`, without what lies below it, onto `onto` in a scratch place; moves no ref but refs/muster/rebased/<closeoutId>.
   * Authors stay; `identity` commits, by default git's own.
   */
  rebase(options: {
    readonly commit: string;
    readonly onto: string;
    readonly closeoutId: string;
    readonly scratch: string;
    readonly identity?: CommitIdentity | null;
  }): Promise<RebaseResult>;
  /** Moves `target` from `from` to `to`: fast-forward merge where it is checked out, else update-ref with the old value. */
  integrate(options: { readonly target: string; readonly from: string; readonly to: string }): Promise<IntegrateResult>;
  /** Commits reachable from `ref` (first parent) since `since`, newest first, with their Muster-Closeout trailers. */
  closeoutsSince(
    ref: string,
    since: string | null,
  ): Promise<readonly { readonly commit: string; readonly closeoutId: string | null; readonly subject: string }[]>;

  /** Ends the programs that are kept to answer sooner; the next call begins them anew. They end with this process in any case. */
  rest(): void;
}
