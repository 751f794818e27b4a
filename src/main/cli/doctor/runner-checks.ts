import { homedir } from 'node:os';
import type { Configuration, RunnerId } from '../../../shared/domain/configuration.js';
import { claudeLoginFile, isClaudeLoggedIn } from '../../runtime/runners/claude/claude-login.js';
import { claudeNames } from '../../runtime/runners/claude/claude-names.js';
import { startsInJail } from '../../runtime/runners/cli/starts-in-jail.js';
import { findClaude } from '../../runtime/runners/claude/find-claude.js';
import { codexGaps } from '../../runtime/runners/codex/codex-confinement.js';
import { codexLoginFile, isCodexLoggedIn } from '../../runtime/runners/codex/codex-login.js';
import { codexNames } from '../../runtime/runners/codex/codex-names.js';
import { findCodex } from '../../runtime/runners/codex/find-codex.js';
import { findProgram } from '../../runtime/platform/find-program.js';
import type { FoundCli } from '../../runtime/runners/cli/find-cli.js';
import { claudeGaps } from '../../runtime/runners/claude/claude-jail.js';
import type { CliPlaces } from '../cli-places.js';
import type { Check } from './check.js';
import { fine, note, wrong } from './check.js';

type Found = Extract<FoundCli, { readonly kind: 'found' }>;

/** A coding CLI as the checks ask for it. */
interface CliKind {
  readonly id: Exclude<RunnerId, 'rehearsal'>;
  readonly names: typeof codexNames;
  readonly find: typeof findCodex;
  readonly isLoggedIn: (env: CliPlaces['env']) => Promise<boolean>;
  readonly loginFile: (env: CliPlaces['env']) => string;
  /** What is missing between its turns and the person's files, as sentences. */
  readonly gaps: (version: string, isJailed: boolean) => readonly string[];
}

const kinds: readonly CliKind[] = [
  {
    id: 'codex',
    names: codexNames,
    find: findCodex,
    isLoggedIn: isCodexLoggedIn,
    loginFile: codexLoginFile,
    gaps: codexGaps,
  },
  {
    id: 'claude',
    names: claudeNames,
    find: findClaude,
    isLoggedIn: (env) => isClaudeLoggedIn(env),
    loginFile: claudeLoginFile,
    gaps: (_, isJailed) => claudeGaps(isJailed),
  },
];

const isUsedBy = (configuration: Configuration | null, id: RunnerId): boolean =>
  configuration !== null && [configuration.runner, ...Object.values(configuration.roleDefaults).map(({ runner }) => runner)].includes(id);

/** What keeps the turns of a CLI from the person's files; `jail` is what was found of Muster's own. */
async function sandboxCheck(kind: CliKind, found: Found, jail: Check, isUsed: boolean, { env, clock }: CliPlaces): Promise<Check> {
  const name = `${kind.id} sandbox`;
  const say = isUsed ? wrong : note;
  const bwrapPath = jail.says.startsWith('bubblewrap') ? await findProgram('bwrap', '/', env) : null;
  const gaps = kind.gaps(found.version, bwrapPath !== null);
  if (gaps.length > 0) return say(name, gaps.join(' '), bwrapPath === null ? jail.remedy : `${kind.names.install}.`);
  if (bwrapPath === null || (await startsInJail(found.path, { bwrapPath, home: homedir(), env }, clock)))
    return fine(
      name,
      `its turns run in Muster's jail (${jail.says}): they see the system, their checkout and their session, not your home`,
    );
  return say(
    name,
    `${kind.names.label} at ${found.path} does not start in Muster's jail, where your home is not there: it is started through a program of a version manager.`,
    `${kind.names.install} with a Node that lies in one folder (\`which node\` names no shim).`,
  );
}

async function checksOf(kind: CliKind, configuration: Configuration | null, jail: Check, places: CliPlaces): Promise<readonly Check[]> {
  const { id, names, find, isLoggedIn, loginFile } = kind;
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
  return [
    fine(id, `${found.version || 'of an unknown version'} (${found.path})`),
    login,
    await sandboxCheck(kind, found, jail, isUsed, places),
  ];
}

/** What this machine has of codex and Claude Code: version, login and sandbox; what nothing uses is only a note. */
export async function runnerChecks(configuration: Configuration | null, jail: Check, places: CliPlaces): Promise<readonly Check[]> {
  return (await Promise.all(kinds.map((kind) => checksOf(kind, configuration, jail, places)))).flat();
}
