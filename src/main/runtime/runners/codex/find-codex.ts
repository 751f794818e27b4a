import type { Clock } from '../../ports/clock.js';
import { findCli, findCliPath } from '../cli/find-cli.js';
import type { FoundCli } from '../cli/find-cli.js';
import { codexNames } from './codex-names.js';

const ownPlaces = ['.codex/bin/codex'];

/** Finds codex on PATH or in its usual places, with its version. */
export const findCodex = (env: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<FoundCli> =>
  findCli(codexNames, env, ownPlaces, clock);

/** Where codex is, without starting it; null if nowhere. */
export const findCodexPath = (env: Readonly<Record<string, string | undefined>>): Promise<string | null> =>
  findCliPath(codexNames, env, ownPlaces);
