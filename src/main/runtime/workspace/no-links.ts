import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf, FileWriteError } from './file-problem.js';

/**
 * Throws a `FileWriteError` when `path` is not below `root`, or when it or any folder between the two is a symbolic link: an agent
 * may have planted one to have the runtime write elsewhere. The root itself may be a link.
 */
export async function refuseLinksBelow(root: string, path: string): Promise<void> {
  const inside = relative(resolve(root), resolve(path));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new FileWriteError(path, 'OUTSIDE', `Could not write ${path}: it is not inside ${root}. Choose a path inside that folder.`);
  }
  let place = resolve(root);
  for (const part of inside.split(sep)) {
    place = join(place, part);
    const stat = await lstatOrNull(place);
    if (stat === null) return;
    if (stat.isSymbolicLink()) {
      throw new FileWriteError(path, 'LINK', `Could not write ${path}: ${place} is a symbolic link. Remove the link and try again.`);
    }
  }
}

async function lstatOrNull(path: string): Promise<Awaited<ReturnType<typeof lstat>> | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw FileWriteError.from(path, error);
  }
}
