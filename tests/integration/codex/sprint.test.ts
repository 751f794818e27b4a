import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnLines } from '../../../src/main/cli/screens/show-card.js';
import { cardView } from '../../../src/main/runtime/views-card.js';
import { landedOn } from '../../crash/project-history.js';
import { codexConfigFor, responsesUsage } from '../../fakes/fake-responses-server.js';
import { codexDialect } from '../../fakes/model-dialects.js';
import { AgentSprint, reopened, sum, tokensOf, tokensOfTheDay } from '../../fixtures/agent-sprint.js';
import { itPromptsAsItShould } from '../../fixtures/agent-sprint-prompts.js';
import { cachedCli } from '../../fixtures/cli-cache.js';

const codex = await cachedCli('codex');
const limitMs = 8 * 60_000;

let sprint: AgentSprint;

beforeAll(async () => {
  if (codex.kind !== 'ready') return;
  sprint = await AgentSprint.prepare(codexDialect, (forbidden) => ({
    command: `${forbidden.map((path) => `touch ${path} && echo "wrote ${path}"`).join('; ')}; echo tried`,
  }));
  const { home, model } = sprint;
  await sprint.play('codex', {
    codex: (options) => ({ ...options, codexPath: codex.path, homeDir: join(home, 'codex'), extraConfig: codexConfigFor(model.origin) }),
  });
}, limitMs);

afterAll(async () => {
  if (codex.kind === 'ready') await sprint.remove();
});

describe.skipIf(codex.kind !== 'ready')('a sprint that the real codex runs from end to end', () => {
  it('is completed with every card approved, and the model was never asked what its rehearsal does not know', () => {
    expect(sprint.model.problems).toEqual([]);
    expect(sprint.played).toMatchObject({ isDone: true, reason: '', result: { status: 'completed' } });
    expect(sprint.played?.result.todos.map(({ column }) => column)).toEqual(['approved', 'approved', 'approved', 'approved']);
  });

  it('lands the same commits with the same files as the rehearsal of it', () => {
    const landed = (end: AgentSprint['played']): unknown =>
      landedOn(end?.place.project ?? '').map(({ subject, tree }) => ({ subject, tree }));
    expect(landed(sprint.played)).toEqual(landed(sprint.rehearsed));
    expect(landed(sprint.played)).toHaveLength(6);
  });

  it('has a verified receipt for each revision, which git and the kept outputs bear out', async () => {
    expect(sprint.badges).toEqual(['verified', 'verified', 'verified', 'verified', 'verified']);
    expect(await sprint.audit()).toEqual([]);
  });

  itPromptsAsItShould(() => sprint);

  it('refuses a turn every write outside of its checkout and its session folder', () => {
    expect(sprint.escapes).toContain('tried');
    expect(sprint.escapes).not.toContain('wrote');
    for (const path of sprint.forbidden) {
      expect(sprint.escapes).toMatch(new RegExp(`touch: .*${path}.*: (Read-only file system|Permission denied|No such file or directory)`));
      expect(existsSync(path)).toBe(false);
    }
  });

  it('records the tokens of every turn, and sums them on its card, its sprint and the day', () => {
    const turns = Object.values(sprint.state.turns);
    expect(turns.map(({ runner, isRehearsal, attempts }) => `${runner} ${isRehearsal} ${attempts}`)).toEqual(
      turns.map(() => 'codex false 1'),
    );
    for (const turn of turns) expect(turn.tokens.input).toBeGreaterThan(0);
    const perRequest = responsesUsage.input + responsesUsage.output;
    expect(sum(turns.map(tokensOf))).toBe(sprint.model.requests.length * perRequest);
    expect(sprint.state.spend.tokens).toBe(tokensOfTheDay(sprint.state));
    expect(Object.values(sprint.state.sprints).map(({ tokensSpent }) => tokensSpent)).toEqual([sprint.model.requests.length * perRequest]);
    for (const { todoId, tokensSpent } of Object.values(sprint.state.todos)) {
      const own = turns.filter(({ subject }) => subject.kind === 'todo' && subject.todoId === todoId);
      expect(tokensSpent).toBe(sum(own.map(tokensOf)));
    }
  });

  it('shows on the card who ran each turn, with which model, and what it cost', () => {
    const card = cardView(sprint.todoCalled(reopened), sprint.state, {
      actor: { kind: 'person', id: 'Ann', via: 'cli' },
      now: '2026-03-24T09:00:00.000Z',
    });
    const lines = turnLines(card.turns);
    expect(lines).toHaveLength(card.turns.length);
    for (const line of lines) expect(line).toMatch(/ {2}codex gpt-5\.\S+ +report +\d{3,} tokens\b/);
    expect(lines.find((line) => line.includes('developer build'))).toContain('codex gpt-5.3-codex-spark');
    const models = sprint.model.requests.map(({ body }) => String(body['model']));
    expect(new Set(Object.values(sprint.state.turns).map((turn) => turn.model))).toEqual(new Set(models));
  });

  it('goes on in the same conversation when QA sends a revision back to the one who built it', () => {
    const { todoId } = sprint.todoCalled(reopened);
    const building = Object.values(sprint.state.turns).filter(
      ({ role, subject }) => role === 'developer' && subject.kind === 'todo' && subject.todoId === todoId,
    );
    expect(building.map(({ step }) => step)).toEqual(['developer_build', 'developer_revision']);
    expect(new Set(building.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(sprint.firstOf('developer_revision', reopened)[0]?.callsInAll).toBeGreaterThan(0);
  });
});
