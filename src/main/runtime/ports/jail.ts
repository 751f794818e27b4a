/** A command that an agent may have written, to be run where it can harm nothing (rules 6). */
export interface JailCommand {
  /** Unique per run; names the process in the ledger. */
  readonly tag: string;
  readonly argv: readonly [string, ...string[]];
  /** The checkout, absolute; the command's working directory and, with `caches`, the only writable place. */
  readonly checkout: string;
  /** Further writable folders, absolute, e.g. a package cache. */
  readonly caches: readonly string[];
  /** Files and folders below `checkout` that the command does not see, absolute; what is not there is left out. */
  readonly hidden?: readonly string[];
  /** Files and folders below `checkout` that it may read and not change, absolute; what is not there is left out. */
  readonly unchanged?: readonly string[];
  /** Folders that would be hidden but may be read, absolute. */
  readonly readable: readonly string[];
  /** false: own network namespace with loopback only. */
  readonly network: boolean;
  /** Added to the small fixed environment of the jail. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Output of both streams, in order of arrival, goes here. Absolute. */
  readonly outputFile: string;
  /** Default 16 MiB; more ends the command. */
  readonly maxOutputBytes?: number;
}

/** What became of it. `jailed: false` means that no jail was to be had and the command ran under the guardian alone. */
export type JailResult =
  | {
      readonly kind: 'exited';
      /** Signals are 128 + number, as a shell says it. */
      readonly exitCode: number;
      readonly durationMs: number;
      readonly outputSha256: string;
      readonly outputBytes: number;
      readonly jailed: boolean;
    }
  | { readonly kind: 'timed-out' | 'output-limit' | 'stopped'; readonly durationMs: number; readonly jailed: boolean }
  | { readonly kind: 'could-not-start'; /** A sentence. */ readonly reason: string };

/** Runs what an agent wrote. */
export interface Jail {
  readonly kind: 'bubblewrap' | 'sandbox-exec' | 'none';
  /** Never rejects. `signal` ends the command. */
  run(command: JailCommand, signal?: AbortSignal): Promise<JailResult>;
}
