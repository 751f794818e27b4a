import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenUsage } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { objectAt, parseObject } from '../cli/json-lines.js';
import { codexUsage } from './read-codex-lines.js';

/** The file in which codex keeps a thread, below its home; null if it has none of that id. */
export async function findThreadFile(codexHome: string, threadId: string): Promise<string | null> {
  try {
    const names = await readdir(join(codexHome, 'sessions'), { recursive: true });
    const name = names.find((path) => path.includes(threadId) && /rollout-[^/\\]*$/.test(path));
    return name === undefined ? null : join(codexHome, 'sessions', name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The same file if codex can go on from it: a kill while it was begun leaves one without a whole first line, which codex refuses. */
export async function findWholeThreadFile(codexHome: string, threadId: string): Promise<string | null> {
  const file = await findThreadFile(codexHome, threadId);
  if (file === null) return null;
  const text = await readFile(file, 'utf8');
  const end = text.indexOf('\n');
  return end > 0 && parseObject(text.slice(0, end)) !== null ? file : null;
}

/** What the thread in that file has used since it began, by its last count; nothing where there is no count. */
export async function readThreadUsage(file: string | null): Promise<TokenUsage> {
  if (file === null) return noUsage;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : Promise.reject(error)));
  const last = text.lastIndexOf('"type":"token_count"');
  if (last < 0) return noUsage;
  const end = text.indexOf('\n', last);
  const line = parseObject(text.slice(text.lastIndexOf('\n', last) + 1, end < 0 ? undefined : end));
  return codexUsage(objectAt(objectAt(objectAt(line ?? {}, 'payload'), 'info'), 'total_token_usage'));
}

/** What came on top of `before`. */
export const usageSince = (before: TokenUsage, after: TokenUsage): TokenUsage => ({
  inputTokens: Math.max(0, after.inputTokens - before.inputTokens),
  cachedInputTokens: Math.max(0, after.cachedInputTokens - before.cachedInputTokens),
  outputTokens: Math.max(0, after.outputTokens - before.outputTokens),
});
