import type { IdSource } from '../../shared/kernel/ids.js';
import type { Result } from '../../shared/kernel/result.js';
import type { Clock } from '../runtime/ports/clock.js';
import type { OpenProblem, Runtime } from '../runtime/runtime-api.js';

/** Opens a workspace: `work` false appends commands and leaves the effects to the next start. */
export type OpenRuntime = (options: {
  readonly workspaceDir: string;
  readonly work: boolean;
  readonly onLog?: (line: string) => void;
  readonly address?: string | null;
  readonly withoutCopies?: boolean;
  readonly rehearsalSpeed?: number;
}) => Promise<Result<Runtime, OpenProblem>>;

/** What a host touches outside; tests give their own. */
export interface HostOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Of the program. */
  readonly version: string;
  /** The user's state folder, absolute. */
  readonly stateHome: string;
  readonly openRuntime: OpenRuntime;
  /** The name of the person at this machine: git's `user.name` in that folder, else the system's. */
  readonly personName: (dir: string) => Promise<string>;
  readonly onLog: (line: string) => void;
  /** 1 (default): rehearsals take as long as they say; 0: no waiting. */
  readonly rehearsalSpeed?: number;
}
