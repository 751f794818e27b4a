import { describe, expect, it } from 'vitest';
import { badgesOf, columnOf, waitingFor } from '../../../src/shared/domain/board.js';
import type { Actor } from '../../../src/shared/domain/state.js';
import { DomainStage, lead, reviewer, runtime } from './domain-stage.js';
import { receiptFor } from './receipts.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playToStep, playUntil } from './sprint-play.js';

const architect: Actor = { kind: 'role', id: 'architect' };
const file: Actor = { kind: 'file-edit', id: 'backlog/1.json' };

/** A sprint with two cards: A is the one that is looked at, B keeps the sprint going. */
function stageWith(terms: Parameters<typeof plannedSprint>[2] = {}, review = { reviewers: [] as string[], required: 1 }): DomainStage {
  const stage = new DomainStage({ review });
  plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 })], terms);
  return stage;
}

const at = (stage: DomainStage, revision = 1) => ({ todoId: stage.todo('A').todoId, revision });
const approve = (stage: DomainStage, revision = 1) => ({ type: 'approve', ...at(stage, revision), comment: '' }) as const;
const change = (stage: DomainStage, comment = 'Not so.', revision = 1) =>
  ({ type: 'request-changes', ...at(stage, revision), comment }) as const;
const ask = (stage: DomainStage) => ({ type: 'ask-for-review', ...at(stage) }) as const;
const withdraw = (stage: DomainStage) => ({ type: 'withdraw-review', ...at(stage) }) as const;
const takeBack = (stage: DomainStage) => ({ type: 'take-back', ...at(stage) }) as const;
const land = (stage: DomainStage): void => playUntil(stage, () => stage.todo('A').status === 'committed');

describe('a verdict is refused', () => {
  it('in TODO: there is nothing to review', () => {
    const stage = stageWith();
    stage.do({ type: 'requeue', todoId: stage.todo('A').todoId });
    const sentence = `There is nothing to review on ${stage.todo('A').todoId} "A": it waits in TODO.`;
    for (const command of [approve(stage), change(stage), ask(stage), withdraw(stage), takeBack(stage)])
      expect(stage.refused(command)).toEqual({ id: 'nothing-to-review', message: sentence });
  });

  it('in IN PROGRESS: the developer has not reported', () => {
    const stage = stageWith();
    playToStep(stage, 'A', 'developer_build');
    const notReported = {
      id: 'not-reported-yet',
      message: `The developer has not reported on ${stage.todo('A').todoId} "A" yet. Wait for the review, or stop it by moving it to TODO.`,
    };
    expect(stage.refused(approve(stage))).toEqual(notReported);
    expect(stage.refused(change(stage))).toEqual(notReported);
    expect(stage.refused(ask(stage)).id).toBe('not-reported-yet');
  });

  it('in REVIEW while agents review: QA has not finished, except a request for changes', () => {
    const stage = stageWith();
    playToStep(stage, 'A', 'qa_validation');
    expect(stage.refused(approve(stage))).toEqual({
      id: 'qa-not-finished',
      message: `${stage.todo('A').todoId} "A" has no receipt yet: qa validation has not finished.`,
    });
    expect(stage.refused(takeBack(stage)).id).toBe('qa-not-finished');
    expect(stage.refused(change(stage, ' '))).toEqual({
      id: 'comment-required',
      message: `Say what should change on ${stage.todo('A').todoId} "A": a request for changes needs a comment.`,
    });
  });

  it('on a revision that is not the present one', () => {
    const stage = stageWith();
    land(stage);
    const changed = {
      id: 'card-changed',
      message: `The card changed since you looked: ${stage.todo('A').todoId} "A" is at revision 1, not 2. Look at it again.`,
    };
    expect(stage.refused(approve(stage, 2))).toEqual(changed);
    expect(stage.refused(change(stage, 'Not so.', 2))).toEqual(changed);
  });

  it('twice: approved, open or not open already', () => {
    const stage = stageWith();
    land(stage);
    expect(stage.refused(takeBack(stage)).id).toBe('not-approved');
    expect(stage.refused(withdraw(stage)).id).toBe('no-review-open');
    stage.do(ask(stage));
    expect(stage.refused(ask(stage))).toEqual({ id: 'review-open', message: `A review of ${stage.todo('A').todoId} "A" is open already.` });
    stage.do(approve(stage));
    expect(stage.refused(approve(stage))).toEqual({
      id: 'approved-already',
      message: `${stage.todo('A').todoId} "A" is approved already.`,
    });
  });

  it('from a file, from the program, from a role that is not listed, and from a person who is not', () => {
    const stage = stageWith({}, { reviewers: ['reviewer'], required: 1 });
    land(stage);
    for (const actor of [file, runtime])
      expect(stage.refused(approve(stage), actor)).toEqual({
        id: 'may-not-review',
        message: 'A verdict is given by a person, not by a file or the program.',
      });
    const unlisted = (id: string) => ({ id: 'may-not-review', message: `${id} is not among the reviewers of this workspace: reviewer.` });
    expect(stage.refused(approve(stage), architect)).toEqual(unlisted('architect'));
    expect(stage.refused(change(stage), lead)).toEqual(unlisted('lead'));
    stage.do(approve(stage), reviewer);
    expect(stage.refused(takeBack(stage), lead)).toEqual(unlisted('lead'));
    expect(stage.refused(ask(stage), lead)).toEqual(unlisted('lead'));
  });

  it('from a role where nobody is listed, as any person means no role', () => {
    const stage = stageWith();
    land(stage);
    expect(stage.refused(approve(stage), architect)).toEqual({
      id: 'may-not-review',
      message: 'The role architect may give a verdict only where review.reviewers names it.',
    });
    expect(stage.refused(change(stage), architect).id).toBe('may-not-review');
  });

  it('on own work', () => {
    const stage = stageWith({}, { reviewers: ['developer', 'architect'], required: 1 });
    land(stage);
    expect(stage.refused(approve(stage), { kind: 'role', id: 'developer' })).toEqual({
      id: 'own-work',
      message: 'developer made a part of this revision and may not approve it. Ask somebody else for a review.',
    });
    stage.do(approve(stage), architect);
  });

  it('on a card that has ended', () => {
    const stage = stageWith();
    playToStep(stage, 'A', 'architect_review');
    stage.do({ type: 'cancel-todo', todoId: stage.todo('A').todoId, reason: 'no use' });
    expect(stage.refused(change(stage))).toEqual({
      id: 'already-ended',
      message: `${stage.todo('A').todoId} "A" is cancelled. Retry it, or put it back to the backlog.`,
    });
  });
});

describe('a verdict', () => {
  it('moves a landed card between DONE, REVIEW and APPROVED, and each is in its history', () => {
    const stage = stageWith();
    land(stage);
    const seen = [columnOf(stage.todo('A'))];
    for (const command of [ask(stage), withdraw(stage), approve(stage), takeBack(stage), approve(stage), ask(stage)]) {
      stage.do(command);
      seen.push(columnOf(stage.todo('A')));
    }
    expect(seen).toEqual(['done', 'review', 'done', 'approved', 'done', 'approved', 'review']);
    expect(stage.revision('A').verdicts.map(({ kind }) => kind)).toEqual([
      'review-asked',
      'review-withdrawn',
      'approved',
      'taken-back',
      'approved',
      'taken-back',
      'review-asked',
    ]);
  });

  it('that requests changes while agents review ends their turn and goes to the developer with the comment', () => {
    const stage = stageWith();
    playToStep(stage, 'A', 'qa_validation');
    const [turn] = stage.pending('run-turn');
    stage.do(change(stage, 'The button is grey.'));
    expect(stage.state.effects[turn?.effectId ?? '']).toBeUndefined();
    expect(stage.todo('A')).toMatchObject({
      status: 'running',
      needsFix: true,
      workflow: { step: 'developer_revision', owner: 'developer' },
    });
    expect(stage.todo('A').inputs.at(-1)).toMatchObject({ by: 'lead', text: 'The button is grey.' });
  });

  it('that requests changes on a card blocked in its review wakes the sprint that paused for it', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A')]);
    playToStep(stage, 'A', 'architect_review');
    stage.endTurn(stage.only('run-turn'), { kind: 'breach', breaches: ['It moved HEAD.'] });
    expect(stage.sprint.status).toBe('paused');
    stage.do(change(stage));
    expect([stage.sprint.status, stage.todo('A').status]).toEqual(['running', 'running']);
  });

  it('that requests changes on landed work opens a revision from the developer on, with a fresh worktree and fresh limits', () => {
    const stage = stageWith();
    land(stage);
    stage.do(approve(stage));
    stage.do(change(stage, 'The button is grey.'));
    const todo = stage.todo('A');
    expect(columnOf(todo)).toBe('todo');
    expect(stage.revision('A')).toMatchObject({ number: 2, request: 'The button is grey.', commit: null, worktreePath: '' });
    expect(todo.revisions[0]).toMatchObject({ isApproved: false, isIntegrated: true });
    playUntil(stage, () => stage.todo('B').status === 'committed');
    playUntil(stage, () => stage.todo('A').status === 'committed');
    expect(stage.revision('A')).toMatchObject({ number: 2, isIntegrated: true, isApproved: false });
    expect(stage.refused(approve(stage, 1)).id).toBe('card-changed');
  });

  it('that requests changes after the sprint makes one item in front of the backlog, and a second wish joins it', () => {
    const stage = stageWith();
    playOut(stage);
    expect(stage.sprint.status).toBe('completed');
    stage.do({ type: 'add-backlog-item', fields: { title: 'Other', priorityRank: 1 } });
    stage.do(change(stage, 'The button is grey.'));
    stage.do(change(stage, 'And small.'), reviewer);
    const rework = Object.values(stage.state.backlog).filter(({ reworkOf }) => reworkOf !== '');
    expect(rework).toMatchObject([
      {
        title: 'Rework: A',
        reworkOf: stage.todo('A').backlogId,
        summary: 'The button is grey.\nAnd small.',
        status: 'pending',
        priorityRank: 1,
      },
    ]);
    expect([stage.todo('A').status, columnOf(stage.todo('A'))]).toEqual(['committed', 'done']);
  });

  it('of two people is needed where two are required, and a taken-back one does not count', () => {
    const stage = stageWith({ integrate: 'on_approval' }, { reviewers: [], required: 2 });
    land(stage);
    stage.do(approve(stage), lead);
    expect(stage.revision('A').isApproved).toBe(false);
    expect(stage.pending('rebase')).toHaveLength(0);
    stage.do(approve(stage), reviewer);
    expect(stage.revision('A').isApproved).toBe(true);
    stage.do(takeBack(stage), lead);
    stage.do(approve(stage), lead);
    expect(stage.revision('A').isApproved).toBe(false);
  });
});

describe('an approval under on_approval', () => {
  const landed = (): DomainStage => {
    const stage = stageWith({ integrate: 'on_approval' });
    land(stage);
    return stage;
  };
  const ofA = (stage: DomainStage) => (pending: Parameters<typeof stage.settle>[0]) =>
    stage.todoIdOf(pending.effect) === stage.todo('A').todoId;

  it('brings the commit onto the target, verified once more, and only then the card is in APPROVED', () => {
    const stage = landed();
    expect(stage.revision('A')).toMatchObject({ isIntegrated: false, closeout: { stage: 'approval' } });
    stage.do(approve(stage));
    expect(columnOf(stage.todo('A'))).toBe('done');
    expect(stage.only('rebase', 'A').effect).toMatchObject({ type: 'rebase', revision: 1 });
    playUntil(stage, () => stage.revision('A').isIntegrated, ofA(stage));
    expect(columnOf(stage.todo('A'))).toBe('approved');
  });

  it('that is taken back on the way stops before the target moves, and goes on with the next one, with one effect at a time', () => {
    const stage = landed();
    stage.do(approve(stage));
    stage.do(takeBack(stage));
    stage.do(approve(stage));
    expect(stage.pending('rebase').filter(ofA(stage))).toHaveLength(1);
    stage.do(takeBack(stage));
    playUntil(stage, () => stage.pending().filter(ofA(stage)).length === 0, ofA(stage));
    expect(stage.revision('A')).toMatchObject({ isIntegrated: false, closeout: { stage: 'approval' } });
    stage.do(approve(stage));
    playUntil(stage, () => stage.revision('A').isIntegrated, ofA(stage));
  });

  it('does not hold for another patch', () => {
    const stage = landed();
    stage.do(approve(stage));
    stage.settle(stage.only('rebase', 'A'), 'rebase', { kind: 'rebased', commit: 'c', tree: 't', onto: 'tip-2', patchId: 'another' });
    stage.settle(stage.only('verify', 'A'), 'verify', {
      kind: 'receipt',
      receipt: receiptFor({ ...at(stage), closeoutId: '', commit: 'c', base: 'tip-2' }, true),
    });
    expect(stage.revision('A').verdicts.at(-1)).toMatchObject({
      kind: 'taken-back',
      comment: 'The change itself became another one when it was brought onto the target. Look at it again.',
    });
    expect([columnOf(stage.todo('A')), stage.pending('integrate').length]).toEqual(['done', 0]);
  });

  it('starts no verification while everything is stopped, and starts it when the halt is lifted', () => {
    const stage = landed();
    stage.do({ type: 'stop-all' });
    stage.do(approve(stage));
    expect(stage.pending()).toEqual([]);
    stage.do({ type: 'resume-sprint' });
    expect(stage.pending('rebase').filter(ofA(stage))).toHaveLength(1);
    stage.do({ type: 'stop-all' });
    expect(stage.pending()).toEqual([]);
    stage.restart();
    stage.do({ type: 'resume-sprint' });
    playUntil(stage, () => stage.revision('A').isIntegrated, ofA(stage));
  });

  it('is not given behind changes that were asked for after the sprint, until a review is asked for', () => {
    const stage = stageWith();
    playOut(stage);
    stage.do(change(stage), lead);
    const { todoId } = stage.todo('A');
    expect(stage.refused(approve(stage), reviewer)).toEqual({
      id: 'request-changes-first',
      message: `Changes were requested on ${todoId} "A", and their rework is in the backlog. To have it as it is, ask for a review first with \`muster ask-for-review\`.`,
    });
    expect(waitingFor(stage.todo('A'), stage.state)).toBe('changes were requested; their rework is in the backlog');
    expect(badgesOf(stage.todo('A'), stage.state).map(({ id }) => id)).toContain('needs_fix');
    stage.do(ask(stage), lead);
    stage.do(approve(stage), reviewer);
    expect(columnOf(stage.todo('A'))).toBe('approved');
  });

  it('given after the sprint: a conflict makes a rework item, and a stumble is retried though no sprint runs', () => {
    const stage = landed();
    playOut(stage);
    expect(stage.sprint.endedAt).not.toBeNull();
    stage.do(approve(stage));
    stage.settle(stage.only('rebase', 'A'), 'rebase', { kind: 'refused', reason: 'The target is gone.' });
    expect(stage.todo('A').status).toBe('uncommitted');
    stage.do({ type: 'retry', subjectId: stage.todo('A').todoId });
    expect(stage.todo('A').status).toBe('committed');
    stage.settle(stage.only('rebase', 'A'), 'rebase', { kind: 'conflict', onto: 'tip-2', files: ['src/a.ts'], detail: '<<<<<<<' });
    expect(Object.values(stage.state.backlog).filter(({ reworkOf }) => reworkOf === stage.todo('A').backlogId)).toMatchObject([
      { title: 'Rework: A', summary: 'The work conflicts with what landed meanwhile, in src/a.ts.\n<<<<<<<' },
    ]);
    expect(stage.todo('A').status).toBe('committed');
  });
});
