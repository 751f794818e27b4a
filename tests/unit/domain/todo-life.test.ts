import { describe, expect, it } from 'vitest';
import type { Report, ReportProposals } from '../../../src/shared/domain/report.js';
import { columnOf, waitingFor } from '../../../src/shared/domain/board.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { receiptFor } from './receipts.js';
import { item, qa, report, reported, transition } from './report-shapes.js';
import { plannedSprint, playOut, playToStep, playUntil, settleWell } from './sprint-play.js';

function stageAt(
  step: string,
  options: ConstructorParameters<typeof DomainStage>[0] = {},
  terms: Parameters<typeof plannedSprint>[2] = {},
): DomainStage {
  const stage = new DomainStage(options);
  plannedSprint(stage, [item('Login')], terms);
  playToStep(stage, 'Login', step);
  return stage;
}

const say = (stage: DomainStage, role: string, changes: Partial<Report>, proposals: Partial<ReportProposals> = {}) =>
  stage.endTurn(stage.only('run-turn'), reported(report(role, changes, proposals)));
const wish = (said: Parameters<typeof transition>[0]) => ({ workflowTransition: transition(said) });
const place = (stage: DomainStage) => {
  const { status, workflow } = stage.todo('Login');
  return [status, workflow.phase, workflow.step, workflow.owner, workflow.phaseStatus];
};

describe('the life of a todo', () => {
  it('goes from the draft to the commit as the reference traces it, with the backlog behind it', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const seen: string[] = [];
    playUntil(stage, () => {
      const line = `${stage.todo('Login').status} ${stage.todo('Login').workflow.step} ${stage.state.backlog[stage.todo('Login').backlogId]?.status}`;
      if (seen.at(-1) !== line) seen.push(line);
      return stage.todo('Login').status === 'committed';
    });
    expect(seen).toEqual([
      'running planner_draft selected',
      'running architect_guidance selected',
      'running developer_build selected',
      'running architect_review selected',
      'running qa_validation selected',
      'running closeout selected',
      'committed closeout done',
    ]);
    expect(stage.todo('Login').workflow).toMatchObject({
      phase: 'closeout',
      owner: 'version_controller',
      phaseStatus: 'completed',
      reviewCycles: 1,
    });
    expect(stage.revision('Login')).toMatchObject({ isIntegrated: true, makers: ['developer'], receipt: { badge: 'verified' } });
    expect(stage.sprint).toMatchObject({ status: 'completed', closeoutStatus: 'verified' });
  });

  it('is the same after a restart at every step, with no turn and no todo twice', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    for (let step = 0; stage.pending().length > 0; step += 1) {
      stage.restart();
      const [next] = stage.pending();
      if (!next || step > 100) throw new Error('It does not end.');
      settleWell(stage, next);
    }
    const steps = Object.values(stage.state.turns).map(({ step }) => step);
    expect(steps.slice(5)).toEqual(['planner_draft', 'architect_guidance', 'developer_build', 'architect_review', 'qa_validation']);
    expect(Object.keys(stage.state.todos)).toHaveLength(1);
  });

  it('never reads a pass out of words: a QA fail that speaks of "async" goes to the developer', () => {
    const stage = stageAt('qa_validation');
    say(
      stage,
      'qa',
      { summary: 'The async sync of the docs fails.' },
      { ...wish({ outcome: 'reopen', reopenCategory: 'implementation' }), qaValidation: qa('fail') },
    );
    expect(place(stage)).toEqual(['running', 'implementation', 'developer_revision', 'developer', 'active']);
  });

  it('goes on after a completed report with an error text, and keeps the text', () => {
    const stage = stageAt('developer_build');
    say(stage, 'developer', { error: 'One warning.' }, wish({ outcome: 'advance' }));
    expect(place(stage)).toEqual(['running', 'implementation', 'architect_review', 'architect', 'active']);
    expect(stage.todo('Login').reports.at(-1)).toMatchObject({ role: 'developer', error: 'One warning.' });
  });

  it('keeps its step when QA is blocked', () => {
    const stage = stageAt('qa_validation');
    say(stage, 'qa', { status: 'blocked' }, { blockedReason: 'No browser here.', requiredInputs: ['a browser'], qaValidation: null });
    expect(place(stage)).toEqual(['blocked', 'validation', 'qa_validation', 'qa', 'blocked']);
    expect(stage.todo('Login').blocker).toMatchObject({ reason: 'No browser here.', byRole: 'qa', requiredInputs: ['a browser'] });
    expect(columnOf(stage.todo('Login'))).toBe('review');
  });

  it('closes in planning when documents alone are its work, and only when the planner says so', () => {
    const documents = { artifacts: ['shared_workspace/sprints/s/spec.md', 'plan.md'] };
    const stage = stageAt('planner_draft');
    say(stage, 'planner', documents, wish({ outcome: 'complete' }));
    expect(place(stage).slice(0, 3)).toEqual(['running', 'closeout', 'closeout']);
    const silent = stageAt('planner_draft');
    say(silent, 'planner', documents);
    expect(place(silent)[2]).toBe('architect_guidance');
  });

  it('asks all four documents of the planner after QA reopened the scope, twice, and then is blocked', () => {
    const stage = stageAt('qa_validation');
    say(stage, 'qa', {}, { ...wish({ outcome: 'reopen', reopenCategory: 'scope' }), qaValidation: qa('fail') });
    for (let round = 0; round < 3; round += 1) say(stage, 'planner', { artifacts: ['spec.md'] }, wish({ outcome: 'advance' }));
    expect(stage.todo('Login').blocker?.reason).toMatch(
      /^planner's report at planner_finalize broke its contract 3 times: After QA reopened the work the planner must bring all of spec\.md/,
    );
    expect(stage.todo('Login').workflow.contractReturns).toBe(2);
  });

  it('ignores the outcome of a turn that was stopped', () => {
    const stage = stageAt('developer_build');
    const turn = stage.only('run-turn');
    const turnId = stage.beginTurn(turn);
    stage.do({ type: 'requeue', todoId: stage.todo('Login').todoId });
    const outcome = {
      ...reported(report('developer', {}, wish({ outcome: 'advance' }))),
      tokens: { input: 1, cachedInput: 0, output: 0 },
      attempt: 1,
    };
    expect(stage.refused({ type: 'settle-effect', effectId: turn.effectId, effectType: 'run-turn', outcome }, runtime)).toEqual({
      id: 'no-effect',
      message: `Effect ${turn.effectId} is not open; its outcome is ignored.`,
    });
    expect(stage.refused({ type: 'note-turn-session', turnId, sessionId: 's' }, runtime).id).toBe('stale');
  });

  it('ignores the outcome of an attempt that another one has superseded', () => {
    const stage = stageAt('qa_validation');
    say(stage, 'qa', {}, { ...wish({ outcome: 'complete' }), qaValidation: qa('pass') });
    const { effectId } = stage.only('commit');
    for (let attempts = 0; attempts < 2; attempts += 1) stage.do({ type: 'begin-effect', effectId }, runtime);
    const command = { type: 'settle-effect', effectId, effectType: 'commit', outcome: { kind: 'nothing' } } as const;
    expect(stage.refused({ ...command, attempt: 1 }, runtime)).toEqual({
      id: 'no-effect',
      message: `Effect ${effectId} is at attempt 2; the outcome of attempt 1 is ignored.`,
    });
    expect(stage.do({ ...command, attempt: 2 }, runtime)[0]).toEqual({ type: 'effect-settled', effectId, attempt: 2 });
  });

  it('fails when neither the report nor its repair can be read, and can be retried', () => {
    const stage = stageAt('developer_build');
    const malformed = { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' } as const;
    stage.endTurn(stage.only('run-turn'), malformed);
    stage.endTurn(stage.only('run-turn'), malformed);
    expect(stage.todo('Login')).toMatchObject({ status: 'failed', workflow: { step: 'developer_build' } });
  });

  it('tries a turn that died once more, then blocks it with both logs; a missing login is not tried again', () => {
    const stage = stageAt('developer_build');
    stage.endTurn(stage.only('run-turn'), { kind: 'failed', reason: 'timed-out', message: 'It took too long.', log: 'first.log' });
    stage.endTurn(stage.only('run-turn'), { kind: 'failed', reason: 'timed-out', message: 'It took too long.', log: 'second.log' });
    expect(stage.todo('Login').blocker).toMatchObject({
      reason: "developer's turn at developer_build failed: It took too long. It was tried 2 times.",
      logs: ['first.log', 'second.log'],
    });
    const other = stageAt('developer_build');
    other.endTurn(other.only('run-turn'), { kind: 'failed', reason: 'not-logged-in', message: 'Log in with `codex login`.', log: '' });
    expect(other.todo('Login').blocker?.reason).toBe("developer's turn at developer_build failed: Log in with `codex login`.");
  });
});

describe('the closeout', () => {
  const conflict = { kind: 'conflict', onto: 'tip-2', files: ['src/a.ts'], detail: '<<<<<<<' } as const;

  it('reopens on a conflict with the files, in a worktree on the new tip', () => {
    const stage = stageAt('qa_validation');
    playUntil(stage, () => stage.pending('rebase').length === 1);
    stage.settle(stage.only('rebase'), 'rebase', conflict);
    expect(place(stage)).toEqual(['running', 'implementation', 'developer_revision', 'developer', 'active']);
    expect(stage.only('add-worktree').effect).toMatchObject({ onto: 'tip-2', branch: stage.revision('Login').branch });
    expect(stage.todo('Login').inputs.at(-1)?.text).toBe('The work conflicts with what landed meanwhile, in src/a.ts.\n<<<<<<<');
  });

  it('names the commit that it conflicts with, and its author, to the developer', () => {
    const stage = stageAt('qa_validation');
    playUntil(stage, () => stage.pending('rebase').length === 1);
    const others = [{ commit: 'c0ffee'.repeat(6), author: 'Ann Example', title: 'Keep the sign' }];
    stage.settle(stage.only('rebase'), 'rebase', { ...conflict, others });
    expect(stage.todo('Login').inputs.at(-1)?.text).toBe(
      'The work conflicts with what landed meanwhile, in src/a.ts (commit c0ffeec0ff of Ann Example, "Keep the sign").\n<<<<<<<',
    );
  });

  it('blocks the fourth conflict without a new worktree, and a retry begins a fresh round', () => {
    const stage = stageAt('qa_validation');
    for (let round = 0; round < 4; round += 1) {
      playUntil(stage, () => stage.pending('rebase').length === 1);
      stage.settle(stage.only('rebase'), 'rebase', conflict);
    }
    expect(stage.todo('Login').blocker).toMatchObject({ kind: 'limit' });
    expect(stage.todo('Login').blocker?.reason).toMatch(
      /^The todo was reopened 3 times, which is the limit\. Last reason: The work conflicts/,
    );
    expect(stage.pending()).toEqual([]);
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    expect(stage.only('rebase').effect).toMatchObject({ type: 'rebase' });
  });

  it('reopens a red verification with the command, and integrates nothing', () => {
    const stage = stageAt('qa_validation');
    playUntil(stage, () => stage.pending('verify').length === 1);
    const verify = stage.only('verify');
    if (verify.effect.type !== 'verify') throw new Error('It is no verification.');
    stage.settle(verify, 'verify', { kind: 'receipt', receipt: receiptFor(verify.effect, false) });
    expect(place(stage)[2]).toBe('developer_revision');
    expect(stage.todo('Login').inputs.at(-1)?.text).toBe('The verification is red where the base was green: tests (exit 1).');
    expect(stage.pending('integrate')).toEqual([]);
  });

  it('begins again at the rebase while the target moves, three times; a retry starts to count anew', () => {
    const stage = stageAt('qa_validation');
    for (let round = 0; round < 4; round += 1) {
      playUntil(stage, () => stage.pending('integrate').length === 1);
      stage.settle(stage.only('integrate'), 'integrate', { kind: 'tip-moved', tip: `tip-${round}` });
    }
    expect(stage.todo('Login').blocker?.reason).toBe(
      'The target branch moved 4 times during the closeout. Retry it when the branch is quiet.',
    );
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    stage.settle(stage.only('integrate'), 'integrate', { kind: 'tip-moved', tip: 'tip-9' });
    playOut(stage);
    expect(stage.todo('Login').status).toBe('committed');
  });

  it('that git refuses leaves the work uncommitted, and the retry commits without any role', () => {
    const stage = stageAt('qa_validation');
    playUntil(stage, () => stage.pending('commit').length === 1);
    const turns = Object.keys(stage.state.turns).length;
    stage.settle(stage.only('commit'), 'commit', { kind: 'refused', reason: 'Your signing key is needed.' });
    expect([stage.todo('Login').status, stage.sprint.status]).toEqual(['uncommitted', 'paused']);
    const { todoId } = stage.todo('Login');
    expect(stage.refused({ type: 'cancel-todo', todoId, reason: '' })).toEqual({
      id: 'uncommitted-work',
      message: `${todoId} "Login" has finished work that is not committed: Your signing key is needed. Retry it, or put it back to the backlog.`,
    });
    stage.do({ type: 'retry', subjectId: todoId });
    playOut(stage);
    expect([stage.todo('Login').status, Object.keys(stage.state.turns).length]).toEqual(['committed', turns]);
  });

  it.each([
    ['no repository', { kind: 'no-repository' as const }, [], 'completed', 'no_repo'],
    ['in place', { isolation: 'in_place' as const }, ['commit'], 'committed', 'verified'],
  ])('with %s verifies first, and commits what is to be committed', (_what, terms, effects, status, closeoutStatus) => {
    const stage = stageAt('qa_validation', {}, terms);
    playUntil(stage, () => stage.pending('verify').length === 1);
    expect(stage.todo('Login').workflow.step).toBe('closeout');
    settleWell(stage, stage.only('verify'));
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual(effects);
    playOut(stage);
    expect([stage.todo('Login').status, stage.sprint.closeoutStatus]).toEqual([status, closeoutStatus]);
  });

  it('is blocked by a parked effect with its log, and goes on when it is retried', () => {
    const stage = stageAt('qa_validation');
    playUntil(stage, () => stage.pending('verify').length === 1);
    const { effectId } = stage.only('verify');
    for (let tries = 0; tries < 3; tries += 1) stage.do({ type: 'begin-effect', effectId }, runtime);
    stage.do({ type: 'park-effect', effectId, reason: 'It threw each time.', logs: ['verify.log'] }, runtime);
    const reason = 'The effect verify was tried 3 times without an outcome: It threw each time. Retry it, or look at its log.';
    expect(stage.todo('Login').blocker).toMatchObject({ kind: 'parked', reason, logs: ['verify.log'] });
    expect(stage.state.problems[`parked-${effectId}`]).toMatchObject({ reason, path: 'verify.log' });
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    expect(stage.state.problems).toEqual({});
    playOut(stage);
    expect(stage.todo('Login').status).toBe('committed');
  });

  it.each(['cancel-todo', 'requeue'] as const)('takes its parked effect off the problems with %s', (type) => {
    const stage = stageAt('qa_validation');
    const { effectId } = stage.only('run-turn');
    stage.do({ type: 'park-effect', effectId, reason: 'It threw each time.', logs: [] }, runtime);
    expect(Object.keys(stage.state.problems)).toEqual([`parked-${effectId}`]);
    const { todoId } = stage.todo('Login');
    stage.do(type === 'requeue' ? { type, todoId } : { type, todoId, reason: '' });
    expect(stage.state.problems).toEqual({});
  });

  it('of approved work that is parked is blocked too, and a retry brings it to the target', () => {
    const stage = stageAt('qa_validation', {}, { integrate: 'on_approval' });
    playOut(stage);
    const { todoId } = stage.todo('Login');
    stage.do({ type: 'approve', todoId, revision: 1, comment: '' });
    stage.do({ type: 'park-effect', effectId: stage.only('rebase').effectId, reason: 'It threw each time.', logs: [] }, runtime);
    expect(stage.todo('Login').status).toBe('blocked');
    stage.do({ type: 'retry', subjectId: todoId });
    playOut(stage);
    expect(columnOf(stage.todo('Login'))).toBe('approved');
  });
});

describe('limits and stops', () => {
  it('block a card at its turns before the next one is asked for, a repair included', () => {
    const stage = stageAt('architect_guidance', { limits: { cardTurns: 2 } });
    stage.endTurn(stage.only('run-turn'), { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' });
    expect(stage.todo('Login')).toMatchObject({
      turnsSpent: 2,
      blocker: { kind: 'cap', reason: 'The card used 2 turns, which is the limit (limits.card_turns). It is no JSON.' },
    });
  });

  it('block a card at its tokens', () => {
    const stage = stageAt('planner_draft', { limits: { cardTokens: 900 } });
    settleWell(stage, stage.only('run-turn'));
    expect(stage.todo('Login').blocker?.reason).toBe('The card used 1000 tokens, which is the limit (limits.card_tokens).');
  });

  it('count the tokens of a sprint by role, planning included, and the roles make up the whole', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    playToStep(stage, 'Login', 'architect_review');
    expect(stage.sprint.tokensByRole).toEqual({ planner: 6_000, architect: 1_000, developer: 1_000 });
    playOut(stage);
    const { tokensSpent, tokensByRole } = stage.sprint;
    expect(Object.values(tokensByRole ?? {}).reduce((sum, tokens) => sum + tokens)).toBe(tokensSpent);
  });

  it('pause at the tokens of the day, say so on the board, and go on when somebody raises the limit and resumes', () => {
    const stage = new DomainStage({ limits: { dayTokens: 6_000 } });
    plannedSprint(stage, [item('A')]);
    playOut(stage);
    const reason =
      "Today's 6000 tokens reached the limit of 6000 (limits.day_tokens). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.";
    expect(stage.sprint.pausedReason).toContain(reason);
    expect(waitingFor(stage.todo('A'), stage.state)).toBe(`waits for you: ${reason}`);
    stage.do({ type: 'resume-sprint' });
    expect([stage.sprint.status, stage.sprint.pausedReason]).toEqual(['paused', reason]);
    stage.configure({ limits: { dayTokens: 60_000 } });
    stage.do({ type: 'resume-sprint' });
    playOut(stage);
    expect(stage.sprint.status).toBe('completed');
  });

  it('go on at the tokens of a card when somebody raises the limit and retries it, and not before', () => {
    const stage = stageAt('planner_draft', { limits: { cardTokens: 900 } });
    settleWell(stage, stage.only('run-turn'));
    expect(stage.sprint.pausedReason).toContain('The card used 1000 tokens, which is the limit (limits.card_tokens).');
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    expect(stage.todo('Login').blocker?.kind).toBe('cap');
    stage.configure({ limits: { cardTokens: 90_000 } });
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    playOut(stage);
    expect(stage.todo('Login').status).toBe('committed');
  });

  it('pause at the tokens of the day, and go on the next day when somebody resumes', () => {
    const stage = new DomainStage({ limits: { dayTokens: 6_000, parallelTodos: 2 } });
    plannedSprint(stage, [item('A'), item('B')]);
    playOut(stage);
    const reason = (tokens: number): string =>
      `Today's ${tokens} tokens reached the limit of 6000 (limits.day_tokens). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.`;
    expect(['A', 'B'].map((title) => [stage.todo(title).status, stage.todo(title).blocker?.reason])).toEqual([
      ['paused', reason(6_000)],
      ['paused', reason(7_000)],
    ]);
    expect(stage.sprint.status).toBe('paused');
    stage.later(86_400);
    stage.configure({ limits: { parallelTodos: 2, sprintHours: 48 } });
    stage.do({ type: 'resume-sprint' });
    playOut(stage);
    expect(stage.sprint.status).toBe('completed');
  });

  it('pause a sprint at its hours before it starts another todo', () => {
    const stage = new DomainStage({ limits: { sprintHours: 1 } });
    plannedSprint(stage, [item('A'), item('B')]);
    stage.later(3_700);
    playOut(stage);
    expect([stage.todo('A').status, stage.todo('B').status, stage.sprint.pausedReason]).toEqual([
      'committed',
      'queued',
      'The sprint ran for 1 hours, which is the limit (limits.sprint_hours).',
    ]);
  });

  it('pause at the turns of a day, and go on when the limit is raised', () => {
    const stage = new DomainStage({ limits: { dayTurns: 6 } });
    plannedSprint(stage, [item('A')]);
    playOut(stage);
    const reason =
      "Today's 6 turns reached the limit of 6 (limits.day_turns). Raise it or wait for tomorrow (UTC), then resume the sprint or retry.";
    expect([stage.todo('A').status, stage.todo('A').blocker?.reason]).toEqual(['paused', reason]);
    stage.configure({ limits: { dayTurns: 60 } });
    stage.do({ type: 'resume-sprint' });
    playOut(stage);
    expect(stage.todo('A').status).toBe('committed');
  });

  it('gives a sprint that a person resumes at its time limit another round of the same length', () => {
    const stage = new DomainStage({ limits: { sprintHours: 1 } });
    plannedSprint(stage, [item('First', { priorityRank: 1 }), item('Second', { priorityRank: 2 })]);
    stage.later(2 * 3_600);
    playOut(stage);
    expect(stage.sprint).toMatchObject({ status: 'paused' });
    stage.do({ type: 'resume-sprint' }, lead);
    playOut(stage);
    expect(stage.sprint.status).toBe('completed');
  });

  it('stop everything at once, and resume at the same step', () => {
    const stage = stageAt('developer_build');
    stage.do({ type: 'stop-all' });
    expect([stage.todo('Login').status, stage.sprint.status, stage.pending()]).toEqual(['paused', 'paused', []]);
    expect(stage.refused({ type: 'stop-all' })).toEqual({
      id: 'nothing-to-stop',
      message: 'Everything is stopped already: Stopped by lead.',
    });
    expect(stage.refused({ type: 'retry', subjectId: stage.todo('Login').todoId }).id).toBe('halted');
    stage.restart();
    expect(stage.pending()).toEqual([]);
    stage.do({ type: 'resume-sprint' });
    expect(place(stage)).toEqual(['running', 'implementation', 'developer_build', 'developer', 'active']);
    expect(stage.todo('Login').workflow.visits.developer_build).toBe(2);
    expect(stage.refused({ type: 'resume-sprint' })).toEqual({ id: 'nothing-to-resume', message: 'Nothing is paused.' });
  });

  it('resume a paused todo though an answer woke nothing while everything was stopped', () => {
    const stage = new DomainStage({ limits: { parallelTodos: 2 } });
    plannedSprint(stage, [item('A'), item('B')]);
    playToStep(stage, 'A', 'planner_draft');
    stage.endTurn(stage.only('run-turn', 'A'), { kind: 'breach', breaches: ['It moved HEAD.'] });
    stage.do({ type: 'stop-all' });
    stage.do({ type: 'answer', subjectId: stage.todo('A').todoId, text: 'Go on.' });
    expect([stage.sprint.status, stage.pending()]).toEqual(['paused', []]);
    stage.do({ type: 'resume-sprint' });
    playOut(stage);
    expect(['A', 'B'].map((title) => stage.todo(title).status)).toEqual(['committed', 'committed']);
  });

  it('end a sprint that is stopped after everything was, as cancelled and with nothing held up any more', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B')]);
    stage.do({ type: 'stop-all' });
    stage.do({ type: 'stop-sprint' });
    expect([stage.sprint.status, stage.sprint.closeoutStatus, stage.state.halt]).toEqual(['cancelled', 'cancelled', null]);
    expect(stage.records.some(({ body }) => body.includes('stopped with 0 of 2 todos done; the rest is carried over'))).toBe(true);
    expect(stage.state.activeSprintId).toBeNull();
  });

  it('leave a stopped workspace stopped when a request waits besides the sprint that is ended', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A')]);
    stage.do({ type: 'submit-request', text: 'Something else.' });
    stage.do({ type: 'stop-all' });
    stage.do({ type: 'stop-sprint' });
    expect(stage.state.halt?.reason).toBe('Stopped by lead.');
  });

  it('let a running todo finish when the sprint is stopped, and carry the rest over', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B')]);
    stage.do({ type: 'stop-sprint' });
    expect(stage.todo('A').status).toBe('running');
    playOut(stage);
    expect([stage.todo('A').status, stage.todo('B').status, stage.sprint.status]).toEqual(['committed', 'carried_over', 'completed']);
    expect(stage.records.some(({ body }) => body.includes('stopped with 1 of 2 todos done; the rest is carried over'))).toBe(true);
    expect(stage.state.backlog[stage.todo('B').backlogId]).toMatchObject({ status: 'pending', selectedInSprintId: '' });
    expect(stage.refused({ type: 'retry', subjectId: stage.todo('B').todoId })).toEqual({
      id: 'no-running-sprint',
      message: `The sprint of ${stage.todo('B').todoId} "B" has ended. Its backlog item can be taken into the next sprint.`,
    });
  });

  it('offer retry on a cancelled card while the sprint goes on, unless its item was dropped', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B'), item('C')]);
    const cancel = (title: string): void => void stage.do({ type: 'cancel-todo', todoId: stage.todo(title).todoId, reason: 'no use' });
    cancel('B');
    cancel('C');
    stage.do({ type: 'drop-backlog-item', backlogId: stage.todo('C').backlogId, reason: 'no use' });
    stage.do({ type: 'retry', subjectId: stage.todo('B').todoId });
    expect(stage.todo('B').status).toBe('queued');
    expect(stage.refused({ type: 'retry', subjectId: stage.todo('C').todoId })).toEqual({
      id: 'already-ended',
      message: `The backlog item of ${stage.todo('C').todoId} "C" was dropped. Add a new one instead.`,
    });
  });

  it('start paused after three starts in which only a waiting working tree was looked at', () => {
    const looping = stageAt('qa_validation');
    playUntil(looping, () => looping.pending('integrate').length === 1);
    looping.restart();
    const waits = { kind: 'waiting', reason: 'Your src/a.ts is not committed.', files: ['src/a.ts'] } as const;
    for (let start = 0; start < 2; start += 1) {
      looping.settle(looping.only('integrate'), 'integrate', waits);
      looping.restart();
    }
    expect(looping.state.halt?.reason).toContain('Muster was started 3 times in ten minutes without finishing anything');
  });

  it('start paused after three starts in ten minutes that finished nothing, and not after three in a day', () => {
    const looping = stageAt('developer_build');
    for (let start = 0; start < 3; start += 1) looping.restart();
    expect(looping.state.halt?.reason).toBe('Muster was started 3 times in ten minutes without finishing anything, so it starts paused.');
    looping.do({ type: 'resume-sprint' }, lead);
    expect(looping.state.halt).toBeNull();
    const slow = stageAt('developer_build');
    for (let start = 0; start < 3; start += 1) {
      slow.later(700);
      slow.restart();
    }
    expect(slow.state.halt).toBeNull();
    const working = stageAt('architect_guidance');
    for (let start = 0; start < 4; start += 1) {
      working.restart();
      const [next] = working.pending();
      if (next) settleWell(working, next);
    }
    expect(working.state.halt).toBeNull();
  });
});
