import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import { DomainStage, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plan, plannedSprint, playUntil, startSprint } from './sprint-play.js';

const sentence =
  'This workspace is restricted until you trust what it runs: runner was "codex" and is now "claude". Look at it and accept it with `muster trust`.';

function load(stage: DomainStage, isTrusted: boolean): void {
  const untrustedChanges = isTrusted ? [] : ['runner was "codex" and is now "claude".'];
  const sha256 = `configuration-${String(isTrusted)}`;
  stage.do({ type: 'load-configuration', configuration: defaultConfiguration, sha256, isTrusted, untrustedChanges }, runtime);
}

const turns = (stage: DomainStage): number => Object.keys(stage.state.turns).length;

describe('a workspace whose changed configuration nobody has accepted', () => {
  it('asks for no turn for a request, says why, and goes on with a retry once it is trusted', () => {
    const stage = new DomainStage();
    load(stage, false);
    stage.do({ type: 'submit-request', text: 'Make it faster.' });
    const request = () => Object.values(stage.state.requests)[0];
    expect([turns(stage), request()?.status, request()?.blocker?.reason]).toEqual([0, 'blocked', sentence]);
    load(stage, true);
    stage.do({ type: 'retry', subjectId: request()?.requestId ?? '' });
    expect([turns(stage), request()?.status]).toEqual([1, 'queued']);
  });

  it('pauses a sprint that plans before its next turn, and after a resume again', () => {
    const stage = new DomainStage();
    startSprint(stage);
    load(stage, false);
    plan(stage);
    expect([stage.sprint.status, stage.sprint.pausedReason]).toEqual(['paused', sentence]);
    stage.do({ type: 'resume-sprint' });
    expect([stage.sprint.status, turns(stage)]).toEqual(['paused', 1]);
    load(stage, true);
    stage.do({ type: 'resume-sprint' });
    expect([stage.sprint.status, turns(stage)]).toEqual(['planning', 2]);
  });

  it('pauses a todo before its next turn, and starts no other', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 })]);
    playUntil(stage, () => stage.pending('run-turn').length === 1);
    const before = turns(stage);
    load(stage, false);
    playUntil(stage, () => stage.pending('run-turn').length === 0);
    expect([stage.todo('A').status, stage.todo('B').status, turns(stage)]).toEqual(['paused', 'queued', before]);
    expect(stage.refused({ type: 'start-next', todoId: stage.todo('B').todoId }).id).toBe('open-dependency');
    load(stage, true);
    stage.do({ type: 'resume-sprint' });
    expect([stage.todo('A').status, turns(stage)]).toEqual(['running', before + 1]);
  });
});
