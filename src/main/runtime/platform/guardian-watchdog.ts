import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { GuardedSpec } from '../ports/process-guardian.js';
import { isMerged } from './guardian-launch.js';
import type { Launch, Launcher } from './guardian-launch.js';
import { watchdogProgram } from './guardian-watchdog-program.js';
import { processOwnerVariable, processTagVariable } from './proc-table.js';
import { ProcessStartError } from './process-start-error.js';

type Status = Awaited<Launch['status']>;

function parseStatus(text: string): Status {
  if (!text.endsWith('\n')) return null;
  const value = JSON.parse(text) as { exitCode: number | null; signal: string | null };
  return { exitCode: value.exitCode, signal: value.signal };
}

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text += String(chunk);
  } catch {
    return ''; // cut off with the watchdog: it said nothing that counts
  }
  return text;
}

/**
 * Starts programs below a small Node program that holds a pipe to the runtime. When the pipe closes, it ends the program, all
 * below it, all in its session and all with its tag. One hole is known, which the namespace has not: a process that leaves its
 * session, loses its parent and drops its environment is not found. Tested on Linux only; where /proc is missing it asks `ps`, and
 * on Windows `taskkill`.
 */
export function createWatchdogLauncher(nodePath: string, owner: string): Launcher {
  return (spec: GuardedSpec) =>
    new Promise<Launch>((resolve, reject) => {
      const child = spawn(nodePath, ['-e', watchdogProgram, '--', 'muster-watchdog'], {
        cwd: '/',
        env: {
          PATH: process.env['PATH'],
          SystemRoot: process.env['SystemRoot'],
          ELECTRON_RUN_AS_NODE: '1',
          [processTagVariable]: spec.tag,
          [processOwnerVariable]: owner,
        },
        stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        detached: true,
        windowsHide: true,
      });
      const [, , , control, report] = child.stdio as unknown as [unknown, unknown, unknown, Writable, Readable];
      child.once('error', (error) =>
        reject(
          new ProcessStartError(
            `Could not start ${spec.argv[0]}: its watchdog ${nodePath} cannot be run (${error.message}). Check that this Node is still installed.`,
          ),
        ),
      );
      child.once('spawn', () => {
        control.on('error', () => undefined); // it is gone; its status says so
        const exited = new Promise<void>((settle) => child.once('exit', () => settle()));
        const status = Promise.all([readAll(report), exited]).then(([text]) => parseStatus(text));
        const order = {
          argv: spec.argv,
          cwd: spec.cwd,
          env: { ...spec.env, [processTagVariable]: spec.tag, [processOwnerVariable]: owner },
          merged: isMerged(spec),
        };
        resolve({
          pid: child.pid ?? 0,
          stdin: child.stdin,
          stdout: child.stdout,
          stderr: child.stderr,
          go: () => control.write(`${JSON.stringify(order)}\n`),
          status,
        });
      });
    });
}
