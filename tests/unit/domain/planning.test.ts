import { describe, expect, it } from 'vitest';
import { planningSteps } from '../../../src/shared/domain/vocabulary.js';
import { DomainStage, lead } from './domain-stage.js';
import { item, report, reported } from './report-shapes.js';
import { plan, plannedSprint, playOut, startSprint, settleWell } from './sprint-play.js';

const stepOf = (stage: DomainStage): string => {
  const { effect } = stage.only('run-turn');
  return effect.type === 'run-turn' ? (stage.state.turns[effect.turnId]?.step ?? '') : '';
};

/** Plays the planning up to the turn of a step. */
function upTo(stage: DomainStage, step: string): void {
  while (stepOf(stage) !== step) plan(stage, stepOf(stage) === 'backlog_definition' ? [item('Login')] : []);
}

describe('the planning of a sprint', () => {
  it('takes its five steps in order, each one turn of the planner, and then the todos run', () => {
    const stage = new DomainStage();
    startSprint(stage);
    const seen: string[] = [];
    for (const step of planningSteps) {
      seen.push(stepOf(stage));
      plan(stage, step === 'backlog_definition' ? [item('Login')] : []);
    }
    expect(seen).toEqual(['milestone_refinement', 'artifact_sync', 'backlog_definition', 'backlog_prioritization', 'todo_finalization']);
    expect(stage.sprint).toMatchObject({ status: 'running', phase: 'ongoing' });
    expect(stage.todo('Login').status).toBe('running');
    expect(stage.state.backlog[stage.todo('Login').backlogId]).toMatchObject({
      status: 'selected',
      selectedInSprintId: stage.sprint.sprintId,
    });
  });

  it('goes on at the step that was under way after a restart, without a second turn for a finished one', () => {
    const stage = new DomainStage();
    startSprint(stage);
    plan(stage);
    stage.restart();
    expect([stepOf(stage), Object.keys(stage.state.turns).length]).toEqual(['artifact_sync', 2]);
  });

  it('returns a plan whose item needs something that is neither done nor in the sprint', () => {
    const stage = new DomainStage();
    stage.do({ type: 'add-backlog-item', fields: { title: 'Sessions' } }, lead);
    startSprint(stage);
    while (stepOf(stage) !== 'todo_finalization')
      plan(stage, stepOf(stage) === 'backlog_definition' ? [item('Login', { dependsOn: ['Sessions'] })] : []);
    plan(stage);
    const { effect } = stage.only('run-turn');
    const turn = effect.type === 'run-turn' ? stage.state.turns[effect.turnId] : undefined;
    expect(turn).toMatchObject({
      step: 'todo_finalization',
      purpose: 'return',
      problems: [expect.stringContaining('"Login" depends on "Sessions", which is neither done nor in this sprint.')],
    });
  });

  it('renames the milestone and keeps brief, requirements and folder', () => {
    const stage = new DomainStage();
    startSprint(stage, {}, ['R1']);
    const before = stage.sprint;
    const { brief, folder, requirements } = before;
    stage.endTurn(
      stage.only('run-turn'),
      reported(report('planner', { artifacts: ['plan.md'] }, { revisedMilestoneTitle: 'Login, safe' })),
    );
    expect(stage.sprint).toMatchObject({
      milestoneTitle: 'Login, safe',
      requestedMilestone: 'Login cleanup',
      name: '2026-03-24-Login, safe',
      brief,
      folder,
      requirements,
    });
  });

  it('gives a report without items back twice with the reason, then is incomplete and frees the slot', () => {
    const stage = new DomainStage();
    startSprint(stage);
    upTo(stage, 'backlog_definition');
    plan(stage);
    const { effect } = stage.only('run-turn');
    const returned = effect.type === 'run-turn' ? stage.state.turns[effect.turnId] : undefined;
    const sentence =
      'The sprint "Login cleanup" has no backlog item after backlog_definition. Propose at least one in proposals.backlog_items with planned_in_sprint.';
    expect(returned).toMatchObject({ purpose: 'return', step: 'backlog_definition', problems: [sentence] });
    plan(stage);
    plan(stage);
    expect(stage.sprint).toMatchObject({
      status: 'blocked',
      closeoutStatus: 'planning_incomplete',
      pausedReason: `planner's report at backlog_definition broke its contract 3 times: ${sentence}`,
    });
    expect([stage.state.activeSprintId, stage.pending()]).toEqual([null, []]);
    startSprint(stage);
    expect(stage.sprint.status).toBe('planning');
  });

  it('refuses items without criteria, milestone or spec, and requirements where the kickoff had some, by title', () => {
    const stage = new DomainStage();
    startSprint(stage, {}, ['R1']);
    upTo(stage, 'backlog_definition');
    const bare = { milestoneRef: null, requirementRefs: [], specRefs: [], researchRefs: [], requestId: null };
    plan(stage, [item('Login', { acceptanceCriteria: [], origin: bare })]);
    const { effect } = stage.only('run-turn');
    expect(effect.type === 'run-turn' && stage.state.turns[effect.turnId]?.problems).toEqual([
      'The backlog item "Login" lacks acceptance_criteria, origin.milestone_ref, origin.spec_refs, origin.requirement_refs.',
    ]);
    expect(stage.state.backlog).toEqual({});
  });

  it('refuses items that depend on each other in a circle', () => {
    const stage = new DomainStage();
    startSprint(stage);
    upTo(stage, 'backlog_definition');
    plan(stage, [item('A', { dependsOn: ['B'] }), item('B', { dependsOn: ['A'] })]);
    const { effect } = stage.only('run-turn');
    expect(effect.type === 'run-turn' && stage.state.turns[effect.turnId]?.problems).toEqual([
      'The backlog item "A" depends on itself in a circle; take one dependency out.',
      'The backlog item "B" depends on itself in a circle; take one dependency out.',
    ]);
  });

  it("takes the planner's blocked at its word, at every step", () => {
    const stage = new DomainStage();
    startSprint(stage);
    upTo(stage, 'backlog_definition');
    stage.endTurn(
      stage.only('run-turn'),
      reported(report('planner', { status: 'blocked' }, { blockedReason: 'The milestone says nothing.' })),
    );
    expect(stage.sprint).toMatchObject({
      status: 'blocked',
      closeoutStatus: 'planning_incomplete',
      pausedReason: 'The milestone says nothing.',
    });
  });

  it('asks once to mend what is no JSON, then is incomplete', () => {
    const stage = new DomainStage();
    startSprint(stage);
    const malformed = { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' } as const;
    stage.endTurn(stage.only('run-turn'), malformed);
    stage.endTurn(stage.only('run-turn'), malformed);
    expect(stage.sprint.pausedReason).toBe(
      'planner gave no readable report at milestone_refinement, and its repair turn did not either: It is no JSON.',
    );
  });

  it('that is stopped is cancelled at once, its turn ended, its slot free', () => {
    const stage = new DomainStage();
    startSprint(stage);
    upTo(stage, 'artifact_sync');
    stage.do({ type: 'stop-sprint' });
    expect(stage.sprint).toMatchObject({ status: 'cancelled', closeoutStatus: 'cancelled' });
    expect([stage.state.activeSprintId, stage.pending()]).toEqual([null, []]);
    startSprint(stage);
  });

  it('that is stopped while everything is stopped is cancelled too', () => {
    const stage = new DomainStage();
    startSprint(stage);
    stage.do({ type: 'stop-all' });
    stage.do({ type: 'stop-sprint' });
    expect([stage.sprint.status, stage.state.activeSprintId]).toEqual(['cancelled', null]);
  });

  it('goes on at the same step after stop-all and resume', () => {
    const stage = new DomainStage();
    startSprint(stage);
    upTo(stage, 'artifact_sync');
    stage.do({ type: 'stop-all' });
    expect(stage.pending()).toEqual([]);
    stage.do({ type: 'resume-sprint' });
    expect(stepOf(stage)).toBe('artifact_sync');
  });

  it('takes a carried-over item of an earlier sprint again', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    settleWell(stage, stage.only('add-worktree'));
    const malformed = { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' } as const;
    stage.endTurn(stage.only('run-turn'), malformed);
    stage.endTurn(stage.only('run-turn'), malformed);
    const { backlogId } = stage.todo('Login');
    expect([stage.sprint.status, stage.state.backlog[backlogId]?.status]).toEqual(['completed', 'carried_over']);
    stage.later(60);
    plannedSprint(stage, [item('Login')]);
    expect(Object.values(stage.state.backlog)).toMatchObject([
      { backlogId, status: 'selected', selectedInSprintId: stage.sprint.sprintId },
    ]);
    playOut(stage);
    expect(stage.state.backlog[backlogId]).toMatchObject({ status: 'done', completedInSprintId: stage.sprint.sprintId });
  });

  it('leaves an item alone that a later sprint works on when the card of the earlier one is touched', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const old = stage.todo('Login').todoId;
    stage.do({ type: 'stop-all' });
    stage.do({ type: 'stop-sprint' });
    expect(stage.state.todos[old]?.status).toBe('carried_over');
    stage.later(60);
    plannedSprint(stage, [item('Login'), item('More')]);
    if (stage.state.todos[old]) stage.do({ type: 'reorder', todoId: old, order: 5 });
    expect(Object.values(stage.state.backlog).map(({ title, status }) => [title, status])).toEqual([
      ['Login', 'selected'],
      ['More', 'selected'],
    ]);
  });
});

describe('a sprint is not started', () => {
  it('while another one is active, without a milestone, untrusted, or halted', () => {
    const stage = new DomainStage();
    startSprint(stage);
    const start = (milestone: string) =>
      ({ type: 'start-sprint', milestone, brief: '', requirements: [], sourceRequestId: '', terms: stage.sprint.terms }) as const;
    expect(stage.refused(start('Next'), lead)).toEqual({
      id: 'sprint-active',
      message: `The sprint ${stage.sprint.sprintId} "Login cleanup" is planning. Stop it with \`muster sprint stop\` before a new one starts.`,
    });
    stage.do({ type: 'stop-sprint' });
    expect(stage.refused(start(' ')).message).toBe('A sprint needs a milestone: `muster sprint start --milestone "…"`.');
    stage.do({ type: 'stop-all' });
    expect(stage.refused(start('Next'))).toEqual({
      id: 'halted',
      message: 'Everything is stopped: Stopped by lead. `muster sprint resume` goes on.',
    });
  });
});
