import type { GuardedExit, ProcessGuardian } from '../../ports/process-guardian.js';
import type { RunnerEvent, RunnerOutcome, TokenUsage, TurnInput } from '../../ports/runner.js';
import type { CliNames } from './cli-names.js';
import type { CliReader } from './cli-reader.js';
import { noUsage } from './cli-reader.js';
import { createEventQueue } from './event-queue.js';
import { createJsonLines } from './json-lines.js';
import type { TurnFiles } from './turn-files.js';
import { clearTemporary, lastLineOf } from './turn-files.js';
import { crashSentence, endedOutcome, failed, failureSentence, turnName } from './turn-sentences.js';

/** One run of a CLI, ready to be started. */
export interface CliRun {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
  readonly reader: CliReader;
  /** Told right after the session, when there is something that people should know. */
  readonly notice: string | null;
  /** What belongs to the record of the turn when it is answered. */
  readonly notes: readonly string[];
  /** The tokens of this run, asked once when it has ended. */
  readonly usage: () => Promise<TokenUsage>;
}

/** A turn that can be started, or why it cannot. */
export type PreparedTurn = { readonly run: CliRun; readonly files: TurnFiles } | { readonly refused: RunnerOutcome };

/** What the turns of one CLI share. */
export interface CliTurnParts {
  readonly guardian: ProcessGuardian;
  readonly names: CliNames;
  readonly maxOutputBytes: number;
}

type OnEvent = (event: RunnerEvent) => Promise<void> | void;

/** How much a CLI may write in a turn, both streams together. */
export const defaultMaxOutputBytes = 64 * 1024 * 1024;

async function outcomeOf(parts: CliTurnParts, input: TurnInput, run: CliRun, files: TurnFiles, exit: GuardedExit): Promise<RunnerOutcome> {
  const { names, maxOutputBytes } = parts;
  const { reader } = run;
  const usage = await run.usage();
  const ended = endedOutcome(input, exit, { usage, outputFile: files.output, maxOutputBytes });
  if (ended) return ended;
  if (reader.failure) return failed(reader.failure.reason, failureSentence(names, input, reader.failure), usage);
  if (exit.exitCode === 0 && reader.answer !== null)
    return { kind: 'answered', text: reader.answer, usage, ...(run.notes.length > 0 ? { notes: run.notes } : {}) };
  return failed('crashed', crashSentence(names, input, exit, await lastLineOf(files.errors)), usage);
}

/** Runs a CLI under the guardian to its end: events in order, one outcome. Rejects when it cannot start or an event cannot be recorded. */
async function supervise(
  parts: CliTurnParts,
  input: TurnInput,
  run: CliRun,
  files: TurnFiles,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<RunnerOutcome> {
  const ending = new AbortController();
  const queue = createEventQueue(onEvent, () => ending.abort());
  let notice = run.notice;
  const onStdout = createJsonLines((value) => {
    for (const event of run.reader.read(value)) {
      queue.push(event);
      if (event.type === 'session' && notice !== null) {
        queue.push({ type: 'error', message: notice });
        notice = null;
      }
    }
  });
  const child = await parts.guardian.start({
    tag: input.turnId,
    argv: run.argv,
    cwd: run.cwd,
    env: run.env,
    stdin: run.stdin,
    stdoutFile: files.output,
    stderrFile: files.errors,
    onStdout,
    timeoutMs: input.timeLimitMs,
    maxOutputBytes: parts.maxOutputBytes,
  });
  const anyEnd = AbortSignal.any([signal, ending.signal]);
  const stop = (): void => void child.stop();
  anyEnd.addEventListener('abort', stop);
  if (anyEnd.aborted) stop();
  queue.open({ type: 'spawned', identity: child.identity });
  const exit = await child.exit.finally(() => anyEnd.removeEventListener('abort', stop));
  await queue.drained();
  const outcome = await outcomeOf(parts, input, run, files, exit);
  if (outcome.usage.inputTokens + outcome.usage.outputTokens > 0) await onEvent({ type: 'usage', usage: outcome.usage });
  return outcome;
}

/** Runs one turn of a CLI; every way in which it can fail is an outcome with a sentence. Never rejects. */
export async function runCliTurn(
  parts: CliTurnParts,
  input: TurnInput,
  prepare: () => Promise<PreparedTurn>,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<RunnerOutcome> {
  try {
    const prepared = await prepare();
    if ('refused' in prepared) return prepared.refused;
    if (signal.aborted) return failed('stopped', `Stopped ${turnName(input)} before it began.`, noUsage);
    const { run, files } = prepared;
    // What an agent made unreadable in its temporary folder is no reason to lose its turn.
    return await supervise(parts, input, run, files, onEvent, signal).finally(() => clearTemporary(files).catch(() => undefined));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.name === 'ProcessStartError') return failed('could-not-start', message, noUsage);
    return failed('crashed', `${parts.names.label} could not run ${turnName(input)}: ${message}`, noUsage);
  }
}
