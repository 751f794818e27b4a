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
  const isJson = words.includes('--json');
  // With --json the one line of the error says what was asked wrongly; commander's own words would stand beside it.
  const said = isJson ? (): void => undefined : (text: string): void => places.stderr.write(text);
  const program = buildProgram(table, version, places, (given) => (code = given), said);
  try {
    if (words.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, places, isJson);
  }
}

function failed(error: unknown, places: CliPlaces, isJson: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError && !isJson) return 2;
  const { id, message, exitCode } = saying(error);
  places.stderr.write(errorText(isJson, message, id));
  if (places.env['MUSTER_DEBUG'] && error instanceof Error) places.stderr.write(`${terminalText(error.stack ?? '')}\n`);
  return exitCode;
}

/** An error as a sentence; for scripts one line of JSON, the last on standard error. */
export const errorText = (isJson: boolean, message: string, id?: string): string =>
  isJson ? `${JSON.stringify({ error: { ...(id === undefined ? {} : { id }), message } })}\n` : `${terminalText(message)}\n`;

interface Said {
  /** The refusal's, which is the same in every way in; left out where nothing was refused. */
  readonly id?: string;
  readonly message: string;
  readonly exitCode: number;
}

function saying(error: unknown): Said {
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof CommanderError) return { id: 'bad-input', message: error.message.replace(/^error: /, ''), exitCode: 2 };
  if (error instanceof ORPCError) {
    if (error.code === 'BAD_REQUEST') return { id: 'bad-input', message: badRequest(error), exitCode: 2 };
    const { id } = (error.data ?? {}) as { readonly id?: string };
    return { ...(id === undefined ? {} : { id }), message: error.message, exitCode: id === 'bad-input' ? 2 : 1 };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { message: /^Could not /.test(reason) ? reason : `Could not do that: ${reason}`, exitCode: 1 };
}

interface Issue {
  readonly code?: string;
  readonly origin?: string;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly message: string;
  readonly path?: readonly PropertyKey[];
}

/** `acceptance criteria` of `fields.acceptanceCriteria[0]`. */
const wordOf = (path: readonly PropertyKey[]): string =>
  (path.filter((part) => typeof part === 'string').at(-1) ?? 'text').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function badRequest(error: ORPCError<string, unknown>): string {
  const { issues = [] } = (error.data ?? {}) as { readonly issues?: readonly Issue[] };
  const long = issues.find(({ code, origin }) => code === 'too_big' && origin === 'string');
  if (long) return `The ${wordOf(long.path ?? [])} is too long: it may have ${long.maximum ?? 0} characters.`;
  const empty = issues.find(({ code, origin, minimum }) => code === 'too_small' && origin === 'string' && minimum === 1);
  if (empty) return `The ${wordOf(empty.path ?? [])} is empty.`;
  const said = issues.map(({ message, path = [] }) => `${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}${message}`);
  return `That was asked wrongly: ${said.length > 0 ? said.join('; ') : error.message}.`;
}
