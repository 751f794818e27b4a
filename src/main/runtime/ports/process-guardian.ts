/** Who a process is, well enough that nothing is ever ended on a bare pid (rules 6). */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system tells it (Linux: field 22 of /proc/PID/stat, in clock ticks since boot). */
  readonly startTime: string;
  readonly bootId: string;
  /** What it was started for: a turn id, `verify-…`, `setup-…`. Also in its environment as MUSTER_PROCESS_TAG. */
  readonly tag: string;
}

/** A process to be started under the guardian. */
export interface GuardedSpec {
  /** Unique among what runs: a second process with the same tag is refused until the first has ended. */
  readonly tag: string;
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  readonly stdin?: string;
  /** Standard output is appended to this file as it arrives. Absolute. */
  readonly stdoutFile: string;
  /** Same for standard error; may be the same path as stdoutFile. */
  readonly stderrFile: string;
  /** Called for each chunk of standard output, in order, as UTF-8 text. */
  readonly onStdout?: (text: string) => void;
  readonly timeoutMs: number;
  /** Both streams together; at the limit the process is ended. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

/** How a guarded process ended. Whatever it started is gone when this is known. */
export interface GuardedExit {
  readonly reason: 'exited' | 'stopped' | 'timed-out' | 'output-limit';
  /** null when it died of a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Monotonic. */
  readonly durationMs: number;
  readonly outputBytes: number;
}

/** A running process and the two things that can be done with it. */
export interface GuardedProcess {
  readonly identity: ProcessIdentity;
  /** Never rejects. */
  readonly exit: Promise<GuardedExit>;
  /** Ends it and everything below it, daemons included, within two seconds. Resolves when gone. */
  stop(): Promise<void>;
}

/** Starts processes that die with the runtime, and ends what a killed runtime left. */
export interface ProcessGuardian {
  /** `namespace`: a Linux process namespace (bubblewrap); `watchdog`: a small process on a pipe. */
  readonly kind: 'namespace' | 'watchdog';
  /** Rejects with a `ProcessStartError` whose message is a sentence when the program cannot be started. */
  start(spec: GuardedSpec): Promise<GuardedProcess>;
  /** Whether exactly this process is alive. */
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** Ends exactly this process and what is below it or carries its tag; false if it was not alive. */
  end(identity: ProcessIdentity): Promise<boolean>;
  /** Ends all that the ledger knows from earlier runs of this workspace; returns what was ended. */
  reap(): Promise<readonly ProcessIdentity[]>;
  /** Ends everything that this guardian started. */
  stopAll(): Promise<void>;
  /** What runs now. */
  running(): readonly ProcessIdentity[];
}
