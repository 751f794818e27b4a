import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.js';
import type { ProcessGuardian } from '../../ports/process-guardian.js';
import type { Runner, RunnerEvent, RunnerOutcome, TokenUsage, TurnInput } from '../../ports/runner.js';
import { findProgram } from '../../platform/find-program.js';
import { childEnvironment } from '../cli/child-environment.js';
import type { CliReader } from '../cli/cli-reader.js';
import { noUsage } from '../cli/cli-reader.js';
import { confineTurn } from '../cli/confine-turn.js';
import type { TurnSurroundings } from '../cli/confine-turn.js';
import { readCliVersion } from '../cli/find-cli.js';
import { linkLogin } from '../cli/link-login.js';
import type { CliRun, PreparedTurn } from '../cli/run-cli-turn.js';
import { defaultMaxOutputBytes, runCliTurn } from '../cli/run-cli-turn.js';
import type { TurnFiles } from '../cli/turn-files.js';
import { prepareTurnFiles, promptFor } from '../cli/turn-files.js';
import { failed, failureSentence, missingSentence, turnName } from '../cli/turn-sentences.js';
import type { CodexConfig } from './codex-arguments.js';
import { codexArguments } from './codex-arguments.js';
import { codexUntold, readBaseline } from './codex-baseline.js';
import { codexGaps, codexReach, hasProfiles } from './codex-confinement.js';
import { codexLoginFile } from './codex-login.js';
import { codexNames } from './codex-names.js';
import { findThreadFile, findWholeThreadFile, readThreadUsage, usageSince } from './codex-threads.js';
import { createCodexReader } from './read-codex-lines.js';

/** What a codex runner is made of; paths are absolute. */
export interface CodexRunnerOptions {
  readonly guardian: ProcessGuardian;
  readonly clock: Clock;
  /** What its turns may not see, and the jail that keeps them from it. */
  readonly surroundings: TurnSurroundings;
  /** null: codex was not found; its turns say so. */
  readonly codexPath: string | null;
  /** Codex's own home for this workspace (CODEX_HOME): not below the system's temporary folder, where codex refuses to work in part. */
  readonly homeDir: string;
  /** The environment of the runtime; only the few variables that are codex's or nobody's secret are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further values of codex's configuration, as TOML. */
  readonly extraConfig?: CodexConfig;
  /** At this many bytes of output a turn is ended. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

const ownVariables = ['CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'CODEX_CA_CERTIFICATE', 'OPENAI_ORGANIZATION', 'OPENAI_PROJECT'] as const;

/** An exported OpenAI key counts only without a login: with one it would be billed behind the person's back. */
function apiKey(env: CodexRunnerOptions['env'], isLoggedIn: boolean): Readonly<Record<string, string>> {
  const key = env['OPENAI_API_KEY'];
  return key && !isLoggedIn && !env['CODEX_API_KEY'] ? { CODEX_API_KEY: key } : {};
}

/** null: there is neither a login nor a key, and codex would ask its service in vain. */
async function environmentOf(options: CodexRunnerOptions, files: TurnFiles): Promise<Readonly<Record<string, string>> | null> {
  const { env, homeDir } = options;
  await mkdir(homeDir, { recursive: true, mode: 0o700 });
  const isLoggedIn = await linkLogin(codexLoginFile(env), join(homeDir, 'auth.json'));
  const own = { ...childEnvironment(env, ownVariables), ...apiKey(env, isLoggedIn) };
  const hasKey = 'CODEX_API_KEY' in own || 'CODEX_ACCESS_TOKEN' in own || options.extraConfig?.['model_provider'] !== undefined;
  return isLoggedIn || hasKey ? { ...own, HOME: homeDir, CODEX_HOME: homeDir, TMPDIR: files.temporary } : null;
}

const notLoggedIn = (options: CodexRunnerOptions, input: TurnInput): RunnerOutcome => {
  const detail = `${codexLoginFile(options.env)} does not exist`;
  const reason = 'not-logged-in';
  return failed(reason, failureSentence(codexNames, input, { reason, detail }), noUsage);
};

/** Codex counts a thread as a whole; what was counted before this turn is taken off. A turn that was ended is counted in the thread's file. */
function usageOf(homeDir: string, before: TokenUsage, reader: CliReader): () => Promise<TokenUsage> {
  return async () => {
    const told = usageSince(before, reader.usage);
    if (told.inputTokens > 0) return told;
    const id = reader.sessionId;
    return id === null ? noUsage : usageSince(before, await readThreadUsage(await findThreadFile(homeDir, id)));
  };
}

interface CodexStart {
  readonly files: TurnFiles;
  readonly env: Readonly<Record<string, string>>;
  readonly program: string;
  readonly resumeThreadId: string | null;
}

/** The command line, behind the jail where there is one, and what is missing between its commands and the person's files. */
async function startOf(
  { clock, env: outerEnv, extraConfig = {}, homeDir, surroundings }: CodexRunnerOptions,
  input: TurnInput,
  { files, env, program, resumeThreadId }: CodexStart,
): Promise<Pick<CliRun, 'argv' | 'notes'>> {
  const login = codexLoginFile(outerEnv);
  const version = await readCliVersion([program], outerEnv, clock);
  const confined = await confineTurn(surroundings, input, files, {
    ...{ program, env, homeDir, logins: [login] },
    files: files.schema === null ? [] : [files.schema],
  });
  const reach = hasProfiles(version) ? await codexReach(homeDir, login, confined) : null;
  const args = codexArguments(input, { files, env, resumeThreadId, reach, extraConfig });
  const [first, ...rest] = [...confined.before, confined.program, ...args];
  return { argv: [first ?? program, ...rest], notes: codexGaps(version, surroundings.bwrapPath !== null) };
}

async function prepare(options: CodexRunnerOptions, input: TurnInput): Promise<PreparedTurn> {
  const { codexPath, homeDir } = options;
  const program = codexPath === null ? null : await findProgram(codexPath, '/', {});
  if (program === null) return { refused: failed('could-not-start', missingSentence(codexNames, turnName(input), codexPath), noUsage) };
  const files = await prepareTurnFiles(input);
  const env = await environmentOf(options, files);
  if (env === null) return { refused: notLoggedIn(options, input) };
  const wanted = input.resumeSessionId;
  const threadFile = wanted === null ? null : await findWholeThreadFile(homeDir, wanted);
  const resumeThreadId = threadFile === null ? null : wanted;
  const isLost = wanted !== null && resumeThreadId === null;
  const reader = createCodexReader(input.checkout);
  const before = await readBaseline(input, resumeThreadId, threadFile);
  const run: CliRun = {
    ...(await startOf(options, input, { files, env, program, resumeThreadId })),
    env,
    cwd: input.checkout,
    stdin: await promptFor(input, threadFile),
    reader,
    notice: isLost ? `Codex no longer has the session ${wanted}; ${turnName(input)} begins a new one.` : null,
    usage: usageOf(homeDir, before, reader),
  };
  return { run, files };
}

/** Runs turns with the real codex (`codex exec`), in its own sandbox, with a home of its own and the person's login. */
export function createCodexRunner(options: CodexRunnerOptions): Runner {
  const parts = { guardian: options.guardian, names: codexNames, maxOutputBytes: options.maxOutputBytes ?? defaultMaxOutputBytes };
  return {
    id: 'codex',
    label: codexNames.label,
    isRehearsal: false,
    run: (input: TurnInput, onEvent: (event: RunnerEvent) => Promise<void> | void, signal: AbortSignal) =>
      runCliTurn(parts, input, () => prepare(options, input), onEvent, signal),
    untold: (untold) => codexUntold(options.homeDir, untold),
  };
}
