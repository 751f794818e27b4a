import { execa } from 'execa';
import type { Clock } from '../ports/clock.js';

/** A short-lived program, to be run to its end. */
export interface ProgramSpec {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it standard input is empty. */
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Per stream; at the limit the program is ended and `outcome` says so. */
  readonly maxBytes: number;
}

/** How it ended and what it said. */
export interface ProgramResult {
  readonly outcome: 'exited' | 'timed-out' | 'output-limit' | 'could-not-start';
  /** null unless it exited by itself. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** UTF-8; for `could-not-start` the system's reason. */
  readonly stderr: string;
}

const bytesOf = (value: unknown): Buffer => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0));

/**
 * Runs a program to its end and tells how it ended; never throws for what the program did. It has no terminal (on POSIX its own
 * session), and at a limit it is ended together with what it started in its process group.
 */
export async function runProgram(spec: ProgramSpec, clock: Clock): Promise<ProgramResult> {
  const [file, ...args] = spec.argv;
  const isGroupLeader = process.platform !== 'win32';
  const running = execa(file, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: spec.maxBytes,
    detached: isGroupLeader,
    windowsHide: true,
    ...(spec.stdin === undefined ? { stdin: 'ignore' as const } : { input: spec.stdin }),
  });
  const endGroup = (): void => {
    running.kill('SIGKILL');
    if (isGroupLeader && running.pid !== undefined) endProcessGroup(running.pid);
    running.stdout?.destroy();
    running.stderr?.destroy();
  };
  let isOverdue = false;
  const cancel = clock.after(spec.timeoutMs, () => {
    isOverdue = true;
    endGroup();
  });
  const result = await running;
  cancel();
  const said = { stdout: bytesOf(result.stdout), stderr: bytesOf(result.stderr).toString('utf8') };
  if (isOverdue && result.exitCode === undefined) return { outcome: 'timed-out', exitCode: null, ...said };
  if (result.isMaxBuffer) {
    endGroup();
    return { outcome: 'output-limit', exitCode: null, ...said };
  }
  if (running.pid === undefined) {
    return { outcome: 'could-not-start', exitCode: null, stdout: said.stdout, stderr: result.shortMessage ?? 'unknown reason' };
  }
  return { outcome: 'exited', exitCode: result.exitCode ?? null, ...said };
}

function endProcessGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
