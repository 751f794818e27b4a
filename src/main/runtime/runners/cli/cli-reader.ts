import type { RunnerEvent, RunnerOutcome, TokenUsage } from '../../ports/runner.js';
import type { JsonObject } from './json-lines.js';

/** Why a turn failed, as far as a CLI can say it. */
export type CliFailureReason = Extract<
  Extract<RunnerOutcome, { kind: 'failed' }>['reason'],
  'rate-limited' | 'not-logged-in' | 'model-error'
>;

/** What a CLI said about its own failure; `detail` is in its own words. */
export interface CliFailure {
  readonly reason: CliFailureReason;
  readonly detail: string;
}

/** Reads what one run of a CLI prints. Pure but for what it remembers of the lines before. */
export interface CliReader {
  /** What one object of its output means; none for what nobody needs to see. */
  read(value: JsonObject): readonly RunnerEvent[];
  /** As the CLI named it; null until then. */
  readonly sessionId: string | null;
  /** The agent's last words so far. */
  readonly answer: string | null;
  readonly failure: CliFailure | null;
  /** Of this run alone, as far as it was told. */
  readonly usage: TokenUsage;
}

/** No tokens. */
export const noUsage: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

const looksLikeReport = /^\s*(```(json)?\s*)?\{/;

/** Something that an agent said, as events: nothing when it is empty or a report, which is shown as such. */
export const textEvents = (text: string): readonly RunnerEvent[] =>
  text.trim() === '' || looksLikeReport.test(text) ? [] : [{ type: 'text', text }];
