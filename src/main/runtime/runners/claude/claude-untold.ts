import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenUsage, TurnInput } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { createJsonLines } from '../cli/json-lines.js';
import { createClaudeReader } from './read-claude-lines.js';

/** Stands while an attempt of the turn that it names has told nobody what it used. */
const markOf = ({ turnDir }: TurnInput, attempt: number): string => join(turnDir, `tokens-untold-${attempt}.txt`);

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** What the output of an attempt names; nothing where there is no output. */
async function namedIn(path: string, checkout: string): Promise<TokenUsage> {
  const reader = createClaudeReader(checkout);
  const feed = createJsonLines((value) => void reader.read(value));
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) feed(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return reader.usage;
}

/** Both together. */
export const plusUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});

/**
 * Tokens of this turn's earlier attempts that nobody was told of, as they ended together with the runtime; as far as their output names
 * them. The attempt of `input` is untold from now on.
 */
export async function beginUntold(input: TurnInput): Promise<TokenUsage> {
  let total = noUsage;
  for (let attempt = 1; attempt < input.attempt; attempt += 1)
    if ((await textOf(markOf(input, attempt))) === input.turnId)
      total = plusUsage(total, await namedIn(join(input.turnDir, `output-${attempt}.jsonl`), input.checkout));
  await writeFile(markOf(input, input.attempt), input.turnId);
  return total;
}

/** To be called when this attempt's tokens were told, and with them what was untold before it. */
export async function markTold(input: TurnInput): Promise<void> {
  for (let attempt = 1; attempt <= input.attempt; attempt += 1) await rm(markOf(input, attempt), { force: true });
}
