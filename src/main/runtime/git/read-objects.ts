import type { SubmoduleAt } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { GitError } from './git-error.js';
import { isObjectName, lookUp } from './object-reader.js';
import { readHeadFile, readRefFile } from './ref-files.js';
import type { GitPlace } from './run-git.js';
import { oneLine, splitNul } from './run-git.js';

/** The same from the repository's own files, read now, and the object behind them; undefined: git is to be asked. */
async function tipInFiles(context: GitContext, ref: string): Promise<string | null | undefined> {
  const { commonDir } = await context.layout();
  const value = isObjectName(ref) ? ref : ref === 'HEAD' ? readHeadFile(commonDir, commonDir)?.commit : readRefFile(commonDir, ref);
  if (value === undefined || value === null) return value;
  const found = await lookUp(context.reader, `${value}^{commit}`);
  return found ? found.name : undefined;
}

/** Full name of the commit that a ref or name stands for; null when there is none. */
export async function tipOf(context: GitContext, ref: string): Promise<string | null> {
  const place = await objectsPlace(context);
  const known = await tipInFiles(context, ref);
  if (known !== undefined) return known;
  const found = await context.git.run({
    place,
    args: ['rev-parse', '-q', '--verify', '--end-of-options', `${ref}^{commit}`],
    readsOnly: true,
  });
  return found.exitCode === 0 ? found.text.trim() : null;
}

/** Whether `ref` contains `commit`; false as well when one of them does not exist. */
export async function isAncestor(context: GitContext, commit: string, ref: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', commit, ref];
  const answer = await context.git.run({ place: await objectsPlace(context), args, readsOnly: true });
  if (answer.exitCode === 0) return true;
  if (answer.exitCode === 1 || /Not a valid (commit|object) name/.test(answer.stderr)) return false;
  throw new GitError(args, answer.exitCode, answer.stderr);
}

async function read(context: GitContext, ...args: string[]): Promise<string> {
  return (await context.git.must({ place: await objectsPlace(context), args, readsOnly: true })).text;
}

/** Where objects are looked for: in the project's repository, or in another whose git folder is named. */
const placeOf = async (context: GitContext, gitDir: string | undefined): Promise<GitPlace> =>
  gitDir === undefined ? objectsPlace(context) : { gitDir, workTree: null };

async function listTree(context: GitContext, gitDir: string | undefined, ...args: string[]): Promise<readonly string[]> {
  const call = { place: await placeOf(context, gitDir), args: ['ls-tree', '-z', '--full-tree', ...args], readsOnly: true };
  return splitNul((await context.git.must(call)).text);
}

/** Name of a commit's tree. */
export async function treeOf(context: GitContext, commit: string): Promise<string> {
  const known = context.kept.trees.get(commit);
  if (known !== undefined) return known;
  const tree = (await lookUp(context.reader, `${commit}^{tree}`))?.name ?? (await askTreeOf(context, commit));
  if (isObjectName(commit)) context.kept.trees.set(commit, tree);
  return tree;
}

async function askTreeOf(context: GitContext, commit: string): Promise<string> {
  return (await read(context, 'rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`)).trim();
}

/** First parent of a commit; null for a first commit. */
export async function parentOf(context: GitContext, commit: string): Promise<string | null> {
  const line = (await read(context, 'rev-list', '--parents', '-n', '1', commit)).trim();
  return line.split(' ')[1] ?? null;
}

/** A commit's message as it was written. */
export async function messageOf(context: GitContext, commit: string): Promise<string> {
  return oneLine(await read(context, 'show', '-s', '--no-show-signature', '--format=%B', commit));
}

/** Paths of all files in a tree or commit; `gitDir`: of another repository than the project's. */
export async function listFiles(context: GitContext, treeish: string, gitDir?: string): Promise<readonly string[]> {
  return listTree(context, gitDir, '-r', '--name-only', treeish);
}

/** Submodules of a tree or commit by path; `gitDir`: of another repository than the project's. */
export async function submodulesOf(context: GitContext, treeish: string, gitDir?: string): Promise<readonly SubmoduleAt[]> {
  return (await listTree(context, gitDir, '-r', treeish)).flatMap((entry) => {
    const [, commit, path] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return commit === undefined || path === undefined ? [] : [{ path, commit }];
  });
}

/** Bytes of a file in a tree or commit (of a link: its target); null when there is no file at that path. `gitDir` as with `listFiles`. */
export async function readFileOf(context: GitContext, treeish: string, path: string, gitDir?: string): Promise<Buffer | null> {
  const [entry] = await listTree(context, gitDir, treeish, '--', path);
  const [, type, object] = entry?.slice(0, entry.indexOf('\t')).split(' ') ?? [];
  if (type !== 'blob' || object === undefined || !entry?.endsWith(`\t${path}`)) return null;
  return (await context.git.must({ place: await placeOf(context, gitDir), args: ['cat-file', 'blob', object], readsOnly: true })).stdout;
}
