import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the commands of one turn of Claude Code may touch. Paths are absolute. */
export interface ClaudePlaces {
  readonly bwrapPath: string;
  readonly checkout: string;
  readonly sessionDir: string;
  /** Claude Code's own folder for this workspace, with its login and its conversations; a command does not see into it. */
  readonly configDir: string;
  /** Its temporary folder for the turn. */
  readonly temporary: string;
  /** Files that hold a login; a command does not see them either. */
  readonly logins: readonly string[];
  readonly network: boolean;
}

/** What is missing of the wall between a turn and the person's files, as sentences; none where it is whole. */
export const claudeGaps = (isJailed: boolean): readonly string[] =>
  isJailed
    ? []
    : [
        "There is no jail on this machine: only Claude Code's own sandbox and permissions kept the person's files from it. `muster doctor` says more.",
      ];

const bind = (path: string): readonly string[] => ['--bind', path, path];

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The program that Claude Code puts before each command of the agent (CLAUDE_CODE_SHELL_PREFIX): the command gets an environment of
 * its own, without keys, sees no login and nothing that the turn itself does not see, writes only to the checkout and the session's folder, and reaches no network unless its role may.
 */
export function shellPrefix(places: ClaudePlaces, environment: Readonly<Record<string, string>>): string {
  const jail = [
    places.bwrapPath,
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--unshare-pid', '--proc', '/proc', '--die-with-parent'],
    ...(places.network ? [] : ['--unshare-net']),
    ...['--tmpfs', places.configDir, '--remount-ro', places.configDir],
    ...[places.temporary, places.checkout, places.sessionDir].flatMap(bind),
    // A turn that writes to git does so behind the record of what it changed.
    ...['--ro-bind-try', join(places.checkout, '.git'), join(places.checkout, '.git')],
    ...places.logins.flatMap((path) => ['--ro-bind-try', '/dev/null', path]),
  ];
  const passed = ['MUSTER_PROCESS_TAG', 'MUSTER_PROCESS_OWNER'].map((name) => `${name}="\${${name}:-}"`);
  const own = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
  // Emptied before bubblewrap, not by it: its own process stays visible in the jail, with the environment that it was started with.
  return `#!/bin/sh\nexec /usr/bin/env -i ${[...passed, ...own].join(' ')} ${jail.map(quote).join(' ')} -- /bin/bash -c "$1"\n`;
}

/** Writes the program that commands run through; returns its path. */
export async function writeShellPrefix(path: string, places: ClaudePlaces, environment: Readonly<Record<string, string>>): Promise<string> {
  await writeFile(path, shellPrefix(places, environment));
  await chmod(path, 0o700);
  return path;
}
