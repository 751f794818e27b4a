import { copyFile, mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { BytePath } from './byte-path.js';
import { readable } from './byte-path.js';
import type { GitContext } from './git-context.js';
import { isConfigured } from './inspect.js';

import { followFiles, keepIndex, lookAt, PRIVATE_INDEX_CONFIG, updateIndex } from './kept-index.js';
import { lookUp } from './object-reader.js';
import { readHeadFile } from './ref-files.js';
import type { GitPlace } from './run-git.js';
import { isMissing } from './worktree-place.js';

/** A tree of the files on disk, and folders with a repository of their own, which no tree can hold. */
export interface BuiltTree {
  readonly tree: string;
  readonly nestedRepositories: readonly string[];
}

/** `head`: the commit that HEAD stood for; null while unborn. */
interface TreeOverHead extends BuiltTree {
  readonly head: string | null;
}

type Checkout = GitPlace & { readonly workTree: string };

const bytePaths = (output: Buffer): BytePath[] =>
  output
    .toString('latin1')
    .split('\0')
    .filter((part) => part !== '');

/**
 * Copies an index with its age. Git trusts size and time of a file only where the index is younger than they say, so a copy that looks
 * younger than it is would hide a file that was rewritten, at the same size, within the second of its checkout.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  await copyFile(from, to);
  const second = Math.floor(mtimeMs / 1000);
  await utimes(to, second, second);
}

/** Runs `task` with the environment of a private index that starts as a copy of the checkout's own; removed afterwards. */
export async function withPrivateIndex<T>(
  context: GitContext,
  place: GitPlace,
  task: (env: Readonly<Record<string, string>>, indexFile: string) => Promise<T>,
): Promise<T> {
  const { commonDir } = await context.layout();
  await mkdir(join(commonDir, 'muster'), { recursive: true });
  const folder = await mkdtemp(join(commonDir, 'muster', 'index-'));
  const indexFile = join(folder, 'index');
  try {
    try {
      await copyIndex(join(place.gitDir, 'index'), indexFile);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return await task({ GIT_INDEX_FILE: indexFile }, indexFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Empties the private index if flags in it could hide changes (assume-unchanged, or skip-worktree without a sparse checkout), and
 * returns the paths that a sparse checkout leaves out.
 */
async function distrustFlags(
  context: GitContext,
  place: GitPlace,
  env: Readonly<Record<string, string>>,
  indexFile: string,
): Promise<ReadonlySet<BytePath>> {
  const isSparse = await isConfigured(context, place, 'core.sparseCheckout');
  const listed = await context.git.must({ place, env, args: ['ls-files', '-v', '-z'], readsOnly: true });
  const leftOut = new Set<BytePath>();
  let isHiding = false;
  for (const entry of bytePaths(listed.stdout)) {
    const flag = entry.charAt(0);
    const isSkipped = flag.toUpperCase() === 'S';
    if (flag !== flag.toUpperCase() || (isSkipped && !isSparse)) isHiding = true;
    if (isSkipped && isSparse) leftOut.add(entry.slice(2));
  }
  if (isHiding) await rm(indexFile, { force: true });
  return leftOut;
}

/** Makes the private index equal the files on disk over `base`, limited to `accepts`; returns nested repositories. */
async function fillIndex(
  context: GitContext,
  place: GitPlace,
  env: Readonly<Record<string, string>>,
  base: string | null,
  leftOut: ReadonlySet<BytePath>,
  accepts: (path: string) => boolean,
): Promise<readonly string[]> {
  const { git } = context;
  const config = PRIVATE_INDEX_CONFIG;
  await git.must({ place, env, config, args: base === null ? ['read-tree', '--empty'] : ['read-tree', '--reset', base] });
  const [tracked, untracked] = await Promise.all([
    git.must({
      ...{ place, env, config, readsOnly: true },
      args: ['diff-files', '-z', '--no-renames', '--name-status', '--ignore-submodules=dirty'],
    }),
    git.must({ place, env, config, args: ['ls-files', '-z', '--others', '--exclude-standard'], readsOnly: true }),
  ]);
  const removed: BytePath[] = [];
  const written: BytePath[] = [];
  const parts = bytePaths(tracked.stdout);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const path = parts[at + 1] ?? '';
    if (!accepts(readable(path))) continue;
    if (parts[at] !== 'D') written.push(path);
    else if (!leftOut.has(path)) removed.push(path);
  }
  const others = bytePaths(untracked.stdout);
  written.push(...others.filter((path) => !path.endsWith('/') && accepts(readable(path))));
  await updateIndex(context, { place, env, config }, { removed, written });
  return others.filter((path) => path.endsWith('/')).map(readable);
}

/** The tree by the kept index; null when there is none that says it all. */
async function treeByKeptIndex(context: GitContext, place: Checkout): Promise<TreeOverHead | null> {
  const look = await lookAt(context, place);
  if (look === null || !look.isPlain) return null;
  return { tree: await followFiles(context, place, look), head: look.head, nestedRepositories: look.nested.map(readable) };
}

async function buildAnew(
  context: GitContext,
  place: Checkout,
  base: string | null,
  accepts?: (path: string) => boolean,
): Promise<BuiltTree> {
  return withPrivateIndex(context, place, async (env, indexFile) => {
    const leftOut = await distrustFlags(context, place, env, indexFile);
    const nestedRepositories = await fillIndex(context, place, env, base, leftOut, accepts ?? (() => true));
    const tree = (await context.git.must({ place, env, args: ['write-tree'] })).text.trim();
    if (accepts === undefined && leftOut.size === 0) await keepIndex(context, place, indexFile, tree);
    return { tree, nestedRepositories };
  });
}

/** As `buildTree` of all paths over what HEAD stands for, in one look of git's where nothing changed. */
export async function buildTreeOverHead(context: GitContext, place: Checkout): Promise<TreeOverHead> {
  const followed = await treeByKeptIndex(context, place);
  if (followed !== null) return followed;
  const head = await headOf(context, place);
  return { ...(await buildAnew(context, place, head)), head };
}

/**
 * Writes the tree that a checkout's files make over `base` (null: no commit yet), untracked files included and ignored ones not.
 * `accepts` limits it to some paths; the others stay as in `base`. Neither the checkout's index nor HEAD is touched. The whole tree
 * over HEAD is followed from one call to the next by an index of our own, which says the same with less work.
 */
export async function buildTree(
  context: GitContext,
  place: Checkout,
  base: string | null,
  accepts?: (path: string) => boolean,
): Promise<BuiltTree> {
  const followed = accepts === undefined ? await treeByKeptIndex(context, place) : null;
  return followed?.head === base ? followed : buildAnew(context, place, base, accepts);
}

/** The commit that a checkout's HEAD stands for; null while unborn. */
export async function headOf(context: GitContext, place: GitPlace): Promise<string | null> {
  const file = readHeadFile((await context.layout()).commonDir, place.gitDir);
  if (file?.commit === null) return null;
  const found = file === undefined ? null : await lookUp(context.reader, `${file.commit}^{commit}`);
  if (found) return found.name;
  const head = await context.git.run({ place, args: ['rev-parse', '-q', '--verify', 'HEAD^{commit}'], readsOnly: true });
  return head.exitCode === 0 ? head.text.trim() : null;
}

/** Full name of the branch that a checkout's HEAD stands for; null when detached. */
export async function branchOf(context: GitContext, place: GitPlace): Promise<string | null> {
  const file = readHeadFile((await context.layout()).commonDir, place.gitDir);
  if (file !== undefined) return file.branch;
  const ref = await context.git.run({ place, args: ['symbolic-ref', '-q', 'HEAD'], readsOnly: true });
  return ref.exitCode === 0 ? ref.text.trim() : null;
}
