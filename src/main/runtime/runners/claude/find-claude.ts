import type { Clock } from '../../ports/clock.js';
import { findCli, findCliPath } from '../cli/find-cli.js';
import type { FoundCli } from '../cli/find-cli.js';
import { claudeNames } from './claude-names.js';

const ownPlaces = ['.claude/local/claude'];

/** Finds Claude Code on PATH or in its usual places, with its version. */
export const findClaude = (env: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<FoundCli> =>
  findCli(claudeNames, env, ownPlaces, clock);

/** Where Claude Code is, without starting it; null if nowhere. */
export const findClaudePath = (env: Readonly<Record<string, string | undefined>>): Promise<string | null> =>
  findCliPath(claudeNames, env, ownPlaces);
