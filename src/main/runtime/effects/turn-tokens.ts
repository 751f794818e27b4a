import type { Turn } from '../../../shared/domain/state.js';
import type { TokenUsage } from '../ports/runner.js';
import type { EffectServices } from './effect-services.js';

type Tokens = Turn['tokens'];

/** No tokens. */
export const noTokens: Tokens = { input: 0, cachedInput: 0, output: 0 };

/** A runner's count in the words of the domain. */
export const tokensOf = (usage: TokenUsage): Tokens => ({
  input: usage.inputTokens,
  cachedInput: usage.cachedInputTokens,
  output: usage.outputTokens,
});

/** Both together. */
export const plusTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input,
  cachedInput: a.cachedInput + b.cachedInput,
  output: a.output + b.output,
});

/** What attempts of a turn used that were ended before they told it, as the runner that ran them finds it; nothing without that runner. */
export async function untoldTokens(services: Pick<EffectServices, 'runnerOf' | 'paths'>, turn: Turn): Promise<Tokens> {
  const { turnId, sessionId, attempts, toldAttempts = 0 } = turn;
  const runner = services.runnerOf(turn.runner);
  if (!runner || attempts <= toldAttempts) return noTokens;
  return tokensOf(await runner.untold({ turnId, turnDir: services.paths.turn(turnId), sessionId, toldAttempts, attempts }));
}
