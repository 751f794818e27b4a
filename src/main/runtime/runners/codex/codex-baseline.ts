import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenUsage, TurnInput } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { readThreadUsage } from './codex-threads.js';

/** What a turn's thread had used before the turn. */
interface Baseline {
  readonly turnId: string;
  /** null: the turn began it. */
  readonly threadId: string | null;
  readonly usage: TokenUsage;
}

const fileOf = ({ turnDir }: TurnInput): string => join(turnDir, 'tokens-before.json');

async function known(input: TurnInput): Promise<Baseline | null> {
  try {
    const baseline = JSON.parse(await readFile(fileOf(input), 'utf8')) as Baseline;
    return baseline.turnId === input.turnId ? baseline : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * What the thread had used before this turn. An attempt that was ended together with the runtime has told nobody what it used, so the
 * attempt that goes on with its thread counts from where that one began.
 */
export async function readBaseline(input: TurnInput, resumeThreadId: string | null, threadFile: string | null): Promise<TokenUsage> {
  const earlier = input.attempt > 1 ? await known(input) : null;
  if (earlier && resumeThreadId !== null && (earlier.threadId === null || earlier.threadId === resumeThreadId)) return earlier.usage;
  const usage = resumeThreadId === null ? noUsage : await readThreadUsage(threadFile);
  const baseline: Baseline = { turnId: input.turnId, threadId: resumeThreadId, usage };
  await writeFile(fileOf(input), JSON.stringify(baseline));
  return usage;
}

/** To be called when an attempt's tokens were told: the next one counts its own. */
export const dropBaseline = (input: TurnInput): Promise<void> => rm(fileOf(input), { force: true });
