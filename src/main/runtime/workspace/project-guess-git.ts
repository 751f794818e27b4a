import { realpathSync } from 'node:fs';
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isFolder } from '../platform/is-folder.js';
import { causeSentence, codeOf } from './file-problem.js';

/** A repository as its files show it, without asking git. */
export interface RepositoryFiles {
  /** Top folder of the working tree, real path. */
  readonly top: string;
  /** Holds HEAD; for a linked worktree its own folder. */
  readonly gitDir: string;
  /** Holds `info/`; shared by all worktrees. */
  readonly commonDir: string;
  /** Name of the branch that is checked out; null when HEAD is detached or cannot be told. */
  readonly branch: string | null;
}

/** Finds the repository that `dir` belongs to, or null. A `.git` that leads nowhere is none. */
export async function findRepository(dir: string): Promise<RepositoryFiles | null> {
  for (let folder = realOrOwn(dir); ; folder = dirname(folder)) {
    const gitDir = await gitDirOf(folder);
    const head = gitDir === null ? null : await textOf(join(gitDir, 'HEAD'));
    if (gitDir !== null && head !== null) {
      const common = await textOf(join(gitDir, 'commondir'));
      const branch = /^ref: refs\/heads\/(?!\.invalid)(\S+)\s*$/.exec(head)?.[1] ?? null;
      return { top: folder, gitDir, commonDir: common === null ? gitDir : resolve(gitDir, common.trim()), branch };
    }
    if (folder === dirname(folder)) return null;
  }
}

/** Whether `dir` is itself a repository without a working tree. */
export async function isBareRepository(dir: string): Promise<boolean> {
  const head = await textOf(join(dir, 'HEAD'));
  return (
    head !== null &&
    /^(ref: refs\/|[0-9a-f]{40})/.test(head) &&
    (await isFolder(join(dir, 'objects'))) &&
    (await isFolder(join(dir, 'refs')))
  );
}

async function gitDirOf(folder: string): Promise<string | null> {
  const dotGit = join(folder, '.git');
  const found = await stat(dotGit).catch(() => null);
  if (found === null) return null;
  if (found.isDirectory()) return dotGit;
  const target = /^gitdir: (.+?)\s*$/.exec((await textOf(dotGit)) ?? '')?.[1];
  return target === undefined ? null : resolve(folder, target);
}

/** What was done so that git does not show the workspace; `message` is a sentence. */
export interface ExcludeReport {
  readonly kind: 'added' | 'already-there' | 'not-needed' | 'failed';
  readonly message: string;
}

/** Adds the workspace to `info/exclude` of the project's repository if it lies inside; nothing that is committed changes. Never throws. */
export async function excludeFromGit(projectDir: string, workspaceDir: string): Promise<ExcludeReport> {
  const repository = await findRepository(projectDir);
  if (repository === null)
    return { kind: 'not-needed', message: `${projectDir} is not in a git repository, so there is nothing to hide the workspace from.` };
  const inside = relative(repository.top, realOrOwn(workspaceDir));
  if (inside === '' || inside.split(sep)[0] === '..' || isAbsolute(inside))
    return { kind: 'not-needed', message: `The workspace is not inside the repository ${repository.top}, so git does not show it.` };
  const pattern = `/${inside.split(sep).map(escaped).join('/')}/`;
  const file = join(repository.commonDir, 'info', 'exclude');
  try {
    return await addPattern(file, pattern);
  } catch (error) {
    return { kind: 'failed', message: `Could not add ${pattern} to ${file}: ${causeSentence(error)}` };
  }
}

async function addPattern(file: string, pattern: string): Promise<ExcludeReport> {
  const before = (await textOf(file)) ?? '';
  if (before.split(/\r?\n/).includes(pattern)) return { kind: 'already-there', message: `${file} hides ${pattern} from git already.` };
  await mkdir(dirname(file), { recursive: true });
  await appendFile(
    file,
    `${before === '' || before.endsWith('\n') ? '' : '\n'}# The workspace of Muster, which keeps its own history.\n${pattern}\n`,
  );
  return {
    kind: 'added',
    message: `Added ${pattern} to ${file}, so that git does not show the workspace. Nothing that is committed changed.`,
  };
}

const escaped = (segment: string): string =>
  segment.replace(/[\\*?[\]!#]/g, '\\$&').replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length));

function realOrOwn(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch {
    return resolve(dir);
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
