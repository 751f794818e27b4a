import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TurnInput } from '../../ports/runner.js';

/** The files of one attempt of a turn. Paths are absolute. */
export interface TurnFiles {
  readonly output: string;
  readonly errors: string;
  /** null where the turn has no schema. */
  readonly schema: string | null;
  /** The CLI's own temporary folder. */
  readonly temporary: string;
  /** Home and temporary folder of the commands that the agent runs: inside of the session's folder, which is theirs to write. */
  readonly commandHome: string;
  readonly commandTemporary: string;
}

const promptFile = ({ turnDir }: TurnInput, attempt: number): string => join(turnDir, `prompt-${attempt}.txt`);

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Makes the folders and files that a turn needs before it starts, and keeps its prompt. */
export async function prepareTurnFiles(input: TurnInput): Promise<TurnFiles> {
  const at = (name: string): string => join(input.turnDir, name);
  const files: TurnFiles = {
    output: at(`output-${input.attempt}.jsonl`),
    errors: at(`errors-${input.attempt}.log`),
    schema: Object.keys(input.reportSchema).length > 0 ? at('report-schema.json') : null,
    temporary: at('tmp'),
    commandHome: join(input.sessionDir, '.home'),
    commandTemporary: join(input.sessionDir, '.tmp'),
  };
  for (const folder of [files.temporary, files.commandHome, files.commandTemporary]) await mkdir(folder, { recursive: true });
  await writeFile(promptFile(input, input.attempt), input.prompt);
  if (files.schema) await writeFile(files.schema, JSON.stringify(input.reportSchema));
  return files;
}

/** Takes away what nobody needs after the turn. */
export async function clearTemporary(files: TurnFiles): Promise<void> {
  for (const folder of [files.temporary, files.commandTemporary]) await rm(folder, { recursive: true, force: true });
}

/** What the turn was given before it was told to go on; null where it is not going on with anything. */
async function firstPrompt(input: TurnInput): Promise<string | null> {
  for (let attempt = 1; attempt < input.attempt; attempt += 1) {
    const first = await readOrNull(promptFile(input, attempt));
    if (first !== null) return first === input.prompt ? null : first;
  }
  return null;
}

/**
 * What is said to a session: the prompt, and before it what the turn was first given where the session's file, of JSON lines, does not
 * hold that. A CLI names a session before it has kept what it was asked. null: the session begins anew.
 */
export async function promptFor(input: TurnInput, sessionFile: string | null): Promise<string> {
  const first = await firstPrompt(input);
  if (first === null) return input.prompt;
  const kept = sessionFile === null ? null : await readOrNull(sessionFile);
  return kept?.includes(JSON.stringify(first).slice(1, -1)) ? input.prompt : `${first}\n\n${input.prompt}`;
}

/** The last line of a text file that is short enough to be said; empty when there is none. */
export async function lastLineOf(path: string): Promise<string> {
  return ((await readOrNull(path)) ?? '').trim().split('\n').at(-1) ?? '';
}
