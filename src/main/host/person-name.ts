import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { runProgram } from '../runtime/platform/run-program.js';
import type { Clock } from '../runtime/ports/clock.js';

/** The person at this terminal: git's `user.name` as it holds in `dir` (or the nearest folder above that exists), else the system's user. */
export async function personName(dir: string, env: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const asked = await runProgram(
    {
      argv: ['git', 'config', '--get', 'user.name'],
      cwd: existingFolder(dir),
      env: Object.fromEntries(given),
      timeoutMs: 5_000,
      maxBytes: 10_000,
    },
    clock,
  );
  const name = asked.outcome === 'exited' && asked.exitCode === 0 ? asked.stdout.toString('utf8').trim() : '';
  return name || userInfo().username;
}

function existingFolder(dir: string): string {
  for (let folder = dir; ; folder = dirname(folder)) if (existsSync(folder) || dirname(folder) === folder) return folder;
}
