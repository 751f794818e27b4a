import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../../shared/domain/configuration.js';
import { packageRoot } from './platform/package-root.js';
import type { Clock } from './ports/clock.js';
import type { Jail } from './ports/jail.js';
import type { ProcessGuardian } from './ports/process-guardian.js';
import type { Runner } from './ports/runner.js';
import { createClaudeRunner } from './runners/claude/claude-runner.js';
import type { ClaudeRunnerOptions } from './runners/claude/claude-runner.js';
import { findClaudePath } from './runners/claude/find-claude.js';
import { createCodexRunner } from './runners/codex/codex-runner.js';
import type { CodexRunnerOptions } from './runners/codex/codex-runner.js';
import { findCodexPath } from './runners/codex/find-codex.js';
import { createRehearsalRunner } from './runners/rehearsal/rehearsal-runner.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import { findRepository } from './workspace/project-guess-git.js';
import type { WorkspaceState } from './workspace/state-folder.js';

/** Where a test build may put a CLI of a known version that asks a model on loopback. */
export interface RunnerSeams {
  readonly codex?: (options: CodexRunnerOptions) => CodexRunnerOptions;
  readonly claude?: (options: ClaudeRunnerOptions) => ClaudeRunnerOptions;
}

/** What the runners of one workspace are made of. */
interface RunnerParts {
  readonly layout: WorkspaceLayout;
  readonly places: WorkspaceState;
  readonly projectDir: string;
  readonly configuration: Configuration;
  readonly clock: Clock;
  /** 1: as the rehearsal says; 0: without waiting. */
  readonly rehearsalSpeed: number;
  readonly guardian: ProcessGuardian;
  readonly jail: Jail;
  /** null: bubblewrap is not installed. */
  readonly bwrapPath: string | null;
}

const childEnvironment = (): Record<string, string> => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: homedir() });

/** Where git keeps what the project's checkouts refer to. */
async function gitFolders(projectDir: string): Promise<readonly string[]> {
  const repository = await findRepository(projectDir);
  return repository === null ? [] : [...new Set([repository.gitDir, repository.commonDir])];
}

/** The runners of a workspace, each kept from what its turns must not see. */
export async function composeRunners(parts: RunnerParts, seams: RunnerSeams): Promise<readonly Runner[]> {
  const { bwrapPath, clock, configuration, guardian, jail, layout, places } = parts;
  const { env } = process;
  const surroundings = {
    // A jail that was tried here: bubblewrap may be installed and not allowed to make one.
    bwrapPath: jail.kind === 'bubblewrap' ? bwrapPath : null,
    hidden: [homedir(), layout.root, places.root],
    readable: await gitFolders(parts.projectDir),
  };
  const codexOptions = { guardian, clock, surroundings, codexPath: await findCodexPath(env), homeDir: join(places.root, 'codex'), env };
  const codex = createCodexRunner(seams.codex?.(codexOptions) ?? codexOptions);
  const claudeOptions = { guardian, surroundings, claudePath: await findClaudePath(env), homeDir: join(places.root, 'claude'), env };
  const claude = createClaudeRunner(seams.claude?.(claudeOptions) ?? claudeOptions);
  if (configuration.rehearsal === null) return [codex, claude];
  const rehearsal = createRehearsalRunner({
    guardian,
    rehearsal: join(layout.root, configuration.rehearsal),
    playerPath: join(packageRoot(), 'resources', 'rehearsal-player.mjs'),
    env: childEnvironment(),
    speed: parts.rehearsalSpeed,
  });
  return [codex, claude, rehearsal];
}
