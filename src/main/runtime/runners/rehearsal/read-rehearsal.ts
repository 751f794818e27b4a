import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Rehearsal, RehearsalInput } from './rehearsal-schema.js';
import { rehearsalSchema } from './rehearsal-schema.js';

/** A rehearsal cannot be used; the message names the file, the place in it and what to do. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

const deepestExtends = 5;
type Parsed = ReturnType<typeof rehearsalSchema.parse>;

function check(value: unknown, place: string): Parsed {
  const parsed = rehearsalSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RehearsalError(
    `Could not read the rehearsal ${place}: ${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'is wrong'}. Correct it and retry.`,
  );
}

async function parseFile(path: string): Promise<Parsed> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new RehearsalError(
      `Could not read the rehearsal ${path}: ${error instanceof Error ? error.message : String(error)}. Name another file or restore it.`,
    );
  });
  const known = parsedFiles.get(path);
  if (known?.text === text) return known.parsed;
  const parsed = parse(text, path);
  parsedFiles.set(path, { text, parsed });
  return parsed;
}

/** The few files of this process as they were last parsed: to parse them again takes longer than a short turn. */
const parsedFiles = new Map<string, { readonly text: string; readonly parsed: Parsed }>();

function parse(text: string, path: string): Parsed {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) throw new RehearsalError(`Could not read the rehearsal ${path}: ${problem.message.split('\n')[0]}. Correct it and retry.`);
  return check(document.toJS(), path);
}

type Layer = Rehearsal['layers'][number];

/** Own entries first, then those of each base as one layer after the other. */
async function layersOf(parsed: Parsed, folder: string, depth: number): Promise<Layer[]> {
  if (depth > deepestExtends)
    throw new RehearsalError(`Could not read the rehearsal ${parsed.name}: its files extend each other more than ${deepestExtends} deep.`);
  const bases = await Promise.all(
    parsed.extends.map(async (name) => {
      const path = join(folder, name);
      return layersOf(await parseFile(path), dirname(path), depth + 1);
    }),
  );
  return [{ durationMs: parsed.duration_ms, turns: parsed.turns }, ...bases.flat()];
}

/** Reads a rehearsal file with all that it extends. Throws a `RehearsalError`. */
export async function readRehearsal(path: string): Promise<Rehearsal> {
  const parsed = await parseFile(path);
  return { name: parsed.name, place: path, layers: await layersOf(parsed, dirname(path), 0) };
}

/** The same for one that was made in code; it extends nothing. Throws a `RehearsalError`. */
export function rehearsalOf(input: RehearsalInput): Rehearsal {
  const parsed = check(input, input.name);
  return { name: parsed.name, place: parsed.name, layers: [{ durationMs: parsed.duration_ms, turns: parsed.turns }] };
}
