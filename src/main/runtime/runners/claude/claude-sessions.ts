import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether Claude Code still has this session in its folder, from whichever checkout it was begun. */
export async function hasClaudeSession(configDir: string, sessionId: string): Promise<boolean> {
  try {
    const projects = await readdir(join(configDir, 'projects'), { recursive: true });
    return projects.some((path) => path.endsWith(`${sessionId}.jsonl`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
