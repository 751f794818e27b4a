import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isBelow, systemBinds } from '../platform/system-places.js';
import type { Jail, JailCommand } from '../ports/jail.js';
import type { ProcessGuardian } from '../ports/process-guardian.js';
import { checkedArguments, runGuarded } from './guarded-command.js';
import { jailEnvironment } from './jail-environment.js';

/** What a bubblewrap jail is made of. Paths are absolute. */
export interface BubblewrapOptions {
  readonly guardian: ProcessGuardian;
  readonly bwrapPath: string;
  /** The Node that commands find first; null: only what the system has. */
  readonly nodePath: string | null;
  /** Folders to hide although they lie below a folder of the system, such as a workspace in /opt. */
  readonly hidden: readonly string[];
  /** `npm` as the person's PATH finds it; null: only what the system has. */
  readonly npmPath: string | null;
}

const path = '/jail/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin';
const places = { path, home: '/home/jail', temporary: '/tmp' };

function nodeBinds({ nodePath, npmPath }: BubblewrapOptions): readonly string[] {
  const binds = ['--dir', '/jail/bin'];
  if (nodePath !== null) binds.push('--ro-bind', realpathSync(nodePath), '/jail/bin/node');
  const script = npmPath === null ? null : realpathSync(npmPath);
  if (script === null || isBelow(script, '/usr') || !script.endsWith('/bin/npm-cli.js')) return binds;
  binds.push('--ro-bind', dirname(dirname(script)), '/jail/npm');
  for (const name of ['npm', 'npx']) binds.push('--symlink', `/jail/npm/bin/${name}-cli.js`, `/jail/bin/${name}`);
  return binds;
}

// An empty folder for a folder, an empty file for a file.
function hiddenBind(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  return stat.isDirectory() ? ['--tmpfs', path] : ['--dev-bind', '/dev/null', path];
}

/** The arguments before the command itself; exported so that a test can read them. */
export function bubblewrapArguments(options: BubblewrapOptions, command: JailCommand): readonly string[] {
  const environment = jailEnvironment(command, places);
  return [
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(command.network ? [] : ['--unshare-net']),
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--cap-drop',
    'ALL',
    ...systemBinds(options.hidden),
    ...(command.network ? ['--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf'] : []),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--tmpfs',
    '/tmp',
    '--tmpfs',
    '/home/jail',
    ...nodeBinds(options),
    ...command.readable.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...[command.checkout, ...command.caches].flatMap((folder) => ['--bind', folder, folder]),
    ...(command.unchanged ?? []).flatMap((path) => ['--ro-bind-try', path, path]),
    ...(command.hidden ?? []).flatMap(hiddenBind),
    // The root itself is a folder in memory; what is written there would seem to succeed.
    '--remount-ro',
    '/',
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    command.checkout,
  ];
}

/**
 * Runs commands in namespaces of their own: system folders read-only, home and workspace not there, only the checkout and the
 * caches writable, loopback only unless the command may use the network. Tested on Linux, as root and not as root.
 */
export function createBubblewrapJail(options: BubblewrapOptions): Jail {
  return {
    kind: 'bubblewrap',
    run: (command, signal) =>
      runGuarded(
        options.guardian,
        command,
        {
          argv: [options.bwrapPath, ...bubblewrapArguments(options, command), '--', ...checkedArguments(command)],
          env: { PATH: path },
          jailed: true,
        },
        signal,
      ),
  };
}
