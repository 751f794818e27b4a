import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Jail, JailResult } from '../ports/jail.js';
import type { BlobStore } from '../ports/journal.js';
import { sha256 } from './canonical-json.js';

/** A command of `verify` as configured. */
export interface VerifyCommandSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  readonly network: boolean;
}

/** What one command did to one tree. */
export interface CommandRun {
  readonly name: string;
  /** Of the last try; null: it could not run, or met a limit. */
  readonly exitCode: number | null;
  readonly problem: string;
  readonly durationMs: number;
  readonly outputHash: string;
  readonly outputBytes: number;
  readonly retries: number;
  readonly jailed: boolean;
}

/** Where and how often commands run. */
export interface CommandPlace {
  readonly jail: Jail;
  readonly blobs: BlobStore;
  readonly checkout: string;
  readonly tag: string;
  readonly logsDir: string;
  readonly retries: number;
  /** Added to the jail's own; default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
}

function problemOf(result: JailResult, command: VerifyCommandSpec): string {
  if (result.kind === 'timed-out') return `It took longer than ${command.timeoutMs / 1000} s.`;
  if (result.kind === 'output-limit') return 'It said more than a command may.';
  return result.kind === 'could-not-start' ? result.reason : '';
}

async function runOnce(
  place: CommandPlace,
  command: VerifyCommandSpec,
  tries: number,
  signal: AbortSignal | undefined,
): Promise<CommandRun | null> {
  const [program, ...rest] = command.argv;
  const outputFile = join(place.logsDir, `${place.tag}-${sha256(command.name).slice(0, 8)}-${tries}.log`);
  const { jail, checkout, tag } = place;
  const result = await jail.run(
    {
      tag,
      argv: [program ?? '', ...rest],
      checkout,
      caches: [],
      readable: [],
      network: command.network,
      env: place.env ?? {},
      timeoutMs: command.timeoutMs,
      outputFile,
    },
    signal,
  );
  if (result.kind === 'stopped') return null;
  const output = result.kind === 'could-not-start' ? null : await readFile(outputFile).catch(() => null);
  const outputHash = output === null ? '' : await place.blobs.put(output);
  await rm(outputFile, { force: true });
  return {
    name: command.name,
    exitCode: result.kind === 'exited' ? result.exitCode : null,
    problem: problemOf(result, command),
    durationMs: result.kind === 'could-not-start' ? 0 : Math.round(result.durationMs),
    outputHash,
    // Of what is kept, which may be less than what was said: secrets are left out of it.
    outputBytes: outputHash === '' ? 0 : ((await place.blobs.get(outputHash))?.length ?? 0),
    retries: tries,
    jailed: result.kind !== 'could-not-start' && result.jailed,
  };
}

/** Runs the commands in order, all of them, a red one again up to `retries` times; null when stopped. */
export async function runCommands(
  place: CommandPlace,
  commands: readonly VerifyCommandSpec[],
  signal: AbortSignal | undefined,
): Promise<readonly CommandRun[] | null> {
  const runs: CommandRun[] = [];
  for (const command of commands) {
    let run = await runOnce(place, command, 0, signal);
    for (let tries = 1; run !== null && run.exitCode !== 0 && tries <= place.retries; tries += 1)
      run = await runOnce(place, command, tries, signal);
    if (run === null) return null;
    runs.push(run);
  }
  return runs;
}
