import { expect, it } from 'vitest';
import { evolve } from '../../../src/shared/domain/evolve/evolve.js';
import { DomainStage } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut } from './sprint-play.js';

it('an archived sprint leaves memory with its todos, turns, envelopes and sessions, and with those of nothing else', () => {
  const stage = new DomainStage();
  plannedSprint(stage, [item('A')]);
  const { sprintId } = stage.sprint;
  playOut(stage);
  const sprintTurns = Object.keys(stage.state.turns);
  stage.do({ type: 'submit-request', text: 'Something else' });
  const requestTurns = Object.keys(stage.state.turns).filter((id) => !sprintTurns.includes(id));
  const session = { sessionId: 's', runner: 'codex', lastUsedAt: stage.now };
  stage.state.sessions = { [`${sprintId}/planner`]: session, 'other/planner': session };
  expect(requestTurns.length).toBe(1);
  expect(Object.keys(stage.state.envelopes).length).toBeGreaterThan(5);
  evolve(stage.state, { type: 'sprint-archived', sprintId }, stage.now);
  const { todos, turns, envelopes, sessions, sprints } = stage.state;
  expect([Object.keys(todos), Object.keys(turns), Object.keys(sessions)]).toEqual([[], requestTurns, ['other/planner']]);
  expect(Object.values(envelopes).filter(({ turnId: of }) => !requestTurns.includes(of))).toEqual([]);
  expect(sprints[sprintId]?.tally).toEqual({ committed: 1 });
});
