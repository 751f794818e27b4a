import { ORPCError } from '@orpc/server';
import { CommanderError } from 'commander';
import { buildProgram } from './build-program.js';
import { CliError } from './cli-error.js';
import type { CliPlaces } from './cli-places.js';
import type { CommandSpec } from './command-spec.js';
import { terminalText } from './terminal-text.js';

/** Does what the words after `muster` say; resolves with the exit code: 0 done, 1 could not be done, 2 asked wrongly. Never rejects. */
export async function runCli(words: readonly string[], table: readonly CommandSpec[], version: string, places: CliPlaces): Promise<number> {
  let code = 0;
  const program = buildProgram(table, version, places, (given) => (code = given));
  try {
    if (words.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, places);
  }
}

function failed(error: unknown, places: CliPlaces): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message, exitCode } = saying(error);
  places.stderr.write(`${terminalText(message)}\n`);
  if (places.env['MUSTER_DEBUG'] && error instanceof Error) places.stderr.write(`${terminalText(error.stack ?? '')}\n`);
  return exitCode;
}

function saying(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CliError) return error;
  if (error instanceof ORPCError)
    return { message: error.code === 'BAD_REQUEST' ? badRequest(error) : error.message, exitCode: error.code === 'BAD_REQUEST' ? 2 : 1 };
  const reason = error instanceof Error ? error.message : String(error);
  return { message: /^Could not /.test(reason) ? reason : `Could not do that: ${reason}`, exitCode: 1 };
}

interface Issue {
  readonly message: string;
  readonly path?: readonly PropertyKey[];
}

function badRequest(error: ORPCError<string, unknown>): string {
  const { issues = [] } = (error.data ?? {}) as { readonly issues?: readonly Issue[] };
  const said = issues.map(({ message, path = [] }) => `${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}${message}`);
  return `That was asked wrongly: ${said.length > 0 ? said.join('; ') : error.message}.`;
}
