import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { TokenUsage, UntoldAttempts } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { createJsonLines } from '../cli/json-lines.js';
import { plusUsage } from '../cli/plus-usage.js';
import { createClaudeReader } from './read-claude-lines.js';

/** What the output of an attempt names; nothing where there is no output. */
async function namedIn(path: string): Promise<TokenUsage> {
  const reader = createClaudeReader('/');
  const feed = createJsonLines((value) => void reader.read(value));
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) feed(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return reader.usage;
}

/** Tokens of attempts that nobody was told of, as they ended together with the runtime; as far as their output names them. */
export async function claudeUntold({ turnDir, toldAttempts, attempts }: Omit<UntoldAttempts, 'sessionId'>): Promise<TokenUsage> {
  let total = noUsage;
  for (let attempt = toldAttempts + 1; attempt <= attempts; attempt += 1)
    total = plusUsage(total, await namedIn(join(turnDir, `output-${attempt}.jsonl`)));
  return total;
}
