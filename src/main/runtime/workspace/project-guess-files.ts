import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFiles } from './project-guess.js';
import { innerNames, readNames } from './project-guess.js';

const largestBytes = 1024 * 1024;

/** What `guessProject` needs of the folder; a folder or file that cannot be read counts as not there. */
export async function readProjectFiles(dir: string): Promise<ProjectFiles> {
  const entries = await entriesOf(dir);
  const top = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  const inner = await Promise.all(innerNames.map(async (name) => ((await isFile(join(dir, name))) ? [name] : [])));
  const names = [...top, ...inner.flat()];
  const texts: Record<string, string> = {};
  for (const name of readNames.filter((wanted) => names.includes(wanted))) {
    const text = await textOf(join(dir, name));
    if (text !== null) texts[name] = text;
  }
  return { names, texts };
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() ?? false;

async function entriesOf(dir: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return null;
    return found.size > largestBytes && !path.endsWith('yarn.lock') ? null : (await readFile(path, 'utf8')).slice(0, largestBytes);
  } catch {
    return null;
  }
}
