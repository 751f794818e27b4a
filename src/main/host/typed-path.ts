import { homedir } from 'node:os';
import { isAbsolute, normalize, join } from 'node:path';
import { refused } from './app-session.js';

/** A folder as a person types it: an absolute path, or one from the home folder (`~/…`). Throws a refusal for any other. */
export function typedPath(text: string): string {
  const path = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text;
  if (!isAbsolute(path) || path.includes('\0'))
    throw refused(
      'bad-input',
      `"${text}" is no full path of a folder. Give the path from the root, such as ${join(homedir(), 'project')}.`,
    );
  const clean = normalize(path);
  return clean.length > 1 ? clean.replace(/[\\/]+$/, '') : clean;
}
