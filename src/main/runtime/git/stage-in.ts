import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import { withCloseoutTrailer } from './find-closeout.js';
import type { GitContext } from './git-context.js';
import { fullBranchName, objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { configuredIdentity } from './inspect.js';
import { treeOf } from './read-objects.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';

/** What is to be staged; see the port. */
export interface StagedWork {
  readonly base: string;
  readonly tree: string;
  readonly branch: string;
  readonly message: string;
  readonly closeoutId: string;
  readonly identity?: CommitIdentity | null;
}

/** The objects of two trees and one commit, as a pack of their own: no history comes with it, and no link to the project's objects. */
async function copyObjects(context: GitContext, { base, tree }: StagedWork, packDir: string): Promise<void> {
  const place = await objectsPlace(context);
  const list = ['rev-list', '--objects', '--no-object-names', await treeOf(context, base), tree];
  const objects = (await context.git.must({ place, args: list, readsOnly: true })).text;
  await mkdir(packDir, { recursive: true });
  await context.git.must({ place, args: ['pack-objects', '-q', join(packDir, 'pack')], stdin: `${objects}${base}\n` });
}

/** How files become blobs, and who commits: without these a tool in the folder would see differences that are none. */
async function copySettings(context: GitContext, place: GitPlace, given: CommitIdentity | null): Promise<void> {
  const { root, gitDir } = await context.layout();
  const from = { gitDir, workTree: root };
  const args = ['config', '-z', '--get-regexp', '^core\\.(autocrlf|eol)$'];
  const listed = splitNul((await context.git.run({ place: from, args, readsOnly: true })).text);
  const settings = listed.map((line) => line.split('\n') as [string, string?]);
  const identity = given ?? (await configuredIdentity(context, from));
  if (identity !== null) settings.push(['user.name', identity.name], ['user.email', identity.email]);
  for (const [key, value = 'true'] of settings) await context.git.must({ place, args: ['config', key, value] });
}

/** Makes a folder with a tree's files a repository in which the tree is staged over its base; see the port. */
export async function stageIn(context: GitContext, folder: string, work: StagedWork): Promise<string> {
  const workTree = await realpath(folder);
  const gitDir = join(workTree, '.git');
  // Set-up may have left one, with a configuration that git would obey.
  await rm(gitDir, { recursive: true, force: true });
  const place = { gitDir, workTree };
  const format = (await context.git.must({ place: await objectsPlace(context), args: ['rev-parse', '--show-object-format'] })).text.trim();
  const init = ['init', '-q', '--template=', `--object-format=${format}`, workTree];
  await context.git.must({ place: null, cwd: workTree, args: init });
  await copyObjects(context, work, join(gitDir, 'objects', 'pack'));
  await writeFile(join(gitDir, 'shallow'), `${work.base}\n`);
  const branch = fullBranchName(work.branch);
  await context.git.must({ place, env: RUNTIME_IDENTITY, args: ['update-ref', branch, work.base] });
  await context.git.must({ place, env: RUNTIME_IDENTITY, args: ['symbolic-ref', 'HEAD', branch] });
  await copySettings(context, place, work.identity ?? null);
  await context.git.must({ place, args: ['read-tree', work.tree] });
  await context.git.run({ place, args: ['update-index', '-q', '--refresh'] });
  const message = withCloseoutTrailer(work.message, work.closeoutId);
  await writeFile(join(gitDir, 'COMMIT_EDITMSG'), message);
  return message;
}
