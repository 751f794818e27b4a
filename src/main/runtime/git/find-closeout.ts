import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { tipOf } from './read-objects.js';
import { splitNul } from './run-git.js';

/** The trailer that names the closeout a commit was made by (rules 3). */
export const CLOSEOUT_TRAILER = 'Muster-Closeout';

const TRAILER_LINE = /^[A-Za-z0-9][A-Za-z0-9-]*: \S/;
const OWN_TRAILER_LINE = new RegExp(`^\\s*${CLOSEOUT_TRAILER}\\s*:`, 'i');

/** The message with exactly one closeout trailer: what looks like one already is taken out, as an agent may have written it. */
export function withCloseoutTrailer(message: string, closeoutId: string): string {
  const lines = message
    .replaceAll('\0', '')
    .split(/\r?\n/)
    .filter((line) => !OWN_TRAILER_LINE.test(line));
  const body = lines.join('\n').trim();
  const paragraphs = body.split(/\n\s*\n/);
  const hasTrailers = paragraphs.length > 1 && (paragraphs.at(-1) ?? '').split('\n').every((line) => TRAILER_LINE.test(line));
  return `${body}${hasTrailers ? '\n' : '\n\n'}${CLOSEOUT_TRAILER}: ${closeoutId}\n`;
}

const TRAILER_FORMAT = `%(trailers:key=${CLOSEOUT_TRAILER},valueonly,separator=%x2C)`;

/** The newest commit that is reachable from `ref` and has that closeout's trailer. */
export async function findCloseout(
  context: GitContext,
  ref: string,
  closeoutId: string,
): Promise<{ readonly commit: string; readonly parent: string | null; readonly tree: string } | null> {
  if ((await tipOf(context, ref)) === null) return null;
  const args = [
    'log',
    '-z',
    '--fixed-strings',
    `--grep=${CLOSEOUT_TRAILER}: ${closeoutId}`,
    `--format=%H%x1f%P%x1f%T%x1f${TRAILER_FORMAT}`,
    ref,
    '--',
  ];
  const log = await context.git.must({ place: await objectsPlace(context), args, readsOnly: true });
  for (const line of splitNul(log.text)) {
    const [commit = '', parents = '', tree = '', ids = ''] = line.split('\x1f');
    if (ids.split(',').includes(closeoutId)) return { commit, parent: parents.split(' ')[0] || null, tree };
  }
  return null;
}

/** Commits of the first-parent line since `since` (all, if null), newest first, with the closeout that each names. */
export async function closeoutsSince(
  context: GitContext,
  ref: string,
  since: string | null,
): Promise<readonly { readonly commit: string; readonly closeoutId: string | null; readonly subject: string }[]> {
  const range = since === null ? [ref] : [ref, `^${since}`];
  const args = ['log', '-z', '--first-parent', `--format=%H%x1f${TRAILER_FORMAT}%x1f%s`, ...range, '--'];
  const log = await context.git.must({ place: await objectsPlace(context), args, readsOnly: true });
  return splitNul(log.text).map((line) => {
    const [commit = '', ids = '', subject = ''] = line.split('\x1f');
    return { commit, closeoutId: ids.split(',').at(-1) || null, subject };
  });
}
