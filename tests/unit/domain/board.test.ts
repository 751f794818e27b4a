import { describe, expect, it } from 'vitest';
import { badgesOf, columnOf, compareTodos, gatesOf, isOnBoard, openDependencies, waitingFor } from '../../../src/shared/domain/board.js';
import { nextInQueue } from '../../../src/shared/domain/queue.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { Revision, Todo } from '../../../src/shared/domain/state.js';
import { newWorkflow } from '../../../src/shared/domain/workflow.js';
import type { Step } from '../../../src/shared/domain/workflow.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playToStep, playUntil, settleWell } from './sprint-play.js';

/** A card made from a real one, at any place of its life. */
function card(changes: Partial<Todo>, revision: Partial<Revision> = {}): Todo {
  const stage = new DomainStage();
  plannedSprint(stage, [item('Login')]);
  const todo = stage.todo('Login');
  return { ...todo, ...changes, revisions: [{ ...currentRevision(todo), ...revision }] };
}

const steps: readonly (readonly [Step, string])[] = [
  ['planner_draft', 'in_progress'],
  ['planner_advisory', 'in_progress'],
  ['planner_finalize', 'in_progress'],
  ['architect_guidance', 'in_progress'],
  ['developer_build', 'in_progress'],
  ['developer_revision', 'in_progress'],
  ['architect_review', 'review'],
  ['qa_validation', 'review'],
  ['closeout', 'review'],
];

describe('the column of a card', () => {
  for (const status of ['running', 'paused', 'blocked', 'uncommitted'] as const)
    it.each(steps)(`of a ${status} todo at %s is %s`, (step, column) => {
      expect(columnOf(card({ status, workflow: newWorkflow(step) }))).toBe(column);
    });

  it.each(steps)('of a queued todo at %s is TODO', (step) => {
    expect(columnOf(card({ status: 'queued', workflow: newWorkflow(step) }))).toBe('todo');
  });

  it.each([
    ['committed, and nobody said anything', 'committed', { isIntegrated: true }, 'done'],
    ['committed with an open review', 'committed', { isIntegrated: true, isReviewOpen: true }, 'review'],
    ['committed and approved', 'committed', { isIntegrated: true, isApproved: true }, 'approved'],
    ['approved, and not yet on the target', 'committed', { isApproved: true }, 'done'],
    ['approved with a new review open, not yet on the target', 'committed', { isApproved: true, isReviewOpen: true }, 'review'],
    ['completed without a commit', 'completed', {}, 'done'],
    ['completed with an open review', 'completed', { isReviewOpen: true }, 'review'],
    ['completed without a commit and approved', 'completed', { isApproved: true }, 'approved'],
  ] as const)('%s: %s %o is %s', (_what, status, revision, column) => {
    expect(columnOf(card({ status, workflow: newWorkflow('closeout') }, revision))).toBe(column);
  });

  it('stays where a card was when it is cancelled, in the queue or at work', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 }), item('C', { priorityRank: 3 })]);
    playToStep(stage, 'A', 'architect_review');
    stage.do({ type: 'cancel-todo', todoId: stage.todo('A').todoId, reason: 'no use' });
    stage.do({ type: 'requeue', todoId: stage.todo('B').todoId });
    stage.do({ type: 'cancel-todo', todoId: stage.todo('B').todoId, reason: 'no use' });
    stage.do({ type: 'cancel-todo', todoId: stage.todo('C').todoId, reason: 'no use' });
    expect(['A', 'B', 'C'].map((title) => columnOf(stage.todo(title)))).toEqual(['review', 'todo', 'in_progress']);
  });

  it('is left by dropped cards when the sprint ends, and not before', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 })]);
    stage.do({ type: 'cancel-todo', todoId: stage.todo('A').todoId, reason: 'no use' });
    expect(isOnBoard(stage.todo('A'), stage.state)).toBe(true);
    playOut(stage);
    expect(stage.sprint.status).toBe('completed');
    expect(['A', 'B'].map((title) => isOnBoard(stage.todo(title), stage.state))).toEqual([false, true]);
  });
});

describe('the badges of a card', () => {
  it('say the reason of a block, a pause, a cancellation and a failure', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const reasons = (): string[] => badgesOf(stage.todo('Login'), stage.state).map(({ id, reason }) => `${id}: ${reason}`);
    const { todoId } = stage.todo('Login');
    settleWell(stage, stage.only('add-worktree'));
    stage.endTurn(stage.only('run-turn'), { kind: 'breach', breaches: ['It moved HEAD.'] });
    expect(reasons()).toEqual(["blocked: planner's turn at planner_draft did what it may not: It moved HEAD. Everything was put back."]);
    stage.do({ type: 'retry', subjectId: todoId });
    stage.do({ type: 'stop-all' });
    expect(reasons()).toEqual(['paused: Stopped by lead.']);
    stage.do({ type: 'resume-sprint' });
    const malformed = { kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' } as const;
    stage.endTurn(stage.only('run-turn'), malformed);
    stage.endTurn(stage.only('run-turn'), malformed);
    expect(reasons()).toEqual([
      'failed: planner gave no readable report at planner_draft, and its repair turn did not either: It is no JSON.',
    ]);
  });

  it('show held, waiting for the working tree, review asked, receipt, needs fix and changed by hand', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const ids = (): string[] => badgesOf(stage.todo('Login'), stage.state).map(({ id }) => id);
    const { todoId } = stage.todo('Login');
    stage.do({ type: 'requeue', todoId });
    expect(ids()).toEqual(['held']);
    stage.do({ type: 'start-next', todoId });
    playToStep(stage, 'Login', 'developer_build');
    stage.beginTurn(stage.only('run-turn'));
    expect(ids()).toEqual(['rehearsal']);
    stage.do({ type: 'note-changed-by-hand', todoId, paths: ['src/a.ts'], by: 'lead' }, runtime);
    expect(ids()).toEqual(['changed_by_hand', 'rehearsal']);
    playUntil(stage, () => stage.pending('integrate').length === 1);
    stage.settle(stage.only('integrate'), 'integrate', { kind: 'waiting', reason: 'src/a.ts has changes of yours.', files: ['src/a.ts'] });
    expect(ids()).toEqual(['waits_for_working_tree', 'changed_by_hand']);
    expect(waitingFor(stage.todo('Login'), stage.state)).toBe('waits for your working tree: src/a.ts has changes of yours.');
    playOut(stage);
    stage.do({ type: 'ask-for-review', todoId, revision: 1 });
    expect(ids()).toEqual(['waits_for_person', 'verified', 'changed_by_hand']);
  });

  it('say needs fix with what was asked after a request for changes', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 })]);
    playUntil(stage, () => stage.todo('A').status === 'committed');
    stage.do({ type: 'request-changes', todoId: stage.todo('A').todoId, revision: 1, comment: 'The button is grey.' });
    expect(badgesOf(stage.todo('A'), stage.state)[0]).toEqual({ id: 'needs_fix', reason: 'The button is grey.' });
  });
});

describe('what a card waits for', () => {
  it('names the dependency, then the slot, then the turn, then the person', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B', { dependsOn: ['A'] }), item('C')]);
    const of = (title: string): string => waitingFor(stage.todo(title), stage.state);
    expect([of('A'), of('B'), of('C')]).toEqual(['its worktree is being prepared', 'waits for "A"', 'waits for a free slot']);
    settleWell(stage, stage.only('add-worktree'));
    expect(of('A')).toBe('planner: planner draft');
    playUntil(stage, () => stage.todo('A').activity.kind === 'evidence');
    expect(of('A')).toBe('the verification runs for QA');
    playUntil(stage, () => stage.pending('verify').length === 1);
    expect(of('A')).toBe('closeout: verify');
    playUntil(stage, () => stage.todo('A').status === 'committed');
    expect(of('A')).toBe('waits for you: approve it or request changes');
    stage.do({ type: 'ask-for-review', todoId: stage.todo('A').todoId, revision: 1 });
    expect(of('A')).toBe('waits for you: review');
    stage.do({ type: 'approve', todoId: stage.todo('A').todoId, revision: 1, comment: '' });
    expect(of('A')).toBe('');
    stage.do({ type: 'stop-all' });
    expect([of('B'), of('C')]).toContain('waits for you: it was paused; resume the sprint or retry it');
  });

  it('names the way out to a queued card after everything was stopped', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B')]);
    stage.do({ type: 'stop-all' });
    expect(waitingFor(stage.todo('B'), stage.state)).toBe('waits for you: Stopped by lead. `muster sprint resume` goes on.');
  });

  it('names three todos of a smaller rank and says that there are others', () => {
    const stage = new DomainStage();
    plannedSprint(
      stage,
      ['A', 'B', 'C', 'D', 'E'].map((title, index) => item(title, { priorityRank: index + 1 })),
    );
    const of = (title: string): string => waitingFor(stage.todo(title), stage.state);
    expect([of('D'), of('E')]).toEqual(['waits for "A", "B", "C"', 'waits for "A", "B", "C" and others']);
    const refusal = stage.give({ type: 'start-next', todoId: stage.todo('E').todoId });
    const [a, b, c] = ['A', 'B', 'C'].map((title) => `${stage.todo(title).todoId} "${title}"`);
    expect(!refusal.ok && refusal.error.message).toBe(`${stage.todo('E').todoId} "E" waits for ${a}, ${b}, ${c} and others.`);
  });

  it('is named by the sprint that pauses for it', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B', { dependsOn: ['A'] })]);
    stage.settle(stage.only('add-worktree'), 'add-worktree', { kind: 'refused', reason: 'The disk is full.', cause: 'git' });
    const { todoId } = stage.todo('A');
    expect(stage.sprint.pausedReason).toBe(
      `A person is needed: ${todoId} "A" (The disk is full.). Retry, answer or cancel them, or stop the sprint.`,
    );
    stage.do({ type: 'cancel-todo', todoId, reason: 'no use' });
    expect(stage.sprint.pausedReason).toBe(
      `A person is needed: ${stage.todo('B').todoId} "B" (waits for "A"). Retry, answer or cancel them, or stop the sprint.`,
    );
    stage.do({ type: 'cancel-todo', todoId: stage.todo('B').todoId, reason: 'no use' });
    expect(stage.sprint.status).toBe('completed');
  });
});

describe('the queue', () => {
  it('takes rank 1 first, no rank last, and lets equal ranks run side by side up to the limit', () => {
    const stage = new DomainStage({ limits: { parallelTodos: 2 } });
    plannedSprint(stage, [
      item('none'),
      item('second', { priorityRank: 2 }),
      item('first a', { priorityRank: 1 }),
      item('first b', { priorityRank: 1 }),
    ]);
    const running = (): string[] =>
      Object.values(stage.state.todos)
        .filter(({ status }) => status === 'running')
        .map(({ title }) => title)
        .sort();
    expect(running()).toEqual(['first a', 'first b']);
    playUntil(
      stage,
      () => stage.todo('first a').status === 'committed',
      (pending) => stage.todoIdOf(pending.effect) === stage.todo('first a').todoId,
    );
    expect(running()).toEqual(['first b', 'none']);
    expect(openDependencies(stage.todo('second'), stage.state).map(({ title }) => title)).toEqual(['first b']);
  });

  it('looks at each todo a few times, however many wait for one of a smaller rank', () => {
    const stage = new DomainStage();
    const count = 100;
    plannedSprint(
      stage,
      Array.from({ length: count }, (_, index) => item(`todo ${index + 1}`, { priorityRank: index + 1 })),
    );
    let looks = 0;
    const todos = new Proxy(stage.state.todos, { get: (all, id: string) => ((looks += 1), all[id]) });
    const state = { ...stage.state, todos };
    expect(nextInQueue(state, stage.sprint.sprintId)).toBeNull();
    const gates = gatesOf(state);
    const reasons = Object.values(stage.state.todos).map((todo) => waitingFor(todo, state, gates));
    expect(reasons.at(-1)).toBe('waits for "todo 1", "todo 2", "todo 3" and others');
    expect(looks).toBeLessThan(count * 4);
  });

  it('puts rework in front, then what was ordered by hand', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B'), item('C'), item('D')]);
    playUntil(stage, () => stage.todo('A').status === 'committed');
    stage.do({ type: 'reorder', todoId: stage.todo('D').todoId, order: -1 });
    stage.do({ type: 'request-changes', todoId: stage.todo('A').todoId, revision: 1, comment: 'Once more.' });
    const queued = Object.values(stage.state.todos).filter(({ status }) => status === 'queued');
    expect(queued.sort(compareTodos).map(({ title }) => title)).toEqual(['A', 'D', 'C']);
    expect(nextInQueue(stage.state, stage.sprint.sprintId)?.title).toBe('A');
  });

  it.each([
    [{ isolation: 'in_place' as const }, 1],
    [{ kind: 'no-repository' as const }, 1],
    [{}, 3],
  ])('runs in a sprint with %o as many todos at once as %i', (terms, count) => {
    const stage = new DomainStage({ limits: { parallelTodos: 3 } });
    plannedSprint(stage, [item('A'), item('B'), item('C'), item('D')], terms);
    expect(Object.values(stage.state.todos).filter(({ status }) => status === 'running')).toHaveLength(count);
  });

  it('gives parallel todos different members of a role', () => {
    const stage = new DomainStage({ limits: { parallelTodos: 2 } });
    plannedSprint(stage, [item('A'), item('B')]);
    playToStep(stage, 'A', 'developer_build');
    playToStep(stage, 'B', 'developer_build');
    expect([stage.todo('A').members['developer'], stage.todo('B').members['developer']]).toEqual(['developer', 'developer-2']);
  });

  it('starts a card by hand only where nothing stands against it', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('B'), item('C', { dependsOn: ['A'] })]);
    const refused = (title: string) => stage.refused({ type: 'start-next', todoId: stage.todo(title).todoId }, lead);
    expect(refused('B')).toEqual({ id: 'no-free-slot', message: 'No slot is free: 1 of 1 todos run (limits.parallel_todos).' });
    expect(refused('A').id).toBe('same-column');
    expect(refused('C')).toEqual({
      id: 'open-dependency',
      message: `${stage.todo('C').todoId} "C" waits for ${stage.todo('A').todoId} "A".`,
    });
    stage.do({ type: 'stop-all' });
    expect(refused('B')).toEqual({ id: 'halted', message: 'Everything is stopped: Stopped by lead. `muster sprint resume` goes on.' });
    stage.do({ type: 'resume-sprint' });
    stage.do({ type: 'stop-sprint' });
    playOut(stage);
    expect(stage.refused({ type: 'start-next', todoId: stage.todo('B').todoId }).id).toBe('no-running-sprint');
  });
});
