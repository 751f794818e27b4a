import type { Evidence } from './effect.js';
import type { ActionOutcome } from './operation.js';
import type { Receipt } from './receipt.js';
import type { Report } from './report.js';
import type { Turn } from './state.js';

/** What became of a turn, as the runtime found it; text of the agent appears only inside validated fields. */
export type TurnOutcome =
  | {
      readonly kind: 'report';
      readonly report: Report;
      readonly reportSha256: string;
      readonly outputTree: string;
      /** Authored documents that the turn changed, already stored as blobs. */
      readonly documents: readonly { readonly name: string; readonly sha256: string }[];
      /** Names of planner-owned documents that exist after the turn. */
      readonly existingDocuments: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'contract'; readonly problems: readonly string[]; readonly reportSha256: string }
  | { readonly kind: 'malformed'; readonly reason: string; readonly outputSha256: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string; readonly log: string }
  /** The turn did to git what it may not; everything was put back, or will be where it deleted its worktree. */
  | { readonly kind: 'breach'; readonly breaches: readonly string[]; readonly isWorktreeGone?: boolean }
  /** Somebody deleted the worktree before the turn could begin. */
  | { readonly kind: 'worktree-gone' };

/** Nothing ran: the work changes what setup reads, and a person has not accepted that it runs. `key` names it, `paths` what was changed. */
export interface SetupAsked {
  readonly kind: 'setup-asked';
  readonly key: string;
  readonly paths: readonly string[];
}

/** Outcome of each kind of effect. */
export interface EffectOutcomes {
  'add-worktree':
    | {
        readonly kind: 'ready';
        readonly path: string;
        readonly base: string;
        readonly gitFileSha256: string | null;
        /** Of its files as they were made ready; left out where there is no repository, and in records from before it was kept. */
        readonly tree?: string;
        readonly notes: readonly string[];
        /** Files in which work that was taken over and its new base stand between markers; left out where there are none. */
        readonly unmerged?: readonly string[];
      }
    | { readonly kind: 'refused'; readonly reason: string; readonly cause: 'git' | 'setup' }
    | SetupAsked;
  'run-turn': TurnOutcome & { readonly tokens: Turn['tokens']; readonly attempt: number };
  'gather-evidence':
    | { readonly kind: 'gathered'; readonly evidence: Evidence }
    | { readonly kind: 'unavailable'; readonly reason: string }
    | { readonly kind: 'worktree-gone' }
    | SetupAsked;
  commit:
    | { readonly kind: 'committed'; readonly commit: string; readonly tree: string; readonly paths: readonly string[] }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'worktree-gone' }
    | { readonly kind: 'refused'; readonly reason: string }
    | SetupAsked;
  rebase:
    | { readonly kind: 'rebased'; readonly commit: string; readonly tree: string; readonly onto: string; readonly patchId: string }
    | {
        readonly kind: 'conflict';
        readonly onto: string;
        readonly files: readonly string[];
        /** Commits of the target that changed the same; left out in records from before they were told. */
        readonly others?: readonly { readonly commit: string; readonly author: string; readonly title: string }[];
        readonly detail: string;
      }
    | { readonly kind: 'empty'; readonly onto: string }
    | { readonly kind: 'refused'; readonly reason: string };
  revert:
    | {
        readonly kind: 'reverted';
        readonly commit: string;
        readonly tree: string;
        readonly onto: string;
        readonly patchId: string;
        readonly paths: readonly string[];
      }
    | {
        readonly kind: 'conflict';
        readonly files: readonly string[];
        /** Commits of the target that changed the same, after the one that is to be undone. */
        readonly others: readonly { readonly commit: string; readonly author: string; readonly title: string }[];
        /** Both sides; `blob:<sha256>`. */
        readonly log: string;
      }
    /** The target holds nothing of it any more. */
    | { readonly kind: 'empty' }
    | SetupAsked
    | { readonly kind: 'refused'; readonly reason: string };
  verify:
    | { readonly kind: 'receipt'; readonly receipt: Receipt }
    | { readonly kind: 'setup-failed'; readonly reason: string; readonly log: string }
    | SetupAsked
    | { readonly kind: 'refused'; readonly reason: string };
  integrate:
    | { readonly kind: 'integrated'; readonly commit: string }
    | { readonly kind: 'tip-moved'; readonly tip: string }
    | { readonly kind: 'waiting'; readonly reason: string; readonly files: readonly string[] }
    | { readonly kind: 'refused'; readonly reason: string };
  'remove-worktree': { readonly kind: 'removed' } | { readonly kind: 'kept'; readonly reason: string };
  'archive-sprint': { readonly kind: 'archived' };
  'run-action': ActionOutcome;
}
