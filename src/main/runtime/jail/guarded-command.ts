import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { JailCommand, JailResult } from '../ports/jail.js';
import type { GuardedExit, GuardedProcess, ProcessGuardian } from '../ports/process-guardian.js';

const defaultOutputLimitBytes = 16 * 1024 * 1024;

// A wrapper's own exit code says nothing about a program that is not there, so it is looked for inside, before it begins.
const lookFirst = 'command -v "$1" >/dev/null 2>&1 || { echo "muster: there is no program $1 in the jail"; exit 127; }; exec "$@"';

/** The command behind a check, made inside the jail, that its program is there. */
export const checkedArguments = (command: JailCommand): readonly string[] => ['/bin/sh', '-c', lookFirst, 'sh', ...command.argv];

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

const exitCodeOf = (exit: GuardedExit): number =>
  exit.exitCode ?? 128 + (Object.entries(constants.signals).find(([name]) => name === exit.signal)?.[1] ?? 0);

async function describeExit(exit: GuardedExit, command: JailCommand, jailed: boolean): Promise<JailResult> {
  const { durationMs, reason } = exit;
  if (reason !== 'exited') return { kind: reason, durationMs, jailed };
  const exitCode = exitCodeOf(exit);
  const missing = `muster: there is no program ${command.argv[0]} in the jail\n`;
  if (exitCode === 127 && exit.outputBytes === Buffer.byteLength(missing) && (await readFile(command.outputFile, 'utf8')) === missing) {
    return {
      kind: 'could-not-start',
      reason: `There is no program ${command.argv[0]} where the command runs. Check its name, or let \`git.worktree.setup\` install it.`,
    };
  }
  return { kind: 'exited', exitCode, durationMs, outputSha256: await hashFile(command.outputFile), outputBytes: exit.outputBytes, jailed };
}

async function waitFor(run: GuardedProcess, signal: AbortSignal | undefined): Promise<GuardedExit> {
  const stop = (): void => void run.stop();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const exit = await run.exit;
  signal?.removeEventListener('abort', stop);
  return exit;
}

/** Runs a command behind `wrapper` under the guardian, with a fresh output file; never rejects. */
export async function runGuarded(
  guardian: ProcessGuardian,
  command: JailCommand,
  wrapped: { readonly argv: readonly [string, ...string[]]; readonly env: Readonly<Record<string, string>>; readonly jailed: boolean },
  signal: AbortSignal | undefined,
): Promise<JailResult> {
  if (signal?.aborted === true) return { kind: 'stopped', durationMs: 0, jailed: wrapped.jailed };
  try {
    const checkout = await stat(command.checkout).catch(() => null);
    if (checkout?.isDirectory() !== true) return { kind: 'could-not-start', reason: `The checkout ${command.checkout} does not exist.` };
    for (const cache of command.caches) await mkdir(cache, { recursive: true });
    await mkdir(dirname(command.outputFile), { recursive: true });
    await rm(command.outputFile, { force: true });
    const run = await guardian.start({
      tag: command.tag,
      argv: wrapped.argv,
      cwd: command.checkout,
      env: wrapped.env,
      stdoutFile: command.outputFile,
      stderrFile: command.outputFile,
      timeoutMs: command.timeoutMs,
      maxOutputBytes: command.maxOutputBytes ?? defaultOutputLimitBytes,
    });
    return await describeExit(await waitFor(run, signal), command, wrapped.jailed);
  } catch (error) {
    return { kind: 'could-not-start', reason: error instanceof Error ? error.message : String(error) };
  }
}
