import type { ChangedFile } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { objectsPlace } from './git-context.js';
import { isObjectName } from './object-reader.js';
import { treeOf } from './read-objects.js';
import { splitNul } from './run-git.js';

const CHANGE_OF_LETTER: Readonly<Record<string, ChangedFile['change']>> = { A: 'added', M: 'modified', D: 'deleted', T: 'type-changed' };

const SUBMODULE_MODE = '160000';

/** Files that differ between two trees or commits; a rename is a deletion and an addition. */
export async function changedFiles(context: GitContext, from: string, to: string): Promise<readonly ChangedFile[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', from, to];
  const parts = splitNul((await context.git.must({ place: await objectsPlace(context), args, readsOnly: true })).text);
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', , , letter = ''] = parts[at]?.slice(1).split(' ') ?? [];
    const isSubmodule = oldMode === SUBMODULE_MODE || newMode === SUBMODULE_MODE;
    const change = CHANGE_OF_LETTER[letter] ?? 'modified';
    files.push({ change, path: parts[at + 1] ?? '', ...(isSubmodule ? { isSubmodule } : {}) });
  }
  return files;
}

async function patch(context: GitContext, from: string, to: string, ...more: string[]): Promise<Buffer> {
  const args = ['diff-tree', '-r', '-p', '--no-ext-diff', '--no-textconv', '--no-color', ...more, from, to];
  return (await context.git.must({ place: await objectsPlace(context), args, readsOnly: true })).stdout;
}

/** Longer ones are made again. */
const KEPT_DIFF_CHARACTERS = 256 * 1024;

/** Unified diff of two trees or commits, renames detected; binary files are named only. */
export async function diff(context: GitContext, from: string, to: string): Promise<string> {
  const known = context.kept.diffs.get(`${from} ${to}`);
  if (known !== undefined) return known;
  if (!isObjectName(from) || !isObjectName(to)) return diffAnew(context, from, to);
  // A turn that changed nothing is the commonest one, and needs no program to say so.
  const found = (await treeOf(context, from)) === (await treeOf(context, to)) ? '' : await diffAnew(context, from, to);
  if (found.length <= KEPT_DIFF_CHARACTERS) context.kept.diffs.set(`${from} ${to}`, found);
  return found;
}

async function diffAnew(context: GitContext, from: string, to: string): Promise<string> {
  return (await patch(context, from, to, '-M')).toString('utf8');
}

/** `git patch-id --stable` of the difference; empty when there is none. */
export async function patchId(context: GitContext, from: string, to: string): Promise<string> {
  const stdin = await patch(context, from, to, '--no-renames', '--full-index', '--binary');
  const answer = await context.git.must({ place: await objectsPlace(context), args: ['patch-id', '--stable'], stdin, readsOnly: true });
  return answer.text.trim().split(' ')[0] ?? '';
}
