import type { RunnerId } from '../../../shared/domain/configuration.js';
import type { Clock } from '../../runtime/ports/clock.js';
import { claudeNames } from '../../runtime/runners/claude/claude-names.js';
import { isClaudeLoggedIn } from '../../runtime/runners/claude/claude-login.js';
import { findClaude } from '../../runtime/runners/claude/find-claude.js';
import { isCodexLoggedIn } from '../../runtime/runners/codex/codex-login.js';
import { codexNames } from '../../runtime/runners/codex/codex-names.js';
import { findCodex } from '../../runtime/runners/codex/find-codex.js';

type Env = Readonly<Record<string, string | undefined>>;

const programs = {
  codex: { names: codexNames, find: findCodex, isLoggedIn: isCodexLoggedIn },
  claude: { names: claudeNames, find: findClaude, isLoggedIn: isClaudeLoggedIn },
} as const;

/** Why that runner cannot run a turn on this machine, with the command that mends it; null when nothing speaks against it. */
export async function whyNotReady(runner: RunnerId, env: Env, clock: Clock): Promise<string | null> {
  if (runner === 'rehearsal') return null;
  const { names, find, isLoggedIn } = programs[runner];
  const found = await find(env, clock);
  if (found.kind === 'missing') return found.message;
  return (await isLoggedIn(env)) ? null : `${names.label} ${found.version} at ${found.path} is not logged in. ${names.logIn}.`;
}
