import { copyFile, mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './git-context.js';
import { isConfigured } from './inspect.js';
import type { GitPlace } from './run-git.js';
import { isMissing } from './worktree-place.js';

/** A tree of the files on disk, and folders with a repository of their own, which no tree can hold. */
export interface BuiltTree {
  readonly tree: string;
  readonly nestedRepositories: readonly string[];
}

/** Paths as git gave them, one byte per character, so that names that are no UTF-8 survive. */
type BytePath = string;

const bytePaths = (output: Buffer): BytePath[] =>
  output
    .toString('latin1')
    .split('\0')
    .filter((part) => part !== '');
const readable = (path: BytePath): string => Buffer.from(path, 'latin1').toString('utf8');
const nulList = (paths: readonly BytePath[]): Buffer => Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');

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
  await git.must({ place, env, args: base === null ? ['read-tree', '--empty'] : ['read-tree', '--reset', base] });
  const [tracked, untracked] = await Promise.all([
    git.must({ place, env, args: ['diff-files', '-z', '--no-renames', '--name-status', '--ignore-submodules=dirty'], readsOnly: true }),
    git.must({ place, env, args: ['ls-files', '-z', '--others', '--exclude-standard'], readsOnly: true }),
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
  const update = (how: readonly string[], paths: readonly BytePath[]) =>
    paths.length === 0 ? null : git.must({ place, env, args: ['update-index', '-z', ...how, '--stdin'], stdin: nulList(paths) });
  await update(['--force-remove'], removed);
  await update(['--add', '--remove', '--replace'], written);
  return others.filter((path) => path.endsWith('/')).map(readable);
}

/**
 * Writes the tree that a checkout's files make over `base` (null: no commit yet), untracked files included and ignored ones not.
 * `accepts` limits it to some paths; the others stay as in `base`. Neither the checkout's index nor HEAD is touched.
 */
export async function buildTree(
  context: GitContext,
  place: GitPlace,
  base: string | null,
  accepts: (path: string) => boolean = () => true,
): Promise<BuiltTree> {
  return withPrivateIndex(context, place, async (env, indexFile) => {
    const leftOut = await distrustFlags(context, place, env, indexFile);
    const nestedRepositories = await fillIndex(context, place, env, base, leftOut, accepts);
    const tree = (await context.git.must({ place, env, args: ['write-tree'] })).text.trim();
    return { tree, nestedRepositories };
  });
}

/** The commit that a checkout's HEAD stands for; null while unborn. */
export async function headOf(context: GitContext, place: GitPlace): Promise<string | null> {
  const head = await context.git.run({ place, args: ['rev-parse', '-q', '--verify', 'HEAD^{commit}'], readsOnly: true });
  return head.exitCode === 0 ? head.text.trim() : null;
}

/** Full name of the branch that a checkout's HEAD stands for; null when detached. */
export async function branchOf(context: GitContext, place: GitPlace): Promise<string | null> {
  const ref = await context.git.run({ place, args: ['symbolic-ref', '-q', 'HEAD'], readsOnly: true });
  return ref.exitCode === 0 ? ref.text.trim() : null;
}
