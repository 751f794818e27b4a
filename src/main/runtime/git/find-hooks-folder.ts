import { realpath } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';
import type { HooksFolder } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';

const isBelow = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer + sep);

/** `core.hooksPath` of the person's configuration, all levels; the one that every call of the runtime is given does not count. */
async function configuredPath(context: GitContext, gitDir: string, root: string): Promise<string | null> {
  const args = ['config', '--show-scope', '-z', '--type=path', '--get-all', 'core.hooksPath'];
  const answer = await context.git.run({ place: { gitDir, workTree: root }, args, readsOnly: true });
  const parts = answer.text.split('\0');
  const values = parts.flatMap((part, at) => (at % 2 === 1 && parts[at - 1] !== 'command' ? [part] : []));
  return values.at(-1) ?? null;
}

/** Where git would look for hooks; see the port. A link is followed, as the folder behind `.git/hooks` may be one of the working tree. */
export async function findHooksFolder(context: GitContext): Promise<HooksFolder> {
  const { root, gitDir, commonDir } = await context.layout();
  const configured = await configuredPath(context, gitDir, root);
  // A relative one counts from where hooks run, the top of the working tree; git puts an empty one before `/pre-commit`.
  const wanted = configured === null ? join(commonDir, 'hooks') : resolve(root, configured === '' ? sep : configured);
  const path = await realpath(wanted).catch(() => wanted);
  const isOwn = !isBelow(path, root) || [commonDir, gitDir].some((folder) => isBelow(path, folder));
  if (isOwn) return { kind: 'own', path, root };
  return { kind: 'in-checkout', path: posix.normalize(relative(root, path).split(sep).join('/')), root };
}
