import { readTextAtOnce } from '../platform/read-at-once.js';
import type { KnownSecret } from '../ports/secret-guard.js';

/** The file in which a CLI keeps its login, and what people call that login. */
export interface LoginFile {
  readonly label: string;
  readonly path: string;
}

// Shorter ones are words such as the kind of a plan; a token is longer than any of them.
const shortestToken = 20;
const holdsToken = /token|secret|key|credential|passw/i;

function tokensIn(value: unknown, name: string): { readonly name: string; readonly value: string }[] {
  if (typeof value === 'string') return value.length >= shortestToken && holdsToken.test(name) ? [{ name, value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => tokensIn(inner, name === '' ? key : `${name}.${key}`));
}

/** The token strings in the login files that are there; a file that is missing or is no JSON holds none that could be known. */
export async function loginSecrets(files: readonly LoginFile[]): Promise<readonly KnownSecret[]> {
  const found = await Promise.all(
    files.map(async ({ label, path }) => {
      const text = await readTextAtOnce(path).catch(() => '');
      return tokensIn(parsed(text), '').map(({ name, value }) => ({ name: `${label} ${name}`, value }));
    }),
  );
  return found.flat();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
