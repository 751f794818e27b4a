import type { RedOverride } from './receipt.js';

/** The steps of a closeout (rules 4); `approval` waits for the verdict under `on_approval`. */
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
