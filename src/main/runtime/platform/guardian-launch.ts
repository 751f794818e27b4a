import type { Readable, Writable } from 'node:stream';
import type { GuardedSpec } from '../ports/process-guardian.js';

/** A program behind its gate: it exists, it can be written down, and it does nothing before `go`. */
export interface Launch {
  /** Of the wrapper, which carries the tag and whose end ends all. */
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** When both streams go to one file it carries only what the wrapper itself says. */
  readonly stderr: Readable;
  /** Lets the program begin. */
  go(): void;
  /** How the program ended; null when its wrapper was killed and could not say. Never rejects. */
  readonly status: Promise<{ readonly exitCode: number | null; readonly signal: string | null } | null>;
  /** A process that outlives all that the program leaves, for kinds that have one; null when it is not known. Never rejects. */
  readonly firstPid?: Promise<number | null>;
}

/** Starts a program behind its gate; rejects with a `ProcessStartError` when the wrapper cannot be started. */
export type Launcher = (spec: GuardedSpec) => Promise<Launch>;

/** Whether standard output and error are to be one stream, in order of arrival. */
export const isMerged = (spec: GuardedSpec): boolean => spec.stdoutFile === spec.stderrFile;
