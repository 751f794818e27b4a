/** Verification of a turn's checkpoint, shown to QA. */
export interface Evidence {
  readonly tree: string;
  /** Empty, or why nothing could be run. */
  readonly reason: string;
  readonly commands: readonly {
    readonly name: string;
    readonly exitCode: number | null;
    readonly baseExitCode: number | null;
    readonly outputHash: string;
    readonly excerpt: string;
  }[];
}

/** What the runtime should do outside. `lane`: in order within it, parallel across. */
export type Effect =
  | {
      readonly type: 'add-worktree';
      readonly lane: string;
      readonly todoId: string;
      readonly revision: number;
      readonly branch: string;
      readonly onto: string;
    }
  | { readonly type: 'run-turn'; readonly lane: string; readonly turnId: string }
  | { readonly type: 'gather-evidence'; readonly lane: string; readonly todoId: string; readonly revision: number }
  | { readonly type: 'commit'; readonly lane: string; readonly todoId: string; readonly revision: number; readonly closeoutId: string }
  | { readonly type: 'rebase'; readonly lane: string; readonly todoId: string; readonly revision: number; readonly closeoutId: string }
  /** Makes the commit that undoes `commit`, on the target's tip. */
  | {
      readonly type: 'revert';
      readonly lane: string;
      readonly todoId: string;
      readonly revision: number;
      readonly closeoutId: string;
      readonly commit: string;
    }
  | {
      readonly type: 'verify';
      readonly lane: string;
      readonly todoId: string;
      readonly revision: number;
      readonly closeoutId: string;
      readonly commit: string;
      readonly base: string;
    }
  | {
      readonly type: 'integrate';
      readonly lane: string;
      readonly todoId: string;
      readonly revision: number;
      readonly closeoutId: string;
      readonly from: string;
      readonly to: string;
      readonly delayMs: number;
    }
  | {
      readonly type: 'remove-worktree';
      readonly lane: string;
      readonly sprintId: string;
      readonly todoId: string;
      readonly revision: number;
    }
  | { readonly type: 'archive-sprint'; readonly lane: string; readonly sprintId: string }
  | { readonly type: 'run-action'; readonly lane: string; readonly operationId: string };

export type EffectType = Effect['type'];
