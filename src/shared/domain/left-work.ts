/** By what a person's changes in a revision's worktree are told from the runtime's and its turns'. */
export interface LeftWork {
  /**
   * Tree that the runtime left in the worktree, or a person whose change is noted; left out once a turn was prepared there, whose
   * own trees say it then. Empty: nobody knows, as in records from before it was kept.
   */
  leftTree?: string;
  /** A person's own commit on which the branch stood when it was noted. */
  handHead?: string;
}

/** What a person did in a todo's worktree between two turns, or after the last one. */
export interface HandChange {
  readonly todoId: string;
  readonly paths: readonly string[];
  readonly by: string;
  /** Of the files with the change in them; left out in records from before it was kept. */
  readonly tree?: string;
  /** The person's own commit on which the branch stands; left out where there is none. */
  readonly head?: string;
}

/** A worktree that stands, set up. */
export interface WorktreeReady {
  readonly todoId: string;
  readonly path: string;
  readonly base: string;
  readonly gitFileSha256: string | null;
  /** Of its files as the runtime left them; left out where there is no repository, and in records from before it was kept. */
  readonly tree?: string;
  readonly notes: readonly string[];
}
