import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { GuardedSpec } from '../ports/process-guardian.js';
import { isMerged } from './guardian-launch.js';
import type { Launch, Launcher } from './guardian-launch.js';
import { processOwnerVariable, processTagVariable } from './proc-table.js';
import { ProcessStartError } from './process-start-error.js';

/** What makes a namespace whose end is the end of all in it, with the file system as it is. */
export const namespaceArguments = [
  '--unshare-pid',
  '--die-with-parent',
  '--new-session',
  '--dev-bind',
  '/',
  '/',
  '--proc',
  '/proc',
] as const;

// Reading the end of the pipe instead of `go` means that the runtime is gone before it could write the process down.
const gate = (merged: boolean): string => `exec 4>&-; read -r go <&3 || exit 125; exec 3<&-; ${merged ? 'exec 2>&1; ' : ''}exec "$@"`;

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [128 + number, name]));

function readStatus(
  exitCode: number | null,
  signal: string | null,
): { readonly exitCode: number | null; readonly signal: string | null } | null {
  if (exitCode === null) return signal === null ? null : { exitCode: null, signal };
  const name = signalNames.get(exitCode);
  return name === undefined ? { exitCode, signal: null } : { exitCode: null, signal: name };
}

/** The namespace's first process, as bubblewrap tells it; the kernel lets it go only after all others in there. */
async function firstPidOf(info: Readable): Promise<number | null> {
  let text = '';
  info.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await new Promise<void>((told) => info.once('close', told).once('error', () => told()));
  const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
}

/**
 * Starts programs in a Linux process namespace made by bubblewrap. It passes a death by signal on as 128 + number, so a program
 * that exits with such a number by itself is reported as ended by that signal.
 */
export function createNamespaceLauncher(bwrapPath: string, owner: string): Launcher {
  return (spec: GuardedSpec) =>
    new Promise<Launch>((resolve, reject) => {
      const child = spawn(
        bwrapPath,
        [...namespaceArguments, '--info-fd', '4', '--chdir', spec.cwd, '--', '/bin/sh', '-c', gate(isMerged(spec)), 'sh', ...spec.argv],
        {
          cwd: '/',
          env: { ...spec.env, [processTagVariable]: spec.tag, [processOwnerVariable]: owner },
          stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
          detached: true,
        },
      );
      const status = new Promise<Awaited<Launch['status']>>((settle) =>
        child.once('exit', (code, signal) => settle(readStatus(code, signal))),
      );
      child.once('error', (error) =>
        reject(
          new ProcessStartError(
            `Could not start ${spec.argv[0]}: ${bwrapPath} cannot be run (${error.message}). Install bubblewrap again, or remove it.`,
          ),
        ),
      );
      child.once('spawn', () => {
        const control = child.stdio[3] as Writable;
        control.on('error', () => undefined); // ended before it was let go; its status says so
        resolve({
          pid: child.pid ?? 0,
          stdin: child.stdin,
          stdout: child.stdout,
          stderr: child.stderr,
          go: () => control.end('go\n'),
          status,
          firstPid: firstPidOf(child.stdio[4] as Readable),
        });
      });
    });
}
