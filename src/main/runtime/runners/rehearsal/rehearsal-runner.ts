import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeProgram } from '../../platform/node-program.js';
import type { GuardedExit, GuardedProcess, ProcessGuardian } from '../../ports/process-guardian.js';
import type { Runner, RunnerEvent, RunnerOutcome, TokenUsage, TurnInput } from '../../ports/runner.js';
import type { PickedEntry } from './pick-entry.js';
import { noUsage } from '../cli/cli-reader.js';
import { plusUsage } from '../cli/plus-usage.js';
import { pickEntry } from './pick-entry.js';
import { createPlayerLineReader } from './player-lines.js';
import { readRehearsal, RehearsalError, rehearsalOf } from './read-rehearsal.js';
import type { Rehearsal, RehearsalInput } from './rehearsal-schema.js';
import { rehearsalUntold } from './rehearsal-untold.js';

/** What a rehearsal runner is made of; paths are absolute. */
export interface RehearsalRunnerOptions {
  readonly guardian: ProcessGuardian;
  /** A YAML file, read at each turn, or a rehearsal made in code. */
  readonly rehearsal: string | RehearsalInput;
  /** `resources/rehearsal-player.mjs`. */
  readonly playerPath: string;
  /** The child's environment but for TMPDIR; PATH is needed where the rehearsal has commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Factor on every duration; 0 waits nowhere. Default 1. */
  readonly speed?: number;
  /** Node that plays. Default: the one that runs this. */
  readonly nodePath?: string;
}

type OnEvent = (event: RunnerEvent) => Promise<void> | void;

const maxOutputBytes = 16 * 1024 * 1024;

const failed = (
  reason: Extract<RunnerOutcome, { kind: 'failed' }>['reason'],
  message: string,
  usage: TokenUsage = noUsage,
): RunnerOutcome => ({ kind: 'failed', reason, message, usage });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Hands events on one after the other, none before `open`; tells the first failure, and `drained` rejects with it. */
function createEventQueue(
  onEvent: OnEvent,
  onFailure: () => void,
): { readonly push: (event: RunnerEvent) => void; readonly open: (first: RunnerEvent) => void; readonly drained: () => Promise<void> } {
  const gate = Promise.withResolvers<RunnerEvent>();
  let tail: Promise<void> = gate.promise.then(onEvent);
  tail.catch(onFailure);
  const push = (event: RunnerEvent): void => {
    tail = tail.then(() => onEvent(event));
    tail.catch(onFailure);
  };
  return { push, open: gate.resolve, drained: () => tail };
}

/** What the player is told; see resources/rehearsal-player.mjs. */
function scriptOf(input: TurnInput, { entry, durationMs }: PickedEntry, speed: number): Readonly<Record<string, unknown>> {
  const blank = {
    request_id: '',
    role: input.facts.role,
    status: 'completed',
    summary: '',
    insights: [],
    proposals: {},
    artifacts: [],
    error: '',
  };
  const answer = entry.report ? JSON.stringify({ ...blank, ...entry.report }, null, 2) : entry.answer;
  const { input_tokens: inputTokens = 0, cached_input_tokens: cachedInputTokens = 0, output_tokens: outputTokens = 0 } = entry.usage ?? {};
  return {
    sessionId: input.resumeSessionId,
    checkout: input.checkout,
    documents: join(input.sessionDir, 'shared_workspace'),
    durationMs: Math.round(durationMs * speed),
    says: entry.says,
    edits: entry.edits,
    commands: entry.commands,
    mustPass: entry.must_pass,
    usage: { inputTokens, cachedInputTokens, outputTokens },
    answer: answer ?? null,
    answerBytes: entry.answer_bytes ?? null,
    neverEnds: entry.never_ends,
    crash: entry.crash,
    forksDaemon: entry.forks_daemon,
  };
}

interface Files {
  readonly script: string;
  readonly output: string;
  readonly errors: string;
  readonly temporary: string;
}

async function prepareFiles(input: TurnInput, script: Readonly<Record<string, unknown>>): Promise<Files> {
  const at = (name: string): string => join(input.turnDir, name);
  const files = {
    script: at(`rehearsal-${input.attempt}.json`),
    output: at(`output-${input.attempt}.jsonl`),
    errors: at(`errors-${input.attempt}.log`),
    temporary: at('tmp'),
  };
  await mkdir(files.temporary, { recursive: true });
  await writeFile(files.script, JSON.stringify(script));
  return files;
}

async function lastLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').at(-1)?.slice(0, 500).replace(/\.$/, '') ?? '';
}

interface Heard {
  answer: string | null;
  usage: TokenUsage;
}

async function outcomeOf(input: TurnInput, exit: GuardedExit, heard: Heard, files: Files): Promise<RunnerOutcome> {
  const who = `the ${input.facts.role}'s turn on "${input.facts.subject}"`;
  switch (exit.reason) {
    case 'stopped':
      return failed('stopped', `Stopped ${who}.`, heard.usage);
    case 'timed-out':
      return failed(
        'timed-out',
        `Ended ${who}: it took longer than ${Math.round(input.timeLimitMs / 1000)} seconds. Its output is in ${files.output}.`,
        heard.usage,
      );
    case 'output-limit':
      return failed(
        'output-limit',
        `Ended ${who}: it wrote more than ${maxOutputBytes / 1024 / 1024} MiB. The beginning is in ${files.output}.`,
        heard.usage,
      );
    case 'exited':
      if (exit.exitCode === 0 && heard.answer !== null) return { kind: 'answered', text: heard.answer, usage: heard.usage };
  }
  const how =
    exit.exitCode === 0 ? 'without an answer' : exit.signal ? `by ${exit.signal}` : `with exit code ${exit.exitCode ?? 'unknown'}`;
  const last = await lastLine(files.errors);
  return failed(
    'crashed',
    `The rehearsal of ${who} ended ${how}${last ? `: ${last}` : ''}. Its output is in ${input.turnDir}.`,
    heard.usage,
  );
}

async function play(
  options: RehearsalRunnerOptions,
  input: TurnInput,
  picked: PickedEntry,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<RunnerOutcome> {
  const files = await prepareFiles(input, scriptOf(input, picked, options.speed ?? 1));
  const untold = await rehearsalUntold({ ...input, attempts: input.attempt - 1 });
  const heard: Heard = { answer: null, usage: untold };
  const ending = new AbortController();
  const queue = createEventQueue(onEvent, () => ending.abort());
  const onStdout = createPlayerLineReader((line) => {
    if (line.type === 'answer') heard.answer = line.text;
    else queue.push(line);
    if (line.type === 'usage') heard.usage = plusUsage(untold, line.usage);
  });
  if (signal.aborted) return failed('stopped', 'The turn was stopped before it began.');
  const child: GuardedProcess = await options.guardian.start({
    tag: input.turnId,
    argv: [options.nodePath ?? nodeProgram(), options.playerPath, files.script],
    cwd: input.checkout,
    env: { ...options.env, TMPDIR: files.temporary },
    stdoutFile: files.output,
    stderrFile: files.errors,
    onStdout,
    timeoutMs: input.timeLimitMs,
    maxOutputBytes,
  });
  const anyEnd = AbortSignal.any([signal, ending.signal]);
  const stop = (): void => void child.stop();
  anyEnd.addEventListener('abort', stop);
  if (anyEnd.aborted) stop();
  queue.open({ type: 'spawned', identity: child.identity });
  const exit = await child.exit.finally(() => anyEnd.removeEventListener('abort', stop));
  await queue.drained();
  return outcomeOf(input, exit, heard, files);
}

function missingEntry({ place }: Rehearsal, { facts }: TurnInput): RunnerOutcome {
  const purpose = facts.purpose === 'repair' ? ', to repair its report' : '';
  return failed(
    'could-not-start',
    `The rehearsal ${place} has no entry for the ${facts.role} at ${facts.step} of "${facts.subject}" (revision ${facts.revision}, visit ${facts.visit}${purpose}). Add one, or run this role with another runner.`,
  );
}

/** Plays a written rehearsal through real processes, real edits and real commands, so that everything but the agent is the real thing. */
export function createRehearsalRunner(options: RehearsalRunnerOptions): Runner {
  const { rehearsal } = options;
  return {
    id: 'rehearsal',
    label: 'rehearsal',
    isRehearsal: true,
    async run(input, onEvent, signal) {
      try {
        const script = typeof rehearsal === 'string' ? await readRehearsal(rehearsal) : rehearsalOf(rehearsal);
        const picked = pickEntry(script, input.facts);
        return picked ? await play(options, input, picked, onEvent, signal) : missingEntry(script, input);
      } catch (error) {
        if (error instanceof RehearsalError || (error instanceof Error && error.name === 'ProcessStartError'))
          return failed('could-not-start', error.message);
        return failed('crashed', `The rehearsal of the ${input.facts.role}'s turn could not be played: ${messageOf(error)}`);
      }
    },
    untold: rehearsalUntold,
  };
}
