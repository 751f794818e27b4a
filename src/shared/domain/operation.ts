import type { Instant } from '../kernel/time.js';
import type { Actor } from './actor.js';

/** One run of an action of the configuration (sprint-runtime 4.11), as it was accepted: later edits of the file change nothing in it. */
export interface Operation {
  operationId: string;
  /** The request that it answers; empty where a person asked for it by name. */
  requestId: string;
  action: string;
  params: Record<string, string>;
  /** Program and arguments with the values in them. */
  command: string[];
  domain: string;
  network: boolean;
  timeoutSeconds: number;
  requestedBy: Actor;
  /** `unknown`: it had begun when Muster was ended, so it may have happened. */
  status: 'waiting' | 'running' | 'completed' | 'failed' | 'unknown';
  returncode: number | null;
  /** What became of it, a sentence; empty until then. */
  outcome: string;
  /** Blob of its output, without secrets; empty where there is none. */
  outputSha256: string;
  outputBytes: number;
  isJailed: boolean;
  createdAt: Instant;
  updatedAt: Instant;
}

type Kept = Pick<Operation, 'outputSha256' | 'outputBytes' | 'isJailed'>;

/** How an action ended. */
export type ActionEnd = Kept & Pick<Operation, 'status' | 'returncode' | 'outcome'>;

/** What became of an action that was to be run. `unknown`: it had begun, and nobody can say how it ended. */
export type ActionOutcome =
  | ({ readonly kind: 'exited'; readonly exitCode: number } & Kept)
  | ({ readonly kind: 'timed-out' | 'output-limit' } & Kept)
  | { readonly kind: 'could-not-start'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** Whether an action has been asked for and has not ended. */
export const isUnderWay = (operation: Operation | undefined): operation is Operation =>
  operation?.status === 'waiting' || operation?.status === 'running';

/** Whether a request waits for an action that was asked for in answer to it. */
export const hasOpenAction = (
  { operations }: { readonly operations: Readonly<Record<string, Operation>> },
  { operationId }: { readonly operationId?: string },
): boolean => operationId !== undefined && isUnderWay(operations[operationId]);
