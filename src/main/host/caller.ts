import type { Actor } from '../../shared/domain/state.js';

type Via = Extract<Actor, { kind: 'person' }>['via'];

/** A person at a host of this user, for whom that host asks another process of this user. */
export interface Caller {
  readonly name: string;
  readonly via: Extract<Via, 'web' | 'window'>;
}

const personHeader = 'x-muster-person';
const viaHeader = 'x-muster-via';

/** Headers that tell a local gate for whom a host asks. */
export const callerHeaders = ({ name, via }: Caller): Record<string, string> => ({
  [personHeader]: encodeURIComponent(name),
  [viaHeader]: via,
});

/** For whom a request is made; null: for whoever the command names; `unknown` for what no host says. */
export function callerOf(headers: Readonly<Record<string, string | string[] | undefined>>): Caller | null | 'unknown' {
  const [person, via] = [headers[personHeader], headers[viaHeader]];
  if (person === undefined && via === undefined) return null;
  const name = typeof person === 'string' ? decoded(person) : '';
  if (name === '' || name.length > 200 || (via !== 'web' && via !== 'window')) return 'unknown';
  return { name, via };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
