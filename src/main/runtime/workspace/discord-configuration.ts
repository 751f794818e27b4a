import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { FieldProblem } from '../../../shared/contract/configuration-reading.js';
import { internalRoles, publicRoles } from '../../../shared/domain/configuration.js';
import type { Result } from '../../../shared/kernel/result.js';
import { err, ok } from '../../../shared/kernel/result.js';
import type { ConfigurationProblem, YamlMapping } from './configuration-yaml.js';
import { fileProblem, readYamlMapping, valuesProblem } from './configuration-yaml.js';
import { generatedFolderName } from './find-workspace.js';
import { discordConfigurationFileName, workspaceLayout } from './layout.js';

/** The bot of one role. */
export interface DiscordAgent {
  readonly name: string;
  readonly description: string;
  /** Name of the variable that holds the token; the token itself is never read here. */
  readonly tokenEnv: string;
  /** Digits. */
  readonly botId: string;
}

/** The effective values of `discord_agents_config.yaml` (sprint-runtime 2.1). Channel ids are digits. */
export interface DiscordConfiguration {
  readonly relayChannelId: string;
  readonly startupChannelId: string;
  readonly reportChannelId: string;
  readonly agents: Readonly<Record<string, DiscordAgent>>;
  readonly internalAgents: Readonly<Record<string, DiscordAgent>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The ids that `init` writes; they belong to nobody. */
export const placeholderIds: readonly string[] = Array.from({ length: 8 }, (_, index) => `11111111111111111${index + 1}`);

const allowPlaceholders = 'TEAMS_RUNTIME_ALLOW_PLACEHOLDER_IDS';

/** Reads the workspace's Discord file; placeholder ids are fine here. `env` is for the `*_channel_env` fields. Never throws. */
export async function loadDiscordConfiguration(
  workspaceDir: string,
  env: Environment,
): Promise<Result<DiscordConfiguration, ConfigurationProblem>> {
  return loadFrom(workspaceLayout(workspaceDir).discordConfiguration, env);
}

/** What `checkDiscordForRuntime` depends on. */
export interface DiscordCheck {
  readonly workspaceDir: string;
  readonly env: Environment;
  /** `discord.enabled` of the configuration; false: nothing is read or checked. */
  readonly isEnabled: boolean;
  /** The role that is to be started; null: all of them. */
  readonly role: string | null;
}

/**
 * Reads the Discord file for a start: placeholder ids are refused, and so is a second, different file beside the workspace. null
 * when Discord is off or the role has no bot.
 */
export async function checkDiscordForRuntime({
  workspaceDir,
  env,
  isEnabled,
  role,
}: DiscordCheck): Promise<Result<DiscordConfiguration | null, ConfigurationProblem>> {
  const hasNoBot = role !== null && role !== 'sourcer' && internalRoles.some((internal) => internal === role);
  if (!isEnabled || hasNoBot) return ok(null);
  const path = workspaceLayout(workspaceDir).discordConfiguration;
  const loaded = await loadFrom(path, env);
  if (!loaded.ok) return loaded;
  const placeholders = /^(1|true|yes|on)$/i.test(env[allowPlaceholders] ?? '') ? [] : placeholdersIn(loaded.value, path);
  if (placeholders.length > 0) return err(valuesProblem(path, placeholders));
  const other = await differenceToParent(workspaceDir, loaded.value, env);
  return other ? err(other) : loaded;
}

async function loadFrom(path: string, env: Environment): Promise<Result<DiscordConfiguration, ConfigurationProblem>> {
  const file = await readYamlMapping(path, 'Run `muster init` to write one, or set discord.enabled to false in team_runtime.yaml.');
  return file.ok ? new DiscordFile(file.value, path, env).read() : file;
}

type Fields = Readonly<Record<string, unknown>>;

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const asText = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');

/** Reads one file and gathers every wrong field of it. */
class DiscordFile {
  readonly #problems: FieldProblem[] = [];
  readonly #file: YamlMapping;
  readonly #path: string;
  readonly #env: Environment;

  constructor(file: YamlMapping, path: string, env: Environment) {
    this.#file = file;
    this.#path = path;
    this.#env = env;
  }

  read(): Result<DiscordConfiguration, ConfigurationProblem> {
    const relayChannelId = this.#channel('relay', null);
    const startupChannelId = this.#channel('startup', relayChannelId);
    const reportChannelId = this.#channel('report', startupChannelId);
    const agents = this.#publicAgents();
    const internalAgents = this.#internalAgents();
    if (this.#problems.length > 0) return err(valuesProblem(this.#path, this.#problems));
    return ok({ relayChannelId, startupChannelId, reportChannelId, agents, internalAgents });
  }

  #wrong(keys: readonly string[], rest: string): void {
    const line = this.#file.lineOf(keys);
    const place = line === null || rest.startsWith('is missing') ? '' : ` (line ${line})`;
    this.#problems.push({ keys, message: `${keys.join('.')} in ${basename(this.#path)} ${rest}${place}.` });
  }

  #channel(name: string, fallback: string | null): string {
    const [idKey, envKey] = [`${name}_channel_id`, `${name}_channel_env`];
    const id = this.#file.values[idKey];
    const variable = asText(this.#file.values[envKey]);
    const isEmpty = id === undefined || id === null || asText(id) === '';
    if (!isEmpty || typeof id === 'object') return this.#digits([idKey], isEmpty ? '' : asText(id), id);
    if (variable !== '') return this.#channelOf(envKey, variable);
    if (fallback !== null) return fallback;
    this.#wrong([idKey], `is missing; it must be a channel id of digits only, or ${envKey} must name a variable that holds one`);
    return '';
  }

  #channelOf(envKey: string, variable: string): string {
    const id = (this.#env[variable] ?? '').trim();
    if (!/^\d+$/.test(id))
      this.#wrong(
        [envKey],
        `names ${variable}, which must hold a channel id of digits only, but ${id === '' ? 'is not set' : `is ${JSON.stringify(id)}`}`,
      );
    return id;
  }

  #digits(keys: readonly string[], id: string, given: unknown): string {
    if (!/^\d+$/.test(id)) this.#wrong(keys, `must be an id of digits only, but it is ${JSON.stringify(given)}`);
    return id;
  }

  #publicAgents(): Record<string, DiscordAgent> {
    const given = this.#file.values['agents'];
    const agents = asFields(given);
    if (agents === null) {
      this.#wrong(
        ['agents'],
        given === undefined || given === null
          ? 'is missing; it must be a mapping with an entry for each role'
          : `must be a mapping with an entry for each role, but it is ${JSON.stringify(given)}`,
      );
      return {};
    }
    return Object.fromEntries(publicRoles.map((role) => [role, this.#agent(['agents', role], role, agents[role])]));
  }

  #internalAgents(): Record<string, DiscordAgent> {
    const given = this.#file.values['internal_agents'];
    if (given === undefined || given === null) return {};
    const agents = asFields(given);
    if (agents === null) {
      this.#wrong(['internal_agents'], `must be a mapping of names to agents, but it is ${JSON.stringify(given)}`);
      return {};
    }
    if (Object.keys(agents).some((name) => name.trim() === ''))
      this.#wrong(['internal_agents'], 'has an entry with an empty name; name it or remove it');
    return Object.fromEntries(Object.entries(agents).map(([name, entry]) => [name, this.#agent(['internal_agents', name], name, entry)]));
  }

  #agent(keys: readonly string[], role: string, given: unknown): DiscordAgent {
    const entry = asFields(given);
    if (entry === null)
      this.#wrong(
        keys,
        given === undefined || given === null
          ? 'is missing; it must be a mapping with token_env and bot_id'
          : `must be a mapping with token_env and bot_id, but it is ${JSON.stringify(given)}`,
      );
    if (entry === null) return { name: role, description: '', tokenEnv: '', botId: '' };
    const tokenEnv = asText(entry['token_env']);
    if (tokenEnv === '') this.#wrong([...keys, 'token_env'], "is missing; it must be the name of the variable that holds the bot's token");
    const botId = entry['bot_id'];
    if (botId === undefined || botId === null) this.#wrong([...keys, 'bot_id'], 'is missing; it must be an id of digits only');
    else this.#digits([...keys, 'bot_id'], asText(botId), botId);
    return { name: asText(entry['name']) || role, description: asText(entry['description']), tokenEnv, botId: asText(botId) };
  }
}

function placeholdersIn(configuration: DiscordConfiguration, path: string): FieldProblem[] {
  const agents = [
    ...Object.entries(configuration.agents).map(([role, agent]) => ['agents', role, agent] as const),
    ...Object.entries(configuration.internalAgents).map(([role, agent]) => ['internal_agents', role, agent] as const),
  ];
  const fields: [readonly string[], string][] = [
    [['relay_channel_id'], configuration.relayChannelId],
    [['startup_channel_id'], configuration.startupChannelId],
    [['report_channel_id'], configuration.reportChannelId],
    ...agents.map(([group, role, agent]): [readonly string[], string] => [[group, role, 'bot_id'], agent.botId]),
  ];
  return fields
    .filter(([, id]) => placeholderIds.includes(id))
    .map(([keys, id]) => ({
      keys,
      message: `${keys.join('.')} in ${path} is still the placeholder ${id}. Replace it with the real id, set discord.enabled to false in team_runtime.yaml to run without Discord, or set ${allowPlaceholders}=1 for a trial.`,
    }));
}

async function differenceToParent(workspaceDir: string, own: DiscordConfiguration, env: Environment): Promise<ConfigurationProblem | null> {
  const dir = resolve(workspaceDir);
  if (basename(dir) !== generatedFolderName) return null;
  const [ownPath, parentPath] = [join(dir, discordConfigurationFileName), join(dirname(dir), discordConfigurationFileName)];
  if (realPath(parentPath) === null || realPath(parentPath) === realPath(ownPath)) return null;
  const parent = await loadFrom(parentPath, env);
  if (!parent.ok) return parent.error;
  if (fingerprint(parent.value) === fingerprint(own)) return null;
  return fileProblem(
    'wrong-values',
    ownPath,
    `Could not start with two Discord configurations that differ: ${ownPath} and ${parentPath}. Make channel ids, token_env and bot_id the same in both, or remove the one that is not used.`,
  );
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

function fingerprint({ relayChannelId, startupChannelId, reportChannelId, agents, internalAgents }: DiscordConfiguration): string {
  const bots = (entries: Readonly<Record<string, DiscordAgent>>): unknown =>
    Object.entries(entries)
      .map(([role, { tokenEnv, botId }]) => [role, tokenEnv, botId])
      .sort();
  return JSON.stringify([relayChannelId, startupChannelId, reportChannelId, bots(agents), bots(internalAgents)]);
}
