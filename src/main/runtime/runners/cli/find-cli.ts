import { join } from 'node:path';
import type { Clock } from '../../ports/clock.js';
import { findProgram } from '../../platform/find-program.js';
import { runProgram } from '../../platform/run-program.js';
import type { CliNames } from './cli-names.js';

/** A CLI on this machine, or the sentence that says how to get it. */
export type FoundCli =
  | { readonly kind: 'found'; readonly path: string; /** As it tells it; empty when it does not. */ readonly version: string }
  | { readonly kind: 'missing'; readonly message: string };

const usualFolders = ['.local/bin', 'bin', '.npm-global/bin', '.bun/bin', '.volta/bin'];
const systemFolders = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];
const versionTimeoutMs = 15_000;

/** Absolute path of the program: on PATH, else where its installers put it; null if nowhere. */
export async function findCliPath(
  names: CliNames,
  env: Readonly<Record<string, string | undefined>>,
  ownPlaces: readonly string[],
): Promise<string | null> {
  const onPath = await findProgram(names.program, '/', env);
  if (onPath !== null) return onPath;
  const home = env['HOME'] ?? env['USERPROFILE'];
  const folders = [...(home ? usualFolders.map((folder) => join(home, folder)) : []), ...systemFolders];
  const places = [...(home ? ownPlaces.map((place) => join(home, place)) : []), ...folders.map((folder) => join(folder, names.program))];
  for (const place of places) {
    const found = await findProgram(place, '/', env);
    if (found !== null) return found;
  }
  return null;
}

/** Finds a CLI and asks it for its version. `ownPlaces` are paths below the person's home. */
export async function findCli(
  names: CliNames,
  env: Readonly<Record<string, string | undefined>>,
  ownPlaces: readonly string[],
  clock: Clock,
): Promise<FoundCli> {
  const path = await findCliPath(names, env, ownPlaces);
  if (path === null)
    return {
      kind: 'missing',
      message: `${names.label} was found neither on PATH nor in its usual places. ${names.install}.`,
    };
  const version = await readCliVersion([path], env, clock);
  if (version === null) return { kind: 'missing', message: `${names.label} at ${path} does not answer to --version. ${names.install}.` };
  return { kind: 'found', path, version };
}

/** The version that a program tells, empty when it tells none; null when it does not answer. `argv` is how it is started. */
export async function readCliVersion(
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<string | null> {
  const told = await runProgram(
    {
      argv: [...argv, '--version'],
      cwd: '/',
      env: { PATH: env['PATH'] ?? '/usr/bin:/bin', HOME: env['HOME'] ?? '/' },
      timeoutMs: versionTimeoutMs,
      maxBytes: 64 * 1024,
    },
    clock,
  );
  if (told.outcome !== 'exited' || told.exitCode !== 0) return null;
  return /\d+\.\d+\.\d+\S*/.exec(told.stdout.toString('utf8'))?.[0] ?? '';
}
