import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** A program that answers on standard output what it is asked on standard input, until its input is closed. */
export interface AnsweringSpec {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Called for each piece of standard output, in order. */
  readonly onOutput: (bytes: Buffer) => void;
  /** Called once, when it has ended or could not be started. */
  readonly onEnd: () => void;
}

/** One that runs. */
export interface AnsweringProgram {
  write(text: string): void;
  /** Whether this process waits for it before it ends by itself; false at first. */
  keepAwake(isAwaited: boolean): void;
  /** Closes its input, at which it ends; nothing is heard of it afterwards. */
  end(): void;
}

/**
 * Starts a program that lives as long as its standard input is open, and so no longer than this process: the system closes the
 * pipe for a process that was killed. Its standard error is not read.
 */
export function startAnswering(spec: AnsweringSpec): AnsweringProgram {
  const [file, ...args] = spec.argv;
  const child = spawn(file, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['pipe', 'pipe', 'ignore'],
    // A Ctrl-C in the terminal is for this process, which then ends it in its own time.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let hasEnded = false;
  const ended = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    spec.onEnd();
  };
  child.once('error', ended);
  child.stdout.once('close', ended);
  // It may have ended before it read its input; its output, which it shares with all that it started, says when nothing more comes.
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes: Buffer) => {
    if (!hasEnded) spec.onOutput(bytes);
  });
  const pipes = [child.stdin, child.stdout] as unknown as readonly Socket[];
  const keepAwake = (isAwaited: boolean): void => {
    for (const part of [child, ...pipes]) {
      if (isAwaited) part.ref();
      else part.unref();
    }
  };
  keepAwake(false);
  return {
    write: (text) => void child.stdin.write(text),
    keepAwake,
    end: () => {
      hasEnded = true;
      child.stdin.end();
    },
  };
}
