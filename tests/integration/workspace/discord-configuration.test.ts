import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkDiscordForRuntime,
  loadDiscordConfiguration,
  placeholderIds,
} from '../../../src/main/runtime/workspace/discord-configuration.js';

let parent: string;
let dir: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'muster-discord-'));
  dir = join(parent, 'teams_generated');
  await mkdir(dir);
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const roles = ['orchestrator', 'planner', 'designer', 'architect', 'developer', 'qa'];
const agents = (idOf: (index: number) => string): string =>
  roles.map((role, index) => `  ${role}: { token_env: TOKEN_${role.toUpperCase()}, bot_id: ${idOf(index)} }`).join('\n');
const good = `relay_channel_id: 900719925474099299\nagents:\n${agents((index) => `90071992547409920${index}`)}\n`;

const write = (text: string, at = dir): Promise<void> => writeFile(join(at, 'discord_agents_config.yaml'), text);

async function refused(text: string, env: Record<string, string> = {}): Promise<string[]> {
  await write(text);
  const result = await loadDiscordConfiguration(dir, env);
  if (result.ok) throw new Error('was accepted');
  return result.error.message.split('\n');
}

describe('discord_agents_config.yaml', () => {
  it('keeps every digit of an unquoted id and fills in channels and names', async () => {
    await write(good);
    const result = await loadDiscordConfiguration(dir, {});
    if (!result.ok) throw new Error(result.error.message);
    expect(result.value).toMatchObject({
      relayChannelId: '900719925474099299',
      startupChannelId: '900719925474099299',
      reportChannelId: '900719925474099299',
      internalAgents: {},
    });
    expect(result.value.agents['planner']).toEqual({
      name: 'planner',
      description: '',
      tokenEnv: 'TOKEN_PLANNER',
      botId: '900719925474099201',
    });
  });

  it('the report channel falls back to the startup channel, and a variable counts only where the id is empty', async () => {
    await write(
      good.replace(
        'relay_channel_id: 900719925474099299',
        'relay_channel_id: ""\nrelay_channel_env: RELAY\nstartup_channel_id: "5"\nstartup_channel_env: OTHER',
      ),
    );
    const result = await loadDiscordConfiguration(dir, { RELAY: '77', OTHER: '88' });
    expect(result.ok && [result.value.relayChannelId, result.value.startupChannelId, result.value.reportChannelId]).toEqual([
      '77',
      '5',
      '5',
    ]);
  });

  it('names every wrong field in a sentence', async () => {
    expect(await refused('relay_channel_id: abc\nagents: { planner: { bot_id: x1 }, qa: 3 }\ninternal_agents: [sourcer]\n')).toEqual([
      'relay_channel_id in discord_agents_config.yaml must be an id of digits only, but it is "abc" (line 1).',
      'agents.orchestrator in discord_agents_config.yaml is missing; it must be a mapping with token_env and bot_id.',
      "agents.planner.token_env in discord_agents_config.yaml is missing; it must be the name of the variable that holds the bot's token.",
      'agents.planner.bot_id in discord_agents_config.yaml must be an id of digits only, but it is "x1" (line 2).',
      'agents.designer in discord_agents_config.yaml is missing; it must be a mapping with token_env and bot_id.',
      'agents.architect in discord_agents_config.yaml is missing; it must be a mapping with token_env and bot_id.',
      'agents.developer in discord_agents_config.yaml is missing; it must be a mapping with token_env and bot_id.',
      'agents.qa in discord_agents_config.yaml must be a mapping with token_env and bot_id, but it is 3 (line 2).',
      'internal_agents in discord_agents_config.yaml must be a mapping of names to agents, but it is ["sourcer"] (line 3).',
    ]);
    expect(await refused('relay_channel_env: RELAY\n')).toEqual([
      'relay_channel_env in discord_agents_config.yaml names RELAY, which must hold a channel id of digits only, but is not set (line 1).',
      'agents in discord_agents_config.yaml is missing; it must be a mapping with an entry for each role.',
    ]);
    expect((await refused('agents: {}\n'))[0]).toBe(
      'relay_channel_id in discord_agents_config.yaml is missing; it must be a channel id of digits only, or relay_channel_env must name a variable that holds one.',
    );
  });
});

describe('the check before a start', () => {
  const check = (options: { env?: Record<string, string>; isEnabled?: boolean; role?: string | null } = {}) =>
    checkDiscordForRuntime({ workspaceDir: dir, env: options.env ?? {}, isEnabled: options.isEnabled ?? true, role: options.role ?? null });

  it.each(placeholderIds)('refuses the placeholder %s and names field and file', async (id) => {
    await write(good.replace('900719925474099203', id));
    const result = await check();
    expect(result.ok ? '' : result.error.message).toBe(
      `agents.architect.bot_id in ${join(dir, 'discord_agents_config.yaml')} is still the placeholder ${id}. Replace it with the real id, set discord.enabled to false in team_runtime.yaml to run without Discord, or set TEAMS_RUNTIME_ALLOW_PLACEHOLDER_IDS=1 for a trial.`,
    );
  });

  it('lets placeholders pass with the override, without Discord, and for a role without a bot', async () => {
    await write(good.replace('900719925474099299', '111111111111111111'));
    expect((await check()).ok).toBe(false);
    expect((await check({ role: 'sourcer' })).ok).toBe(false);
    expect((await check({ env: { TEAMS_RUNTIME_ALLOW_PLACEHOLDER_IDS: 'Yes' } })).ok).toBe(true);
    expect(await check({ isEnabled: false })).toEqual({ ok: true, value: null });
    expect(await check({ role: 'parser' })).toEqual({ ok: true, value: null });
    expect((await loadDiscordConfiguration(dir, {})).ok).toBe(true);
  });

  it('refuses a different file in the parent folder and names both', async () => {
    await write(good);
    await write(good.replace('TOKEN_QA', 'TOKEN_OTHER'), parent);
    const result = await check();
    expect(result.ok ? '' : result.error.message).toBe(
      `Could not start with two Discord configurations that differ: ${join(dir, 'discord_agents_config.yaml')} and ${join(parent, 'discord_agents_config.yaml')}. Make channel ids, token_env and bot_id the same in both, or remove the one that is not used.`,
    );
  });

  it('accepts an equal file, or a link to the same one, in the parent folder', async () => {
    await write(good);
    await write(`# other words\n${good}`, parent);
    expect((await check()).ok).toBe(true);
    await rm(join(parent, 'discord_agents_config.yaml'));
    await symlink(join(dir, 'discord_agents_config.yaml'), join(parent, 'discord_agents_config.yaml'));
    expect((await check()).ok).toBe(true);
  });
});
