import { en } from '../i18n/en.js';
import { z } from 'zod';
import { ConnectionRefused } from './carrier.js';
import { codeOf } from './session-code.js';

const refusalSchema = z.object({ message: z.string().catch('') });

/**
 * Gives the one-time code of the address for a session cookie and takes the code out of the address bar and the history. Rejects
 * with `ConnectionRefused` when the code is not taken and no earlier session of this browser stands.
 */
export async function exchangeCode(): Promise<void> {
  const code = codeOf(location.hash);
  if (code === null) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/board`);
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
    credentials: 'same-origin',
  });
  if (answer.ok || (await hasSession())) return;
  throw new ConnectionRefused(await refusalOf(answer));
}

/** Whether the cookie of an earlier visit still opens the door. */
async function hasSession(): Promise<boolean> {
  const answer = await fetch('/session', { credentials: 'same-origin' });
  return answer.ok;
}

async function refusalOf(answer: Response): Promise<string> {
  const { message } = refusalSchema.parse(await answer.json().catch(() => ({})));
  return message === '' ? en.connection.codeRefused : message;
}
