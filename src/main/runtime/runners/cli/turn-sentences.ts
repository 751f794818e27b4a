import type { GuardedExit } from '../../ports/process-guardian.js';
import type { RunnerOutcome, TokenUsage, TurnInput } from '../../ports/runner.js';
import type { CliNames } from './cli-names.js';
import type { CliFailure } from './cli-reader.js';

type Failed = Extract<RunnerOutcome, { kind: 'failed' }>;

/** A failed outcome. */
export const failed = (reason: Failed['reason'], message: string, usage: TokenUsage): RunnerOutcome => ({
  kind: 'failed',
  reason,
  message,
  usage,
});

/** Whose turn on what: part of a sentence. */
export const turnName = ({ facts }: TurnInput): string => `the ${facts.role}'s turn on "${facts.subject}"`;

const detailLength = 400;

/** Foreign words as part of a sentence: one line, without a full stop at the end. */
export function asClause(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return (line.length > detailLength ? `${line.slice(0, detailLength)} …` : line).replace(/\.$/, '');
}

const retry = 'then retry the turn';

/** The sentence for a failure that the CLI told itself. */
export function failureSentence(names: CliNames, input: TurnInput, { reason, detail }: CliFailure): string {
  const who = turnName(input);
  const why = asClause(detail);
  switch (reason) {
    case 'rate-limited':
      return `${names.label} could not go on with ${who}: its usage limit is reached (${why}). Wait until it is lifted, or give the ${input.facts.role} another model or runner, ${retry}.`;
    case 'not-logged-in':
      return `${names.label} could not run ${who}: it is not logged in (${why}). ${names.logIn}, ${retry}.`;
    case 'model-error':
      return `${names.label} could not finish ${who}: the service of the model ${input.model} answered with an error (${why}). Retry the turn later; if it stays, look at the model of the ${input.facts.role} in team_runtime.yaml.`;
  }
}

/** The sentence for a CLI that is not there. */
export const missingSentence = (names: CliNames, who: string, place: string | null): string =>
  `Could not start ${names.program} for ${who}: ${place === null ? 'it was found neither on PATH nor in its usual places' : `${place} cannot be run`}. ${names.install}, then run \`muster doctor\`.`;

/** What Muster itself ended, or null when the program ended by itself. */
export function endedOutcome(
  input: TurnInput,
  exit: GuardedExit,
  facts: { readonly usage: TokenUsage; readonly outputFile: string; readonly maxOutputBytes: number },
): RunnerOutcome | null {
  const who = turnName(input);
  switch (exit.reason) {
    case 'stopped':
      return failed('stopped', `Stopped ${who}.`, facts.usage);
    case 'timed-out':
      return failed(
        'timed-out',
        `Ended ${who}: it took longer than ${Math.round(input.timeLimitMs / 1000)} seconds. Its output is in ${facts.outputFile}.`,
        facts.usage,
      );
    case 'output-limit':
      return failed(
        'output-limit',
        `Ended ${who}: it wrote more than ${Math.round(facts.maxOutputBytes / 1024 / 1024)} MiB. The beginning is in ${facts.outputFile}.`,
        facts.usage,
      );
    case 'exited':
      return null;
  }
}

/** The sentence for a program that ended by itself without an answer and without a reason in its output. */
export function crashSentence(names: CliNames, input: TurnInput, exit: GuardedExit, lastWords: string): string {
  const how =
    exit.exitCode === 0 ? 'without an answer' : exit.signal ? `by ${exit.signal}` : `with exit code ${exit.exitCode ?? 'unknown'}`;
  const last = asClause(lastWords);
  return `${names.label} ended ${turnName(input)} ${how}${last ? `: ${last}` : ''}. Its output is in ${input.turnDir}.`;
}
