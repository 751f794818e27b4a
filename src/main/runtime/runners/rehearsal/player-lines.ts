import { z } from 'zod';
import type { RunnerEvent } from '../../ports/runner.js';

const tokens = z.number().int().min(0);
const line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session'), sessionId: z.uuid() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('command'), command: z.string(), exitCode: z.number().nullable(), output: z.string() }),
  z.object({ type: z.literal('file-change'), path: z.string(), change: z.enum(['added', 'modified', 'deleted']) }),
  z.object({ type: z.literal('usage'), usage: z.object({ inputTokens: tokens, cachedInputTokens: tokens, outputTokens: tokens }) }),
  z.object({ type: z.literal('answer'), text: z.string() }),
]);

/** What the player says in one line: an event, or its last word. */
export type PlayerLine =
  Exclude<RunnerEvent, { type: 'spawned' | 'reasoning' | 'error' }> | { readonly type: 'answer'; readonly text: string };

function parseLine(text: string): PlayerLine | null {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as PlayerLine) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Turns chunks of the player's output into its lines; what is not one of them is left out. */
export function createPlayerLineReader(onLine: (line: PlayerLine) => void): (chunk: string) => void {
  const parts: string[] = [];
  const flush = (): void => {
    const parsed = parseLine(parts.join(''));
    parts.length = 0;
    if (parsed) onLine(parsed);
  };
  return (chunk) => {
    const [first = '', ...others] = chunk.split('\n');
    parts.push(first);
    for (const next of others) {
      flush();
      parts.push(next);
    }
  };
}
