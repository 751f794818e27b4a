import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The file in which Claude Code keeps this session, from whichever checkout it was begun; null if it has none of that id. */
export async function findClaudeSession(configDir: string, sessionId: string): Promise<string | null> {
  const projects = join(configDir, 'projects');
  try {
    const name = (await readdir(projects, { recursive: true })).find((path) => path.endsWith(`${sessionId}.jsonl`));
    return name === undefined ? null : join(projects, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
