import { join } from 'node:path';
import type { TurnInput } from '../../ports/runner.js';
import type { TurnFiles } from '../cli/turn-files.js';

/** Values of codex's configuration by their dotted key, each as TOML. */
export type CodexConfig = Readonly<Record<string, string>>;

const quoted = (text: string): string => JSON.stringify(text);
const table = (entries: Readonly<Record<string, string>>): string =>
  `{${Object.entries(entries)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(',')}}`;

/** Parts of codex that a turn has no use for: what they do, or use of tokens, is not in the turn's limits or its record. */
const withoutFeatures = ['multi_agent', 'shell_snapshot', 'apps', 'plugins', 'hooks', 'memories', 'goals'];

/** The environment of the commands that the agent runs: nothing of codex's own, least of all its key. */
function commandEnvironment(env: Readonly<Record<string, string>>, files: TurnFiles): CodexConfig {
  const set = {
    PATH: env['PATH'] ?? '/usr/bin:/bin',
    LANG: env['LANG'] ?? 'C.UTF-8',
    HOME: files.commandHome,
    TMPDIR: files.commandTemporary,
    // bash reads a start file of its own accord when its input is a socket and this is unset.
    SHLVL: '1',
  };
  const passed = ['MUSTER_PROCESS_TAG', 'MUSTER_PROCESS_OWNER', 'TZ', ...Object.keys(set)];
  return {
    allow_login_shell: 'false',
    'shell_environment_policy.inherit': quoted('all'),
    'shell_environment_policy.ignore_default_excludes': 'true',
    'shell_environment_policy.set': table(set),
    'shell_environment_policy.include_only': `[${passed.map(quoted).join(',')}]`,
  };
}

const common = ({ loadout }: TurnInput): CodexConfig => ({
  approval_policy: quoted('never'),
  web_search: quoted(loadout.network ? 'live' : 'disabled'),
});

/** What a turn's commands may read beside the checkout and the session's folder. Paths are absolute. */
export type CodexReach =
  /** All that is in the jail but these. */
  | { readonly kind: 'jail'; readonly hidden: readonly string[] }
  /** The system and these. */
  | { readonly kind: 'disk'; readonly readable: readonly string[] };

const profileName = 'turn';
const accessTo = (paths: readonly string[], access: string): readonly (readonly [string, string])[] => paths.map((path) => [path, access]);

/** Nothing of the person's can be read, and nothing but the turn's two folders written (rules 6). */
function profile(input: TurnInput, reach: CodexReach): CodexConfig {
  const { checkout, sessionDir, loadout } = input;
  const filesystem = [
    ...(reach.kind === 'jail'
      ? [...accessTo([':root'], 'read'), ...accessTo(reach.hidden, 'deny')]
      : accessTo([':minimal', ...reach.readable], 'read')),
    ...accessTo([checkout, sessionDir], 'write'),
    ...accessTo([join(checkout, '.git')], 'read'),
  ];
  return {
    default_permissions: quoted(profileName),
    [`permissions.${profileName}.filesystem`]: table(Object.fromEntries(filesystem.map(([path, access]) => [quoted(path), access]))),
    [`permissions.${profileName}.network.enabled`]: String(loadout.network),
  };
}

/** For a codex that knows no profiles: nothing but the checkout and the session's folder can be written, everything can be read. */
function sandboxMode(input: TurnInput): CodexConfig {
  return {
    sandbox_mode: quoted('workspace-write'),
    'sandbox_workspace_write.writable_roots': `[${quoted(input.sessionDir)}]`,
    'sandbox_workspace_write.exclude_slash_tmp': 'true',
    'sandbox_workspace_write.exclude_tmpdir_env_var': 'true',
    'sandbox_workspace_write.network_access': String(input.loadout.network),
  };
}

/** The arguments of codex for a turn; the prompt comes from standard input, the checkout is the working directory. */
export function codexArguments(
  input: TurnInput,
  run: {
    readonly files: TurnFiles;
    readonly env: Readonly<Record<string, string>>;
    readonly resumeThreadId: string | null;
    /** null: this codex knows no permission profiles. */
    readonly reach: CodexReach | null;
    readonly extraConfig: CodexConfig;
  },
): readonly string[] {
  const config: CodexConfig = {
    model_reasoning_effort: quoted(input.reasoning),
    ...common(input),
    ...(run.reach === null ? sandboxMode(input) : profile(input, run.reach)),
    ...commandEnvironment(run.env, run.files),
    ...Object.fromEntries(withoutFeatures.map((feature) => [`features.${feature}`, 'false'])),
    ...run.extraConfig,
  };
  return [
    'exec',
    ...(run.resumeThreadId === null ? [] : ['resume']),
    '--json',
    ...['--model', input.model],
    '--skip-git-repo-check',
    '--ignore-user-config',
    '--ignore-rules',
    ...(run.files.schema === null ? [] : ['--output-schema', run.files.schema]),
    ...Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ...(run.resumeThreadId === null ? ['-C', input.checkout] : [run.resumeThreadId]),
    '-',
  ];
}
