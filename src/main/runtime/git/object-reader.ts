import type { KeptProgram } from './kept-program.js';

/** What git has under a name. */
export interface FoundObject {
  readonly name: string;
  readonly type: string;
}

const ASKED = /^[0-9a-f]{40}(?:[0-9a-f]{24})?(?:\^\{(?:commit|tree)\})?$/;
const ANSWER = /^([0-9a-f]{40,64}) ([a-z]+) \d+$/;

/** A full object name, as SHA-1 or SHA-256 make it. */
export const isObjectName = (text: string): boolean => /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text);

/**
 * Looks an object up by a name that cannot come to mean something else: a full object name, or one with `^{commit}` or `^{tree}`
 * behind it. null when there is no such object, `undefined` when git is to be asked in the ordinary way.
 */
export async function lookUp(reader: KeptProgram, name: string): Promise<FoundObject | null | undefined> {
  if (!ASKED.test(name)) return undefined;
  const [line] = (await reader.ask(`info ${name}\n`, 1)) ?? [];
  if (line === undefined) return undefined;
  if (line === `${name} missing`) return null;
  const [, found = '', type = ''] = ANSWER.exec(line) ?? [];
  return found === '' ? undefined : { name: found, type };
}
