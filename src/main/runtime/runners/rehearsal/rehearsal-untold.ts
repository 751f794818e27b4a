import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { TokenUsage, UntoldAttempts } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { plusUsage } from '../cli/plus-usage.js';
import { createPlayerLineReader } from './player-lines.js';

async function namedIn(path: string): Promise<TokenUsage> {
  let usage = noUsage;
  const feed = createPlayerLineReader((line) => {
    if (line.type === 'usage') usage = line.usage;
  });
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) feed(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return usage;
}

/** Tokens that a rehearsal named in attempts that nobody was told of. */
export async function rehearsalUntold({ turnDir, toldAttempts, attempts }: Omit<UntoldAttempts, 'sessionId'>): Promise<TokenUsage> {
  let total = noUsage;
  for (let attempt = toldAttempts + 1; attempt <= attempts; attempt += 1)
    total = plusUsage(total, await namedIn(join(turnDir, `output-${attempt}.jsonl`)));
  return total;
}
