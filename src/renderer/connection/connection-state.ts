import type { AppClient } from '../../shared/contract/app-contract.js';
import type { LiveEvent } from '../../shared/contract/live-events.js';

/** What the frame shows of the connection. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Connected, but no workspace is open, or the process that works on it is away. */
  | { readonly kind: 'no-workspace'; readonly reason: string }
  | { readonly kind: 'reconnecting'; readonly attempt: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'version-mismatch'; readonly theirs: string };

/** What the connection does with what arrives. */
export interface ConnectionListener {
  onState(state: ConnectionState): void;
  /** Asks for what does not need a workspace: who this is, and which workspaces there are. */
  loadHost(client: AppClient): Promise<void>;
  /** Asks for all views; called before live events are handed on, whenever what is shown may be old. */
  loadViews(client: AppClient): Promise<void>;
  onEvent(event: LiveEvent): void;
}

/** Where waiting and chance come from, so that a test needs neither. */
export interface Surroundings {
  /** Resolves after so long, or at once when `isOver` says so. */
  wait(ms: number, isOver: AbortSignal): Promise<void>;
  /** 0 to 1. */
  chance(): number;
}

/** The page's own clock and chance. */
export const pageSurroundings: Surroundings = {
  wait: (ms, isOver) =>
    new Promise((resolve) => {
      if (isOver.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      isOver.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  chance: Math.random,
};
