import { describe, expect, it } from 'vitest';
import type { RuntimeCommand, TurnOutcome } from '../../../src/shared/domain/vocabulary.js';
import { DomainStage, runtime } from './domain-stage.js';
import { item, report, reported } from './report-shapes.js';
import { plannedSprint, playToStep, settleWell, startSprint } from './sprint-play.js';

const crashed: TurnOutcome = { kind: 'failed', reason: 'crashed', message: 'It crashed.', log: '' };

/** A sprint whose card is about to be built, and what had been used until then. */
function atBuild(options: ConstructorParameters<typeof DomainStage>[0] = {}): { readonly stage: DomainStage; readonly before: number } {
  const stage = new DomainStage(options);
  plannedSprint(stage, [item('Login')]);
  playToStep(stage, 'Login', 'developer_build');
  return { stage, before: stage.sprint.tokensSpent };
}

const turnIdOf = (stage: DomainStage): string => {
  const { effect } = stage.only('run-turn');
  return 'turnId' in effect ? effect.turnId : '';
};

/** What card, role, sprint and day counted, beside what they had before. */
const counted = (stage: DomainStage, before: number) => ({
  card: stage.todo('Login').tokensSpent - 2_000,
  role: stage.sprint.tokensByRole?.['developer'],
  sprint: stage.sprint.tokensSpent - before,
  day: stage.state.spend.tokens - before,
});
const all = (tokens: number) => ({ card: tokens, role: tokens, sprint: tokens, day: tokens });

const told = (turnId: string, tokens: number, effectId = 'fx-1'): RuntimeCommand => ({
  type: 'note-superseded-outcome',
  ...{ effectId, effectType: 'run-turn', outcome: 'failed', turnId, tokens: { input: tokens, cachedInput: 0, output: 0 } },
});

describe('tokens of a turn', () => {
  it('count for each attempt, once, on card, role, sprint and day', () => {
    const { stage, before } = atBuild();
    const turnId = turnIdOf(stage);
    stage.endTurn(stage.only('run-turn'), crashed, 300);
    expect([counted(stage, before), stage.state.turns[turnId]?.tokens.input]).toEqual([all(300), 300]);
    stage.endTurn(stage.only('run-turn'), reported(report('developer')), 1_000);
    expect([counted(stage, before), stage.state.turns[turnId]?.tokens.input]).toEqual([all(1_300), 1_300]);
    expect(stage.refold()).toEqual(stage.state);
  });

  it('of an attempt that failed count once as well where no other follows', () => {
    const { stage, before } = atBuild({ limits: { turnAttempts: 2 } });
    stage.endTurn(stage.only('run-turn'), crashed, 300);
    stage.endTurn(stage.only('run-turn'), crashed, 400);
    expect(stage.todo('Login').blocker?.kind).toBe('turn');
    expect(counted(stage, before)).toEqual(all(700));
  });

  it('of a failed attempt stop the next one at the cap of the card', () => {
    const { stage } = atBuild({ limits: { cardTokens: 2_300 } });
    stage.endTurn(stage.only('run-turn'), crashed, 300);
    expect(stage.todo('Login').blocker?.reason).toBe('The card used 2300 tokens, which is the limit (limits.card_tokens). It crashed.');
  });

  it('of a failed attempt stop the next one at the cap of the day', () => {
    const { stage, before } = atBuild();
    stage.configure({ limits: { dayTokens: before + 300 } });
    stage.endTurn(stage.only('run-turn'), crashed, 300);
    expect(stage.pending('run-turn')).toEqual([]);
    expect(stage.todo('Login').status).toBe('paused');
    expect(stage.sprint.pausedReason).toContain(`Today's ${before + 300} tokens reached the limit of ${before + 300}`);
  });

  it('of a malformed answer stop its repair at the cap of the card', () => {
    const { stage } = atBuild({ limits: { cardTokens: 2_300 } });
    stage.endTurn(stage.only('run-turn'), { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'output' }, 300);
    expect(stage.todo('Login').blocker?.kind).toBe('cap');
  });

  it('of a stopped turn count when they are told, once, also when only the next start tells them', () => {
    const { stage, before } = atBuild();
    const turnId = stage.beginTurn(stage.only('run-turn'));
    stage.do({ type: 'stop-all' });
    expect([counted(stage, before), stage.state.turns[turnId]?.isUntold]).toEqual([{ ...all(0), role: undefined }, true]);
    stage.restart();
    stage.do(told(turnId, 250, ''), runtime);
    expect(counted(stage, before)).toEqual(all(250));
    expect(stage.refused(told(turnId, 250), runtime)).toMatchObject({ id: 'stale', message: `What turn ${turnId} used was told already.` });
    expect(stage.state.turns[turnId]).toMatchObject({ status: 'ended', outcome: 'stopped', tokens: { input: 250 } });
    stage.do({ type: 'resume-sprint' });
    settleWell(stage, stage.only('run-turn'));
    expect(counted(stage, before)).toEqual(all(1_250));
  });

  it('of a turn that was given up are still to be told, and those of its attempts that were told stay', () => {
    const { stage, before } = atBuild({ limits: { turnAttempts: 3 } });
    const turnId = turnIdOf(stage);
    stage.endTurn(stage.only('run-turn'), crashed, 300);
    stage.beginTurn(stage.only('run-turn'));
    stage.do({ type: 'park-effect', effectId: stage.only('run-turn').effectId, reason: 'It never came back.', logs: [] }, runtime);
    expect([counted(stage, before), stage.state.turns[turnId]?.toldAttempts]).toEqual([all(300), 1]);
    stage.do(told(turnId, 50, ''), runtime);
    expect(counted(stage, before)).toEqual(all(350));
  });

  it('keep a sprint in memory until those of its stopped turns are told', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    playToStep(stage, 'Login', 'developer_build');
    const turnId = stage.beginTurn(stage.only('run-turn'));
    stage.do({ type: 'cancel-todo', todoId: stage.todo('Login').todoId, reason: 'Not now.' });
    const { sprintId } = stage.sprint;
    expect(stage.sprint.endedAt).not.toBeNull();
    stage.state.todos[stage.todo('Login').todoId]?.revisions.forEach((revision) => (revision.worktreePath = ''));
    const archived = () => {
      startSprint(stage);
      stage.do({ type: 'stop-sprint' });
      return stage.pending('archive-sprint').map(({ effect }) => 'sprintId' in effect && effect.sprintId);
    };
    expect(archived()).not.toContain(sprintId);
    stage.do(told(turnId, 250), runtime);
    expect(archived()).toContain(sprintId);
  });
});
