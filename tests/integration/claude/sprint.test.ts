import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { landedOn } from '../../crash/project-history.js';
import { messagesUsage } from '../../fakes/fake-messages-server.js';
import { claudeDialect } from '../../fakes/model-dialects.js';
import { AgentSprint, reopened, sum, tokensOf, tokensOfTheDay } from '../../fixtures/agent-sprint.js';
import { itPromptsAsItShould } from '../../fixtures/agent-sprint-prompts.js';
import { cachedCli } from '../../fixtures/cli-cache.js';

const claude = await cachedCli('claude');
const isReady = claude.kind === 'ready' && existsSync('/usr/bin/bwrap');
const limitMs = 8 * 60_000;

let sprint: AgentSprint;

beforeAll(async () => {
  if (claude.kind !== 'ready' || !isReady) return;
  sprint = await AgentSprint.prepare(claudeDialect, (forbidden) => ({
    calls: [
      ...forbidden.map((path) => ({ name: 'Write', input: { file_path: path, content: 'escaped' } })),
      claudeDialect.run(`${forbidden.map((path) => `touch ${path} && echo "wrote ${path}"`).join('; ')}; echo tried`),
    ],
  }));
  const { home, model } = sprint;
  await sprint.play('claude', {
    claude: (options) => ({
      ...options,
      claudePath: claude.path,
      homeDir: join(home, 'claude'),
      env: { PATH: process.env['PATH'], HOME: home, ANTHROPIC_API_KEY: 'key-of-the-sprint-0123456789', ANTHROPIC_BASE_URL: model.origin },
    }),
  });
}, limitMs);

afterAll(async () => {
  if (isReady) await sprint.remove();
});

describe.skipIf(!isReady)('a sprint that the real Claude Code runs from end to end', () => {
  it('is completed with every card approved, and the model was never asked what its rehearsal does not know', () => {
    expect(sprint.model.problems).toEqual([]);
    expect(sprint.played).toMatchObject({ isDone: true, reason: '', result: { status: 'completed' } });
    expect(sprint.played?.result.todos.map(({ column }) => column)).toEqual(['approved', 'approved', 'approved', 'approved']);
  });

  it('lands the same commits with the same files as the rehearsal of it, each with a verified receipt', async () => {
    const landed = (end: AgentSprint['played']): unknown =>
      landedOn(end?.place.project ?? '').map(({ subject, tree }) => ({ subject, tree }));
    expect(landed(sprint.played)).toEqual(landed(sprint.rehearsed));
    expect(landed(sprint.played)).toHaveLength(6);
    expect(sprint.badges).toEqual(['verified', 'verified', 'verified', 'verified', 'verified']);
    expect(await sprint.audit()).toEqual([]);
  });

  itPromptsAsItShould(() => sprint);

  it('refuses a turn every write outside of its checkout and its session folder, by its tools and by a command', () => {
    expect(sprint.escapes).toContain('tried');
    expect(sprint.escapes).not.toContain('wrote');
    expect(sprint.escapes).not.toMatch(/(created|updated).*escape/);
    expect(sprint.escapes.match(/^Permission to use Write has been denied/gm)?.length).toBeGreaterThanOrEqual(sprint.forbidden.length);
    for (const path of sprint.forbidden) {
      expect(sprint.escapes).toMatch(new RegExp(`touch: .*${path}.*: (Read-only file system|Permission denied|No such file or directory)`));
      expect(existsSync(path)).toBe(false);
    }
  });

  it('records the tokens of every turn, and sums them on its card, its sprint and the day', () => {
    const { state, model } = sprint;
    const turns = Object.values(state.turns);
    expect(turns.map(({ runner, isRehearsal, attempts }) => `${runner} ${isRehearsal} ${attempts}`)).toEqual(
      turns.map(() => 'claude false 1'),
    );
    const perRequest = messagesUsage.fresh + messagesUsage.cacheCreation + messagesUsage.cacheRead + messagesUsage.output;
    expect(sum(turns.map(tokensOf))).toBe(model.requests.length * perRequest);
    expect(state.spend.tokens).toBe(tokensOfTheDay(state));
    expect(Object.values(state.sprints).map(({ tokensSpent }) => tokensSpent)).toEqual([model.requests.length * perRequest]);
  });

  it('asks for the model of each role, and goes on in the same conversation when QA sends a revision back', () => {
    const { model, state } = sprint;
    expect(new Set(Object.values(state.turns).map((turn) => turn.model))).toEqual(new Set(['opus', 'sonnet']));
    expect(new Set(model.requests.map(({ body }) => String(body['model']).replace(/^claude-(\w+).*/, '$1')))).toEqual(
      new Set(['opus', 'sonnet']),
    );
    const { todoId } = sprint.todoCalled(reopened);
    const building = Object.values(state.turns).filter(
      ({ role, subject }) => role === 'developer' && subject.kind === 'todo' && subject.todoId === todoId,
    );
    expect(building.map(({ step }) => step)).toEqual(['developer_build', 'developer_revision']);
    expect(new Set(building.map(({ sessionId }) => sessionId)).size).toBe(1);
  });
});
