import { mkdtemp, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Jail, JailCommand } from '../ports/jail.js';
import type { ProcessGuardian } from '../ports/process-guardian.js';
import { checkedArguments, runGuarded } from './guarded-command.js';
import { jailEnvironment } from './jail-environment.js';

/**
 * Runs commands where no jail is to be had: under the guardian, with a clean environment and a home of their own, but with the
 * person's rights on files and network. Every result says `jailed: false`.
 */
export function createNoJail(options: {
  readonly guardian: ProcessGuardian;
  readonly nodePath: string;
  readonly path: string;
  readonly temporaryDir: string;
}): Jail {
  const run = async (command: JailCommand, signal: AbortSignal | undefined): ReturnType<Jail['run']> => {
    const scratch = await mkdtemp(join(options.temporaryDir, 'home-'));
    const env = jailEnvironment(command, {
      path: [dirname(options.nodePath), options.path].join(delimiter),
      home: scratch,
      temporary: scratch,
    });
    const [program, ...rest] = process.platform === 'win32' ? command.argv : (checkedArguments(command) as [string, ...string[]]);
    try {
      return await runGuarded(options.guardian, command, { argv: [program, ...rest], env, jailed: false }, signal);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  return { kind: 'none', run };
}
