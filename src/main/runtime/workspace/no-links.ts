import type { Stats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { FileWriteError } from './file-problem.js';

/**
 * Throws a `FileWriteError` when `path` is not below `root`, or when it or any folder between the two is a symbolic link: an agent
 * may have planted one to have the runtime write elsewhere. The root itself may be a link.
 * It looks at once, as every durable write asks, three or four folders deep.
 */
export function refuseLinksBelow(root: string, path: string): void {
  const inside = relative(resolve(root), resolve(path));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new FileWriteError(path, 'OUTSIDE', `Could not write ${path}: it is not inside ${root}. Choose a path inside that folder.`);
  }
  let place = resolve(root);
  for (const part of inside.split(sep)) {
    place = join(place, part);
    const stat = lstatOrNull(place);
    if (stat === null) return;
    if (stat.isSymbolicLink()) {
      throw new FileWriteError(path, 'LINK', `Could not write ${path}: ${place} is a symbolic link. Remove the link and try again.`);
    }
  }
}

function lstatOrNull(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw FileWriteError.from(path, error);
  }
}
