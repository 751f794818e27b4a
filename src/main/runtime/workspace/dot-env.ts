import { parseEnv } from 'node:util';
import { readTextAtOnce } from '../platform/read-at-once.js';
import type { KnownSecret } from '../ports/secret-guard.js';

/** The environment as the workspace sees it. */
export interface WorkspaceEnvironment {
  /** Exported variables, and those of `.env` that are not exported. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly KnownSecret[];
  /** A sentence when there is a `.env` that cannot be read. */
  readonly problem: string | null;
}

/**
 * Reads the `.env` at `path`, the workspace's own and no other; exported variables win. `secretNames` are variables that hold
 * secrets whatever they are called (the bots' `token_env`). The process's environment is left as it is.
 */
export async function readWorkspaceEnvironment(
  path: string,
  exported: Readonly<Record<string, string | undefined>>,
  secretNames: readonly string[],
): Promise<WorkspaceEnvironment> {
  const file = await readDotEnv(path);
  const given = Object.entries(exported).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const variables = { ...file.variables, ...Object.fromEntries(given) };
  const inFile = Object.entries(file.variables);
  const names = new Set([...secretNames, ...inFile.filter(([, value]) => looksRandom(value)).map(([name]) => name)]);
  return { variables, secrets: secretsAmong([...inFile, ...given], names), problem: file.problem };
}

async function readDotEnv(path: string): Promise<{ variables: Record<string, string>; problem: string | null }> {
  try {
    const parsed = parseEnv(await readTextAtOnce(path));
    const named = Object.entries(parsed).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return { variables: Object.fromEntries(named), problem: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return { variables: {}, problem: null };
    return {
      variables: {},
      problem: `Could not read ${path}: ${code}. Variables that it sets are missing; make it a file that you may read.`,
    };
  }
}

const soundsSecret = /token|secret|passw|passphrase|credential|private_?key|api_?key|access_?key|(^|_)(auth(_|$)|key$)/i;
const namesPlace = /(sock|path|dir|file|home)$/i;
const hasPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;
/** A value that no text has by chance: somebody's `.env` need not call a secret one. */
const looksRandom = (value: string): boolean =>
  value.length >= 16 && /^[\w+=~.-]+$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);

// Shorter values would stop work for words that appear everywhere.
const shortestSecret = 8;

function secretsAmong(variables: readonly (readonly [string, string])[], names: ReadonlySet<string>): KnownSecret[] {
  const seen = new Set<string>();
  return variables.flatMap(([name, value]) => {
    const sounds = (soundsSecret.test(name) && !namesPlace.test(name) && !/^\d+$/.test(value)) || hasPassword.test(value);
    if (!(names.has(name) || sounds) || value.length < shortestSecret || seen.has(value)) return [];
    seen.add(value);
    return [{ name, value }];
  });
}
