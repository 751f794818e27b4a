import type { Instant } from '../kernel/time.js';
import type { Actor } from './actor.js';
import type { Blocker } from './blocker.js';
import type { Receipt, RedOverride } from './receipt.js';

/** The steps of a closeout (rules 4); `approval` waits for the verdict under `on_approval`, a revert stands still there. */
export type CloseoutStage = 'commit' | 'rebase' | 'verify' | 'integrate' | 'approval' | 'done';

/** A revision whose commit lies below another todo's and waits for its approval. */
export interface WorkBelow {
  readonly todoId: string;
  readonly revision: number;
}

/** One closeout of one revision. Commits and trees are full object names. */
export interface Closeout {
  closeoutId: string;
  stage: CloseoutStage;
  /** The commit on the todo's branch, and its tree. */
  commit: string | null;
  tree: string | null;
  /** The same work on top of `onto`: the target, and what lies between. */
  rebased: string | null;
  onto: string | null;
  /** What lies between the target and this work, lowest first; left out before the first rebase, and in records from before it was kept. */
  below?: WorkBelow[];
  patchId: string | null;
  /** How often the target's tip moved under it. */
  tipMoves: number;
  paths: string[];
  waiting: { reason: string; files: string[] } | null;
  /** A person let the red result of this patch pass; left out where nobody did. */
  override?: RedOverride | null;
}

/** The undoing of a revision's commit, made forward on the target by a closeout of its own (rules 3). */
export interface Revert {
  at: Instant;
  by: Actor;
  comment: string;
  /** The commit on the target that it undoes. */
  commit: string;
  /** Its `rebased` is the commit that undoes the other. */
  closeout: Closeout;
  receipt: Receipt | null;
  /** Why it does not go on by itself. */
  blocker: Blocker | null;
  /** When it was on the target; null until then. */
  revertedAt: Instant | null;
}

/** What a revision has of closeouts. */
interface Undoable {
  readonly closeout: Closeout | null;
  readonly revert?: Revert;
}

/** The closeout that a revision is in or was in last: that of its revert, where there is one. */
export const closeoutInWork = ({ revert, closeout }: Undoable): Closeout | null => revert?.closeout ?? closeout;

/** How far the revert of a commit is; empty where nobody asked for one. */
export type RevertStand = '' | 'under_way' | 'blocked' | 'done';

/** Of a revision. */
export function revertStandOf({ revert }: Pick<Undoable, 'revert'>): RevertStand {
  if (!revert) return '';
  if (revert.revertedAt !== null) return 'done';
  return revert.blocker ? 'blocked' : 'under_way';
}
