import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Jail, JailCommand } from '../ports/jail.js';
import type { ProcessGuardian } from '../ports/process-guardian.js';
import { checkedArguments, runGuarded } from './guarded-command.js';
import { jailEnvironment } from './jail-environment.js';

const systemFolders = [
  '/usr',
  '/bin',
  '/sbin',
  '/System',
  '/Library',
  '/opt',
  '/private/etc',
  '/private/var/db',
  '/private/var/select',
  '/dev',
  '/Applications/Xcode.app',
];

const quoted = (path: string): string => `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const subpaths = (paths: readonly string[]): string => paths.map((path) => `(subpath ${quoted(path)})`).join(' ');

/** The profile of one command in the language of macOS's sandbox. Paths are real paths: it does not follow links. */
export function sandboxProfile(options: {
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly network: boolean;
  readonly hidden?: readonly string[];
  readonly unchanged?: readonly string[];
}): string {
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork) (allow process-exec) (allow signal (target same-sandbox)) (allow process-info* (target same-sandbox))',
    '(allow sysctl-read) (allow mach-lookup) (allow ipc-posix-shm) (allow ipc-posix-sem) (allow pseudo-tty)',
    '(allow file-read-metadata)',
    '(allow file-read* (literal "/"))',
    `(allow file-read* ${subpaths([...systemFolders, ...options.readable, ...options.writable])})`,
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (regex #"^/dev/fd/"))',
    `(allow file-write* ${subpaths(options.writable)})`,
    // Of several rules the last one holds.
    ...[...(options.unchanged ?? []), ...(options.hidden ?? [])].map((path) => `(deny file-write* (subpath ${quoted(path)}))`),
    ...(options.hidden ?? []).map((path) => `(deny file-read* (subpath ${quoted(path)}))`),
    options.network ? '(allow network*)' : '(allow network* (local ip "localhost:*")) (allow network-outbound (remote ip "localhost:*"))',
  ].join('\n');
}

/**
 * Runs commands under macOS's `sandbox-exec`. Written from its documentation and not tried on a Mac. It has no network namespace:
 * a command that may listen on loopback may also reach the person's own loopback servers.
 */
export function createSandboxExecJail(options: {
  readonly guardian: ProcessGuardian;
  readonly sandboxExecPath: string;
  readonly nodePath: string;
  readonly temporaryDir: string;
}): Jail {
  const run = async (command: JailCommand, signal: AbortSignal | undefined): ReturnType<Jail['run']> => {
    const scratch = await realpath(await mkdtemp(join(options.temporaryDir, 'jail-')));
    const nodeFolder = dirname(options.nodePath);
    const profile = sandboxProfile({
      writable: [command.checkout, ...command.caches, scratch],
      readable: [nodeFolder, ...command.readable],
      network: command.network,
      ...(command.hidden ? { hidden: command.hidden } : {}),
      ...(command.unchanged ? { unchanged: command.unchanged } : {}),
    });
    const env = jailEnvironment(command, {
      path: `${nodeFolder}:/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      home: scratch,
      temporary: scratch,
    });
    try {
      return await runGuarded(
        options.guardian,
        command,
        { argv: [options.sandboxExecPath, '-p', profile, ...checkedArguments(command)], env, jailed: true },
        signal,
      );
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  return { kind: 'sandbox-exec', run };
}
