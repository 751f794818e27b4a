import { describe, expect, it } from 'vitest';
import type { ReportProposals } from '../../../src/shared/domain/report.js';
import type { Request } from '../../../src/shared/domain/state.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { item, report, reported } from './report-shapes.js';
import { plannedSprint, playOut, startSprint } from './sprint-play.js';

function submitted(text = 'Make the login faster.\nIt takes ten seconds.'): DomainStage {
  const stage = new DomainStage();
  stage.do({ type: 'submit-request', text }, lead);
  return stage;
}

function request(stage: DomainStage): Request {
  const found = Object.values(stage.state.requests).at(-1);
  if (!found) throw new Error('There is no request.');
  return found;
}

const say = (stage: DomainStage, role: string, proposals: Partial<ReportProposals> = {}, changes: Parameters<typeof report>[1] = {}) =>
  stage.endTurn(stage.only('run-turn'), reported(report(role, changes, proposals)));

const turnOf = (stage: DomainStage) => {
  const { effect } = stage.only('run-turn');
  return effect.type === 'run-turn' ? stage.state.turns[effect.turnId] : undefined;
};

const stop = { kind: 'sprint_lifecycle', command: 'stop', milestoneTitle: null, kickoffBrief: null, kickoffRequirements: [] } as const;

describe('a request', () => {
  it('goes to the orchestrator, and to the planner when that does not finish it', () => {
    const stage = submitted();
    expect(request(stage)).toMatchObject({ requestId: '20260324-00000001', scope: 'Make the login faster.', currentRole: 'orchestrator' });
    expect(turnOf(stage)).toMatchObject({ role: 'orchestrator', step: 'intake' });
    say(stage, 'orchestrator');
    expect(request(stage)).toMatchObject({ status: 'delegated', currentRole: 'planner' });
    expect(turnOf(stage)).toMatchObject({ role: 'planner', step: 'request_planning' });
    say(stage, 'planner', { backlogItems: [item('Faster login')] }, { summary: 'One item.' });
    const [faster] = Object.values(stage.state.backlog);
    expect(faster).toMatchObject({
      title: 'Faster login',
      source: 'user',
      plannedInSprintId: '',
      origin: { requestId: '20260324-00000001' },
    });
    expect(request(stage)).toMatchObject({ status: 'completed', outcome: 'One item.', backlogIds: [faster?.backlogId] });
    expect(stage.pending()).toEqual([]);
  });

  it('is done when the orchestrator finishes it', () => {
    const stage = submitted();
    say(stage, 'orchestrator', { requestHandling: { mode: 'complete' } }, { summary: 'Two todos run.' });
    expect(request(stage)).toMatchObject({ status: 'completed', outcome: 'Two todos run.' });
  });

  it("leaves backlog items of the orchestrator out, as only a planner's count", () => {
    const stage = submitted();
    say(stage, 'orchestrator', { backlogItems: [item('Faster login')], requestHandling: { mode: 'complete' } });
    expect(stage.state.backlog).toEqual({});
  });

  it('that is blocked says what it needs and goes on with the answer', () => {
    const stage = submitted();
    say(stage, 'orchestrator', { blockedReason: 'Which login?', requiredInputs: ['the page'] }, { status: 'blocked' });
    expect(request(stage)).toMatchObject({ status: 'blocked', blocker: { reason: 'Which login?', requiredInputs: ['the page'] } });
    expect(stage.refused({ type: 'answer', subjectId: request(stage).requestId, text: ' ' })).toEqual({
      id: 'comment-required',
      message: 'An answer needs words.',
    });
    stage.do({ type: 'answer', subjectId: request(stage).requestId, text: 'The admin one.' });
    expect(request(stage)).toMatchObject({ status: 'queued', blocker: null, visit: 2, inputs: [{ by: 'lead', text: 'The admin one.' }] });
    expect(turnOf(stage)).toMatchObject({ step: 'intake', visit: 2 });
  });

  it('is one while the same words of the same person are open, and a new one after', () => {
    const stage = submitted('Make it  faster.');
    expect(stage.refused({ type: 'submit-request', text: 'make it faster.' })).toEqual({
      id: 'no-effect',
      message: `The same request is open already: ${request(stage).requestId}. \`muster show ${request(stage).requestId}\` tells how it stands.`,
    });
    say(stage, 'orchestrator', { requestHandling: { mode: 'complete' } });
    stage.do({ type: 'submit-request', text: 'make it faster.' });
    expect(Object.keys(stage.state.requests)).toHaveLength(2);
    expect(stage.refused({ type: 'submit-request', text: '  ' }).message).toBe('A request needs words: say what should be done.');
  });

  it('that is cancelled ends its turn, and is not cancelled twice', () => {
    const stage = submitted();
    const { requestId } = request(stage);
    stage.do({ type: 'cancel-request', requestId });
    expect([request(stage).status, stage.pending()]).toEqual(['cancelled', []]);
    expect(stage.refused({ type: 'cancel-request', requestId })).toEqual({
      id: 'already-ended',
      message: `Request ${requestId} is cancelled and cannot be cancelled.`,
    });
  });

  it('breaks its contract twice, and then waits for a person', () => {
    const stage = submitted();
    for (let round = 0; round < 3; round += 1)
      stage.endTurn(stage.only('run-turn'), { kind: 'contract', problems: ['The summary is empty.'], reportSha256: 'odd' });
    expect(request(stage)).toMatchObject({
      status: 'blocked',
      blocker: { reason: "orchestrator's report at intake broke its contract 3 times: The summary is empty." },
    });
  });

  it('waits for the day with the reason, and goes on when it is retried on the next one', () => {
    const stage = new DomainStage({ limits: { dayTokens: 500 } });
    stage.do({ type: 'submit-request', text: 'First.' });
    say(stage, 'orchestrator', { requestHandling: { mode: 'complete' } });
    stage.do({ type: 'submit-request', text: 'Second.' });
    expect(request(stage)).toMatchObject({
      status: 'blocked',
      blocker: {
        kind: 'cap',
        reason:
          "Today's 1000 tokens reached the limit of 500 (limits.day_tokens). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.",
      },
    });
    stage.later(86_400);
    stage.do({ type: 'retry', subjectId: request(stage).requestId });
    expect(turnOf(stage)).toMatchObject({ role: 'orchestrator' });
  });
});

describe('a control action of the orchestrator', () => {
  it('stops the sprint as the button does: planning at once', () => {
    const stage = new DomainStage();
    startSprint(stage);
    stage.do({ type: 'submit-request', text: 'Stop the sprint.' });
    const turn = stage.pending('run-turn').find(({ lane }) => lane.startsWith('request:'));
    if (!turn) throw new Error('There is no turn for the request.');
    stage.endTurn(turn, reported(report('orchestrator', {}, { controlAction: stop })));
    expect([stage.sprint.status, stage.state.activeSprintId, stage.pending()]).toEqual(['cancelled', null, []]);
    expect(request(stage)).toMatchObject({ status: 'completed', outcome: 'The sprint stops after the todos that run.' });
  });

  it('stops a paused sprint, too', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A')]);
    stage.settle(stage.only('add-worktree'), 'add-worktree', { kind: 'refused', reason: 'The disk is full.', cause: 'git' });
    expect(stage.sprint.status).toBe('paused');
    stage.do({ type: 'submit-request', text: 'Stop the sprint.' });
    say(stage, 'orchestrator', { controlAction: stop });
    expect([stage.sprint.status, stage.todo('A').status]).toEqual(['cancelled', 'carried_over']);
  });

  it('cancels another request that is open, and no other', () => {
    const stage = submitted('First.');
    const first = request(stage).requestId;
    stage.do({ type: 'submit-request', text: 'Cancel the first.' });
    const second = stage.pending('run-turn').find(({ lane }) => lane === `request:${request(stage).requestId}`);
    if (!second) throw new Error('There is no turn for the second request.');
    stage.endTurn(second, reported(report('orchestrator', {}, { controlAction: { kind: 'cancel_request', requestId: first } })));
    expect([stage.state.requests[first]?.status, request(stage).status]).toEqual(['cancelled', 'completed']);
    stage.do({ type: 'submit-request', text: 'Again.' });
    say(stage, 'orchestrator', { controlAction: { kind: 'cancel_request', requestId: first } });
    expect(request(stage)).toMatchObject({ status: 'failed', outcome: `There is no open request ${first} to cancel.` });
  });

  it('does nothing for a file that nobody signed, which starts only when a person lets it', () => {
    const stage = new DomainStage();
    startSprint(stage);
    stage.do(
      {
        type: 'take-intake',
        sha256: 'abc',
        role: 'orchestrator',
        envelope: { from: 'cron', intent: 'route', scope: 'Stop', body: 'Stop the sprint.' },
        reason: '',
      },
      runtime,
    );
    const ofRequest = () => stage.pending('run-turn').find(({ lane }) => lane.startsWith('request:'));
    const { requestId } = request(stage);
    expect([ofRequest(), request(stage).status, request(stage).blocker?.reason]).toEqual([
      undefined,
      'blocked',
      `It came as a file from cron. Look at it with \`muster show ${requestId}\`, and let it start with \`muster retry ${requestId}\`.`,
    ]);
    stage.do({ type: 'retry', subjectId: requestId });
    const turn = ofRequest();
    if (!turn) throw new Error('There is no turn for the request.');
    stage.endTurn(turn, reported(report('orchestrator', {}, { controlAction: stop })));
    expect([stage.sprint.status, request(stage).outcome]).toEqual(['planning', 'A control action needs a person who asked for it.']);
  });

  it('is refused where Muster cannot do it from a request', () => {
    const stage = submitted();
    say(stage, 'orchestrator', { controlAction: { ...stop, command: 'restart' } });
    expect(request(stage)).toMatchObject({
      status: 'failed',
      outcome: 'Muster cannot do that from a request; use `muster sprint start` or the board.',
    });
    playOut(stage);
  });
});
