import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Where a shell would find the program: as a path below `cwd`, else along PATH (and PATHEXT on Windows); null if nowhere. */
export async function findProgram(name: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const folders = name.includes('/') || isAbsolute(name) ? [''] : (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = resolve(cwd, join(folder, name + ending));
      if (await isProgram(path)) return path;
    }
  }
  return null;
}
