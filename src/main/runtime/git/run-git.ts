import { channel } from 'node:diagnostics_channel';
import { mkdir } from 'node:fs/promises';
import { createLightStarter } from '../platform/light-starter.js';
import { runProgram } from '../platform/run-program.js';
import type { Clock } from '../ports/clock.js';
import { GitError } from './git-error.js';

/** Where a call happens; `workTree` null for calls that need no files. */
export interface GitPlace {
  readonly gitDir: string;
  readonly workTree: string | null;
}

/** One call of git. */
export interface GitCall {
  /** null: git looks for a repository from `cwd` upwards (only for the person's own project). */
  readonly place: GitPlace | null;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** `key=value` pairs over the configured ones. */
  readonly config?: readonly string[];
  /** Takes no lock that it could do without. */
  readonly readsOnly?: boolean;
  readonly timeoutMs?: number;
  /** Default true; a few commands refuse to run with `--literal-pathspecs`. */
  readonly literalPaths?: boolean;
  /** Default true: waits for another process's lock as `LOCK_RETRY_MS` says. */
  readonly retryLocks?: boolean;
}

/** What git answered; `text` is standard output as UTF-8. */
export interface GitOutput {
  readonly exitCode: number | null;
  readonly hasTimedOut: boolean;
  readonly stdout: Buffer;
  readonly text: string;
  readonly stderr: string;
}

/** A call as it is started. */
export interface GitCommand {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Tells each start of git, for whoever counts them; nobody does in ordinary work. */
export const gitStarts = channel('muster.git-start');

/** Runs git under fixed rules. */
export interface GitRunner {
  /** Any exit is an answer; throws a `GitError` only when git could not be started or said too much. */
  run(call: GitCall): Promise<GitOutput>;
  /** Throws a `GitError` unless git exits with 0 in time. */
  must(call: GitCall): Promise<GitOutput>;
  /** What would be started for a call, for a program that is kept to answer many questions. */
  commandOf(call: GitCall): GitCommand;
  /** Ends what is kept to start git by; the next call begins anew. */
  rest(): void;
}

/** Waits between tries while another process holds `index.lock`, `packed-refs.lock` or a ref's lock; about two seconds in all. */
export const LOCK_RETRY_MS: readonly number[] = [20, 40, 80, 160, 300, 500, 900];

/** Ten minutes: a checkout of a large repository. */
export const GIT_TIMEOUT_MS = 600_000;

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

const LOCK_HELD = /Unable to create '[^']*\.lock': File exists|could not lock config file/;

/** What a person's git needs to find configuration and keys; everything else (tokens, GIT_*) stays outside. */
const PASSED_VARIABLES: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'EMAIL',
  'SHELL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'GNUPGHOME',
  'SSH_AUTH_SOCK',
  'USERNAME',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
];

const FIXED_VARIABLES: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: ':',
  GIT_SEQUENCE_EDITOR: ':',
  GIT_PAGER: 'cat',
  SSH_ASKPASS_REQUIRE: 'never',
};

const FIXED_CONFIG: readonly string[] = [
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.ignoreStat=false',
  'core.trustctime=true',
  'core.askPass=',
  'gc.auto=0',
  'maintenance.auto=false',
  'log.showSignature=false',
  'submodule.recurse=false',
  'rerere.enabled=false',
  'merge.autoStash=false',
  'rebase.autoStash=false',
  'advice.detachedHead=false',
];

/** The environment of every git call: a few named variables of the host and the fixed ones. */
export function gitEnvironment(host: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_VARIABLES) {
    const value = host[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...FIXED_VARIABLES };
}

function argumentsOf(call: GitCall, emptyHooksDir: string): string[] {
  const config = [...FIXED_CONFIG, `core.hooksPath=${emptyHooksDir}`, ...(call.config ?? [])];
  const where = call.place === null ? [] : [`--git-dir=${call.place.gitDir}`];
  if (call.place !== null && call.place.workTree !== null) where.push(`--work-tree=${call.place.workTree}`);
  const mode = call.readsOnly === true ? ['--no-optional-locks'] : [];
  if (call.literalPaths !== false) mode.push('--literal-pathspecs');
  return [...mode, ...where, ...config.flatMap((pair) => ['-c', pair]), ...call.args];
}

/**
 * A runner whose calls name their repository, run no hook and no file-system monitor, ask nobody, speak English and see no `GIT_*`
 * variable of the host. Identity and signing of the person's configuration count.
 */
export function createGitRunner(options: {
  readonly gitPath: string;
  readonly emptyHooksDir: string;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}): GitRunner {
  const env = gitEnvironment(options.hostEnv);
  const starter = createLightStarter({ baseEnv: env, folderPrefix: `${options.emptyHooksDir}.output-`, clock: options.clock });
  const wait = (ms: number): Promise<void> => new Promise((resolve) => options.clock.after(ms, resolve));
  let hooksDirReady: Promise<unknown> | null = null;

  const commandOf = (call: GitCall): GitCommand => ({
    argv: [options.gitPath, ...argumentsOf(call, options.emptyHooksDir)],
    cwd: call.cwd ?? call.place?.workTree ?? options.emptyHooksDir,
    env: { ...env, ...call.env },
  });

  const runOnce = async (call: GitCall): Promise<GitOutput> => {
    gitStarts.publish({ command: call.args[0] });
    hooksDirReady ??= mkdir(options.emptyHooksDir, { recursive: true });
    await hooksDirReady;
    const spec = {
      ...commandOf(call),
      ...(call.stdin === undefined ? {} : { stdin: call.stdin }),
      timeoutMs: call.timeoutMs ?? GIT_TIMEOUT_MS,
      maxBytes: MAX_OUTPUT_BYTES,
    };
    // Only where a time limit is expected to be reached it matters that what git itself started is ended too.
    const result = await (call.timeoutMs === undefined ? starter.run(spec) : runProgram(spec, options.clock));
    if (result.outcome === 'could-not-start')
      throw new GitError(call.args, null, result.stderr, 'could not be started (is git installed?)');
    if (result.outcome === 'output-limit') throw new GitError(call.args, null, '', `said more than ${MAX_OUTPUT_BYTES} bytes`);
    const { exitCode, stdout, stderr } = result;
    return { exitCode, hasTimedOut: result.outcome === 'timed-out', stdout, stderr, text: stdout.toString('utf8') };
  };

  const run = async (call: GitCall): Promise<GitOutput> => {
    for (const pauseMs of call.retryLocks === false ? [] : LOCK_RETRY_MS) {
      const output = await runOnce(call);
      if (output.exitCode === 0 || !LOCK_HELD.test(output.stderr)) return output;
      await wait(pauseMs);
    }
    return runOnce(call);
  };

  const must = async (call: GitCall): Promise<GitOutput> => {
    const output = await run(call);
    if (output.hasTimedOut) throw new GitError(call.args, null, output.stderr, `took longer than ${call.timeoutMs ?? GIT_TIMEOUT_MS} ms`);
    if (output.exitCode !== 0) throw new GitError(call.args, output.exitCode, output.stderr);
    return output;
  };
  return { run, must, commandOf, rest: () => starter.end() };
}

/** Parts of a `-z` output, without the empty one at its end. */
export const splitNul = (text: string): string[] => text.split('\0').filter((part) => part !== '');

/** One line of output without its newline. */
export const oneLine = (text: string): string => text.replace(/\r?\n$/, '');
