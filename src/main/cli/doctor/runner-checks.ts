import type { Configuration, RunnerId } from '../../../shared/domain/configuration.js';
import { claudeLoginFile, isClaudeLoggedIn } from '../../runtime/runners/claude/claude-login.js';
import { claudeNames } from '../../runtime/runners/claude/claude-names.js';
import { findClaude } from '../../runtime/runners/claude/find-claude.js';
import { codexLoginFile, isCodexLoggedIn } from '../../runtime/runners/codex/codex-login.js';
import { codexNames } from '../../runtime/runners/codex/codex-names.js';
import { findCodex } from '../../runtime/runners/codex/find-codex.js';
import type { CliPlaces } from '../cli-places.js';
import type { Check } from './check.js';
import { fine, note, wrong } from './check.js';

/** A coding CLI as the checks ask for it. */
interface CliKind {
  readonly id: Exclude<RunnerId, 'rehearsal'>;
  readonly names: typeof codexNames;
  readonly find: typeof findCodex;
  readonly isLoggedIn: (env: CliPlaces['env']) => Promise<boolean>;
  readonly loginFile: (env: CliPlaces['env']) => string;
  /** What confines its commands; `jail` is what was found of Muster's own. */
  readonly sandbox: (jail: Check, isUsed: boolean) => Check;
}

const kinds: readonly CliKind[] = [
  {
    id: 'codex',
    names: codexNames,
    find: findCodex,
    isLoggedIn: isCodexLoggedIn,
    loginFile: codexLoginFile,
    sandbox: () => fine('codex sandbox', "codex's own: its turns write in their checkout and session folder alone"),
  },
  {
    id: 'claude',
    names: claudeNames,
    find: findClaude,
    isLoggedIn: (env) => isClaudeLoggedIn(env),
    loginFile: claudeLoginFile,
    sandbox: (jail, isUsed) => {
      if (jail.status === 'ok') return fine('claude sandbox', `its turns run in Muster's jail: ${jail.says}`);
      const says = "Claude Code's turns need the jail: without it their commands run in its own sandbox or not at all.";
      return isUsed ? wrong('claude sandbox', says, jail.remedy) : note('claude sandbox', says, jail.remedy);
    },
  },
];

const isUsedBy = (configuration: Configuration | null, id: RunnerId): boolean =>
  configuration !== null && [configuration.runner, ...Object.values(configuration.roleDefaults).map(({ runner }) => runner)].includes(id);

async function checksOf(kind: CliKind, configuration: Configuration | null, jail: Check, places: CliPlaces): Promise<readonly Check[]> {
  const { id, names, find, isLoggedIn, loginFile, sandbox } = kind;
  const { env, clock } = places;
  const isUsed = isUsedBy(configuration, id);
  const say = isUsed ? wrong : note;
  const found = await find(env, clock);
  if (found.kind === 'missing') {
    const [says = found.message] = found.message.split(/(?<=\.) (?=Install )/);
    return [
      isUsed
        ? wrong(id, `${says} The configuration names it as a runner.`, `${names.install}, or set another runner in team_runtime.yaml.`)
        : note(id, `${says} Nothing uses it here.`, `${names.install}.`),
    ];
  }
  const login = (await isLoggedIn(env))
    ? fine(`${id} login`, 'a login or a key is there')
    : say(`${id} login`, `${names.label} is not logged in: ${loginFile(env)} does not exist, and no key is exported.`, `${names.logIn}.`);
  return [fine(id, `${found.version || 'of an unknown version'} (${found.path})`), login, sandbox(jail, isUsed)];
}

/** What this machine has of codex and Claude Code: version, login and sandbox; what nothing uses is only a note. */
export async function runnerChecks(configuration: Configuration | null, jail: Check, places: CliPlaces): Promise<readonly Check[]> {
  return (await Promise.all(kinds.map((kind) => checksOf(kind, configuration, jail, places)))).flat();
}
