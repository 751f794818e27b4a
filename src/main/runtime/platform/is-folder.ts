import { stat } from 'node:fs/promises';

/** Whether a folder, or a link to one, is at that path. Rejects with the system's error where nobody may look. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
