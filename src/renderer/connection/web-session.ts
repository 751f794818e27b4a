import { en } from '../i18n/en.js';
import { ConnectionRefused } from './carrier.js';
import { codeOf } from './session-code.js';

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

/** The server's own sentence: it tells a link that was used from too many wrong ones. */
async function refusalOf(answer: Response): Promise<string> {
  const isSentence = (answer.headers.get('content-type') ?? '').startsWith('text/plain');
  const sentence = isSentence ? (await answer.text()).trim() : '';
  return sentence === '' ? en.connection.codeRefused : sentence;
}
