import { delimiter, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { isBelow, isBelowSystem } from '../../platform/system-places.js';
import type { ShownPlace } from './turn-jail.js';
import { shown } from './turn-jail.js';

/** Whether showing the folder would show one that must not be seen. */
const holdsHidden = (folder: string, hidden: readonly string[]): boolean => hidden.some((each) => isBelow(each, folder));

/** The folder that holds everything of an installed program: its package's neighbours, its own package, or the folder with the program. */
async function installationOf(program: string): Promise<string> {
  const parts = program.split(sep);
  const store = parts.indexOf('.pnpm');
  const modules = store >= 0 ? store : parts.indexOf('node_modules');
  if (modules >= 0) return parts.slice(0, modules + 1).join(sep);
  const above = dirname(dirname(program));
  return (await shown(join(above, 'codex-package.json'))).length > 0 ? above : dirname(program);
}

/** Where the program of that real path lies, with all that was installed with it; nothing where the system shows it anyway. */
export async function programPlaces(program: string, hidden: readonly string[]): Promise<readonly ShownPlace[]> {
  if (isBelowSystem(program)) return [];
  const installation = await installationOf(program);
  const path = holdsHidden(installation, hidden) ? program : installation;
  return [{ source: path, path }];
}

/** Folders of programs that the person's PATH names beside the system's, with what npm installed for them; never a home as a whole. */
export async function searchPathPlaces(path: string, hidden: readonly string[]): Promise<readonly ShownPlace[]> {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const wanted = folders.flatMap((folder) => {
    const plain = normalize(folder).replace(/(?<=.)\/+$/, '');
    return [plain, join(dirname(plain), 'lib', 'node_modules')];
  });
  const found = await Promise.all([...new Set(wanted)].filter((folder) => !isBelowSystem(folder)).map(shown));
  return found.flat().filter((place) => !holdsHidden(place.path, hidden) && !holdsHidden(place.source, hidden));
}
