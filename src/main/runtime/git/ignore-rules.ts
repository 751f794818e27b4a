import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readAtOnce } from '../platform/read-at-once.js';
import type { BytePath } from './byte-path.js';
import type { GitContext } from './git-context.js';
import type { GitPlace } from './run-git.js';
import { oneLine } from './run-git.js';

const bytesAt = async (path: Buffer | string): Promise<Buffer> => readAtOnce(path).catch(() => Buffer.alloc(0));

/** The person's own list of what to ignore everywhere; asked again when the repository's configuration says something else. */
async function listOfPerson(context: GitContext, place: GitPlace, configuration: Buffer): Promise<string> {
  const key = `core.excludesFile ${createHash('sha256').update(configuration).digest('hex')}`;
  return context.kept.meanings.of(key, async () => {
    const said = await context.git.run({ place, args: ['config', '--type=path', '--get', 'core.excludesFile'], readsOnly: true });
    if (said.exitCode === 0) return oneLine(said.text);
    const { env } = context.git.commandOf({ place, args: [] });
    return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '/', '.config'), 'git', 'ignore');
  });
}

/**
 * A hash of all that decides whether one of these paths is ignored: the lists in the folders on their way, also those that are
 * ignored themselves and that git therefore does not tell of, the repository's and the person's own.
 */
export async function ignoreRules(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  paths: readonly BytePath[],
): Promise<string> {
  const { commonDir } = await context.layout();
  const folders = new Set<string>(['']);
  for (const path of paths) for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at + 1));
  const configuration = await bytesAt(join(commonDir, 'config'));
  const files = [
    ...[...folders]
      .sort()
      .map((folder) => Buffer.concat([Buffer.from(`${place.workTree}/`), Buffer.from(`${folder}.gitignore`, 'latin1')])),
    join(commonDir, 'info', 'exclude'),
    await listOfPerson(context, place, configuration),
  ];
  const hash = createHash('sha256').update(configuration);
  const lists = await Promise.all(files.map(bytesAt));
  for (const path of [...paths].sort()) hash.update(path, 'latin1').update('\0');
  for (const list of lists) hash.update(`${list.length} `).update(list);
  return hash.digest('hex');
}
