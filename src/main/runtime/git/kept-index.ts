import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BytePath } from './byte-path.js';
import type { GitContext, KeptIndex } from './git-context.js';
import { lookUp } from './object-reader.js';
import type { GitOutput, GitPlace } from './run-git.js';
import { ignoreRules } from './ignore-rules.js';
import { readAtOnce } from '../platform/read-at-once.js';
import { isMissing, sha256 } from './worktree-place.js';

/** What git says of a checkout's files beside the kept index and HEAD. */
export interface Look {
  readonly kept: KeptIndex;
  /** null while unborn. */
  readonly head: string | null;
  /** Paths that differ between HEAD and the kept tree. */
  readonly differing: readonly BytePath[];
  /** Paths whose files are no longer as in the kept tree. */
  readonly removed: readonly BytePath[];
  readonly written: readonly BytePath[];
  /** Folders with a repository of their own, which no tree can hold. */
  readonly nested: readonly BytePath[];
  /** Whether `removed` and `written` are all that it takes to make the kept tree the present one. */
  readonly isPlain: boolean;
}

/** Extensions of an index that somebody else's settings would put in, and what weakens the comparison of files. */
export const PRIVATE_INDEX_CONFIG: readonly string[] = ['core.untrackedCache=false', 'core.splitIndex=false', 'core.checkStat=default'];

const keyOf = (place: GitPlace): string => `${place.gitDir}\0${place.workTree ?? ''}`;

const environmentOf = (file: string): Readonly<Record<string, string>> => ({ GIT_INDEX_FILE: file });

async function hashOf(file: string): Promise<string | null> {
  try {
    return createHash('sha256')
      .update(await readAtOnce(file))
      .digest('hex');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether files may be left out of the checkout on purpose, which the kept index does not know of. */
function isSparse(place: GitPlace): boolean {
  try {
    return lstatSync(join(place.gitDir, 'info', 'sparse-checkout'), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return !isMissing(error);
  }
}

/** Keeps `indexFile`, which holds `tree` and what git knows of the files that made it; the file is moved away. */
export async function keepIndex(context: GitContext, place: GitPlace, indexFile: string, tree: string): Promise<void> {
  await forgetIndex(context, place);
  if (isSparse(place)) return;
  const folder = await folderOf(context, place);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'index');
  await rename(indexFile, file);
  await remember(context, place, { file, tree, rules: '' });
}

async function remember(context: GitContext, place: GitPlace, kept: Omit<KeptIndex, 'bytesSha256'>): Promise<void> {
  const bytesSha256 = await hashOf(kept.file);
  if (bytesSha256 !== null) context.indexes.set(keyOf(place), { ...kept, bytesSha256 });
}

async function folderOf(context: GitContext, place: GitPlace): Promise<string> {
  const { commonDir } = await context.layout();
  return join(commonDir, 'muster', `kept-${sha256(keyOf(place)).slice(0, 20)}`);
}

/** Takes the kept index of a checkout away, also one that a killed run left. */
export async function forgetIndex(context: GitContext, place: GitPlace): Promise<void> {
  context.indexes.delete(keyOf(place));
  await rm(await folderOf(context, place), { recursive: true, force: true });
}

/** The kept index, if it is still what git left. */
async function soundIndex(context: GitContext, place: GitPlace): Promise<KeptIndex | null> {
  const kept = context.indexes.get(keyOf(place));
  if (kept === undefined) return null;
  return (await hashOf(kept.file)) === kept.bytesSha256 && !isSparse(place) ? kept : null;
}

interface Said {
  head: string | null;
  readonly added: BytePath[];
  readonly missing: BytePath[];
  readonly differing: BytePath[];
  readonly removed: BytePath[];
  readonly written: BytePath[];
  readonly nested: BytePath[];
  isPlain: boolean;
}

function hearChange(said: Said, line: string): void {
  const fields = line.split(' ');
  const path = fields.slice(8).join(' ');
  const [staged = '', unstaged = ''] = fields[1] ?? '';
  if (staged !== '.') said.differing.push(path);
  if (staged === 'A') said.added.push(path);
  if (staged === 'D') said.missing.push(path);
  if (unstaged === 'D') said.removed.push(path);
  else if (unstaged !== '.') said.written.push(path);
  if (fields[2] !== 'N...' && unstaged !== '.') said.isPlain = false;
}

/** Reads `git status --porcelain=v2 --branch -z --no-renames`. */
function hearStatus(output: Buffer): Said {
  const said: Said = { head: null, added: [], missing: [], differing: [], removed: [], written: [], nested: [], isPlain: true };
  for (const line of output.toString('latin1').split('\0')) {
    if (line === '') continue;
    if (line.startsWith('# branch.oid ')) said.head = /^[0-9a-f]+$/.test(line.slice(13)) ? line.slice(13) : null;
    else if (line.startsWith('? ')) (line.endsWith('/') ? said.nested : said.written).push(line.slice(2));
    else if (line.startsWith('1 ')) hearChange(said, line);
    else if (!line.startsWith('# ')) said.isPlain = false;
  }
  return said;
}

const isAttributes = (path: BytePath): boolean => /(^|\/)\.gitattributes$/.test(path);

/** A file that HEAD has, the kept tree has not and git does not list stands there and is ignored by now: to HEAD it is a tracked one. */
async function isBackUnlisted(place: GitPlace & { readonly workTree: string }, { missing, written }: Said): Promise<boolean> {
  const listed = new Set(written);
  for (const path of missing) {
    if (listed.has(path)) continue;
    const found = await lstat(Buffer.concat([Buffer.from(`${place.workTree}/`), Buffer.from(path, 'latin1')])).catch(() => null);
    if (found !== null && !found.isDirectory()) return true;
  }
  return false;
}

/** Whether the kept tree has a file that HEAD has not and that is ignored by now. */
async function hasIgnored(context: GitContext, place: GitPlace, kept: KeptIndex, added: readonly BytePath[]): Promise<boolean> {
  const listed = await context.git.must({
    place,
    env: environmentOf(kept.file),
    config: PRIVATE_INDEX_CONFIG,
    args: ['ls-files', '-z', '-i', '-c', '--exclude-standard'],
    readsOnly: true,
  });
  const ignored = new Set(listed.stdout.toString('latin1').split('\0'));
  return added.some((path) => ignored.has(path));
}

const askStatus = (context: GitContext, place: GitPlace, kept: KeptIndex): Promise<GitOutput> =>
  context.git.must({
    place,
    env: environmentOf(kept.file),
    config: PRIVATE_INDEX_CONFIG,
    args: [
      ...['status', '--porcelain=v2', '--branch', '--no-ahead-behind', '-z', '--no-renames'],
      ...['--untracked-files=all', '--ignore-submodules=dirty'],
    ],
  });

/** Asks git once what differs between HEAD, the kept index and the files; null when there is no kept index to ask by. */
export async function lookAt(context: GitContext, place: GitPlace & { readonly workTree: string }): Promise<Look | null> {
  const kept = await soundIndex(context, place);
  // Whether its tree is still there can be found out meanwhile.
  const [status, tree] = kept === null ? [] : await Promise.all([askStatus(context, place, kept), lookUp(context.reader, kept.tree)]);
  if (kept === null || status === undefined || tree?.type !== 'tree') {
    await forgetIndex(context, place);
    return null;
  }
  // Git writes what it found out about unchanged files into the index, so that it need not read them again.
  const said = hearStatus(status.stdout);
  const rules = said.added.length === 0 ? kept.rules : await ignoreRules(context, place, said.added);
  const isKnown = said.added.length === 0 || (rules !== '' && rules === kept.rules);
  const hasLost = !isKnown && (await hasIgnored(context, place, kept, said.added));
  await remember(context, place, { ...kept, rules: hasLost ? '' : rules });
  const isPlain =
    said.isPlain && !hasLost && ![...said.removed, ...said.written].some(isAttributes) && !(await isBackUnlisted(place, said));
  const { head, differing, removed, written, nested } = said;
  return { kept: { ...kept, rules }, head, differing, removed, written, nested, isPlain };
}

/** Makes the kept index and its tree follow what a look found; returns the tree. */
export async function followFiles(context: GitContext, place: GitPlace, look: Look): Promise<string> {
  const { file, tree, rules } = look.kept;
  if (look.removed.length === 0 && look.written.length === 0) return tree;
  // Until the end it stands for nothing.
  context.indexes.delete(keyOf(place));
  const common = { place, env: environmentOf(file), config: PRIVATE_INDEX_CONFIG };
  await updateIndex(context, common, look);
  const now = (await context.git.must({ ...common, args: ['write-tree'] })).text.trim();
  await remember(context, place, { file, tree: now, rules });
  return now;
}

/** Puts files into an index and takes others out. */
export async function updateIndex(
  context: GitContext,
  call: { readonly place: GitPlace; readonly env: Readonly<Record<string, string>>; readonly config: readonly string[] },
  { removed, written }: { readonly removed: readonly BytePath[]; readonly written: readonly BytePath[] },
): Promise<void> {
  const update = async (how: readonly string[], paths: readonly BytePath[]): Promise<void> => {
    if (paths.length === 0) return;
    const stdin = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
    await context.git.must({ ...call, args: ['update-index', '-z', ...how, '--stdin'], stdin });
  };
  await update(['--force-remove'], removed);
  await update(['--add', '--remove', '--replace'], written);
}
