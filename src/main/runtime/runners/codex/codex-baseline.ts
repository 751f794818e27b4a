import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenUsage, TurnInput, UntoldAttempts } from '../../ports/runner.js';
import { noUsage } from '../cli/cli-reader.js';
import { findThreadFile, readThreadUsage, usageSince } from './codex-threads.js';

/** What a turn's thread had used before the attempt that is the first whose tokens are not told. */
interface Baseline {
  readonly turnId: string;
  readonly attempt: number;
  /** null: the turn began it. */
  readonly threadId: string | null;
  readonly usage: TokenUsage;
}

const fileOf = (turnDir: string): string => join(turnDir, 'tokens-before.json');

/** null where there is none, or where what it was for is told. */
async function known({ turnDir, turnId, toldAttempts }: Pick<TurnInput, 'turnDir' | 'turnId' | 'toldAttempts'>): Promise<Baseline | null> {
  try {
    const baseline = JSON.parse(await readFile(fileOf(turnDir), 'utf8')) as Baseline;
    return baseline.turnId === turnId && baseline.attempt > toldAttempts ? baseline : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

const isOf = ({ threadId }: Baseline, id: string): boolean => threadId === null || threadId === id;

/**
 * What the thread had used before this turn. An attempt that was ended together with the runtime has told nobody what it used, so the
 * attempt that goes on with its thread counts from where that one began.
 */
export async function readBaseline(input: TurnInput, resumeThreadId: string | null, threadFile: string | null): Promise<TokenUsage> {
  const earlier = input.attempt > 1 ? await known(input) : null;
  if (earlier && resumeThreadId !== null && isOf(earlier, resumeThreadId)) return earlier.usage;
  const usage = resumeThreadId === null ? noUsage : await readThreadUsage(threadFile);
  const baseline: Baseline = { turnId: input.turnId, attempt: input.attempt, threadId: resumeThreadId, usage };
  await writeFile(fileOf(input.turnDir), JSON.stringify(baseline));
  return usage;
}

/** Tokens of attempts that nobody was told of, by the last count of their thread. */
export async function codexUntold(codexHome: string, untold: UntoldAttempts): Promise<TokenUsage> {
  const baseline = await known(untold);
  if (!baseline || untold.sessionId === '' || !isOf(baseline, untold.sessionId)) return noUsage;
  return usageSince(baseline.usage, await readThreadUsage(await findThreadFile(codexHome, untold.sessionId)));
}
