import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessGuardian } from '../../ports/process-guardian.js';
import type { Runner, RunnerEvent, TurnInput } from '../../ports/runner.js';
import { findProgram } from '../../platform/find-program.js';
import { childEnvironment } from '../cli/child-environment.js';
import { noUsage } from '../cli/cli-reader.js';
import { confineTurn } from '../cli/confine-turn.js';
import type { TurnSurroundings } from '../cli/confine-turn.js';
import { linkLogin } from '../cli/link-login.js';
import { plusUsage } from '../cli/plus-usage.js';
import type { CliRun, PreparedTurn } from '../cli/run-cli-turn.js';
import { defaultMaxOutputBytes, runCliTurn } from '../cli/run-cli-turn.js';
import type { TurnFiles } from '../cli/turn-files.js';
import { shown } from '../cli/turn-jail.js';
import { prepareTurnFiles, promptFor } from '../cli/turn-files.js';
import { failed, missingSentence, turnName } from '../cli/turn-sentences.js';
import { claudeArguments, claudePromptLine } from './claude-arguments.js';
import type { ClaudePlaces } from './claude-jail.js';
import { claudeGaps, writeShellPrefix } from './claude-jail.js';
import { claudeLoginFile } from './claude-login.js';
import { claudeNames } from './claude-names.js';
import { findClaudeSession } from './claude-sessions.js';
import { claudeUntold } from './claude-untold.js';
import { createClaudeReader } from './read-claude-lines.js';

/** What a runner of Claude Code is made of; paths are absolute. */
export interface ClaudeRunnerOptions {
  readonly guardian: ProcessGuardian;
  /** null: Claude Code was not found; its turns say so. */
  readonly claudePath: string | null;
  /** Claude Code's own folder for this workspace (CLAUDE_CONFIG_DIR). */
  readonly homeDir: string;
  /** The environment of the runtime; only the few variables that are Claude Code's or nobody's secret are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What its turns may not see, and the jail that keeps them from it; without one its own sandbox must do it (macOS), or its commands do not run. */
  readonly surroundings: TurnSurroundings;
  /** Further variables for Claude Code itself. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  /** At this many bytes of output a turn is ended. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

const ownVariables = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'] as const;

/** Nothing is sent but what the turn itself needs, nothing is remembered but its session, and the program does not replace itself. */
const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' };

/** The person's file with the login, where there is one; a login made in Claude Code's own folder is hidden with that folder. */
async function loginsOf(options: ClaudeRunnerOptions): Promise<readonly string[]> {
  const persons = claudeLoginFile(options.env);
  await linkLogin(persons, join(options.homeDir, '.credentials.json'));
  return (await shown(persons)).map(({ path }) => path);
}

const placesOf = (
  options: ClaudeRunnerOptions,
  bwrapPath: string,
  logins: readonly string[],
  input: TurnInput,
  files: TurnFiles,
): ClaudePlaces => ({
  bwrapPath,
  checkout: input.checkout,
  sessionDir: input.sessionDir,
  configDir: options.homeDir,
  temporary: files.temporary,
  logins,
  network: input.loadout.network,
});

async function environmentOf(
  options: ClaudeRunnerOptions,
  files: TurnFiles,
  places: ClaudePlaces | null,
  prefixFile: string,
): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = {
    ...childEnvironment(options.env, ownVariables),
    ...quiet,
    ...options.extraEnv,
    HOME: options.homeDir,
    CLAUDE_CONFIG_DIR: options.homeDir,
    TMPDIR: files.temporary,
    SHELL: '/bin/bash',
  };
  if (places === null) return env;
  const commandEnvironment = {
    PATH: env['PATH'] ?? '/usr/bin:/bin',
    LANG: env['LANG'] ?? 'C.UTF-8',
    HOME: files.commandHome,
    TMPDIR: files.commandTemporary,
  };
  return { ...env, CLAUDE_CODE_SHELL_PREFIX: await writeShellPrefix(prefixFile, places, commandEnvironment) };
}

/** The command line with its environment, behind the jail where there is one, and what is missing of that. */
async function startOf(
  options: ClaudeRunnerOptions,
  input: TurnInput,
  files: TurnFiles,
  program: string,
  resumeSessionId: string | null,
): Promise<Pick<CliRun, 'argv' | 'env' | 'notes'>> {
  const { homeDir, surroundings } = options;
  const { bwrapPath, hidden } = surroundings;
  const logins = await loginsOf(options);
  const places = bwrapPath === null ? null : placesOf(options, bwrapPath, logins, input, files);
  const prefixFile = join(input.turnDir, 'run-command.sh');
  const env = await environmentOf(options, files, places, prefixFile);
  const confined = await confineTurn(surroundings, input, files, { ...{ program, env, homeDir, logins }, files: [prefixFile] });
  const args = claudeArguments(input, {
    ...{ resumeSessionId, hidden, readable: confined.readable },
    isJailed: places !== null,
    logins: [join(homeDir, '.credentials.json'), ...logins],
  });
  const [first, ...rest] = [...confined.before, confined.program, ...args];
  return { argv: [first ?? program, ...rest], env, notes: claudeGaps(places !== null) };
}

async function prepare(options: ClaudeRunnerOptions, input: TurnInput): Promise<PreparedTurn> {
  const { claudePath, homeDir } = options;
  const program = claudePath === null ? null : await findProgram(claudePath, '/', {});
  if (program === null) return { refused: failed('could-not-start', missingSentence(claudeNames, turnName(input), claudePath), noUsage) };
  const files = await prepareTurnFiles(input);
  await mkdir(homeDir, { recursive: true, mode: 0o700 });
  const wanted = input.resumeSessionId;
  const sessionFile = wanted === null ? null : await findClaudeSession(homeDir, wanted);
  const resumeSessionId = sessionFile === null ? null : wanted;
  const isLost = wanted !== null && resumeSessionId === null;
  const reader = createClaudeReader(input.checkout);
  const untold = await claudeUntold({ ...input, attempts: input.attempt - 1 });
  const run: CliRun = {
    ...(await startOf(options, input, files, program, resumeSessionId)),
    cwd: input.checkout,
    stdin: claudePromptLine(await promptFor(input, sessionFile)),
    reader,
    notice: isLost ? `Claude Code no longer has the session ${wanted}; ${turnName(input)} begins a new one.` : null,
    usage: () => Promise.resolve(plusUsage(untold, reader.usage)),
  };
  return { run, files };
}

/** Runs turns with the real Claude Code (`claude -p`), jailed, with a folder of its own and the person's login. */
export function createClaudeRunner(options: ClaudeRunnerOptions): Runner {
  const parts = { guardian: options.guardian, names: claudeNames, maxOutputBytes: options.maxOutputBytes ?? defaultMaxOutputBytes };
  return {
    id: 'claude',
    label: claudeNames.label,
    isRehearsal: false,
    run: (input: TurnInput, onEvent: (event: RunnerEvent) => Promise<void> | void, signal: AbortSignal) =>
      runCliTurn(parts, input, () => prepare(options, input), onEvent, signal),
    untold: claudeUntold,
  };
}
