import type { State } from '../../shared/domain/state.js';
import type { IdSource } from '../../shared/kernel/ids.js';
import type { OpenRuntime } from '../host/host-options.js';
import type { Clock } from '../runtime/ports/clock.js';

/** Where lines go. */
export interface Output {
  write(text: string): void;
  /** A terminal, which may be redrawn. */
  readonly isTerminal: boolean;
  /** The stream behind it, for what redraws its own lines. */
  readonly stream: NodeJS.WritableStream;
  /** Width in characters. */
  readonly columns: number;
}

/** Everything outside that the command line touches; tests give their own. */
export interface CliPlaces {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Of the program. */
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly openRuntime: OpenRuntime;
  /** Folds the journal for reading; takes no lock and changes nothing. */
  readonly loadState: (workspaceDir: string) => Promise<{ readonly state: State; readonly notices: readonly string[] }>;
  /** The name under which the person at this terminal acts: git's `user.name` in that folder, else the system's. */
  readonly personName: (dir: string) => Promise<string>;
  /** What a process above this one was started for (MUSTER_PROCESS_TAG), or null: below a turn nobody speaks for a person. */
  readonly turnAbove: () => Promise<string | null>;
  /** Asks a person yes or no; false where no person sits at a terminal. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Opens an address in the person's browser; says on stderr when it cannot. */
  readonly openBrowser: (url: string) => Promise<void>;
  /** Resolves with the signal when somebody asks this process to end. */
  readonly untilInterrupted: () => Promise<string>;
}
