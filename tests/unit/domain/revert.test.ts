import { describe, expect, it } from 'vitest';
import { badgesOf, columnOf, waitingFor } from '../../../src/shared/domain/board.js';
import { commitMessage, revertMessage } from '../../../src/shared/domain/commit-message.js';
import { moveFactsOf, planMove } from '../../../src/shared/domain/card-moves.js';
import { DomainStage, lead, reviewer, runtime } from './domain-stage.js';
import { receiptFor } from './receipts.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playToStep, playUntil, settleWell, startSprint } from './sprint-play.js';

/** A sprint with two cards: A is the one that is undone, B keeps the sprint going. */
function stageWith(terms: Parameters<typeof plannedSprint>[2] = {}, review = { reviewers: [] as string[], required: 1 }): DomainStage {
  const stage = new DomainStage({ review });
  plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 2 })], terms);
  return stage;
}

function landed(terms: Parameters<typeof plannedSprint>[2] = {}, review?: { reviewers: string[]; required: number }): DomainStage {
  const stage = stageWith(terms, review);
  playUntil(stage, () => stage.todo('A').status === 'committed');
  return stage;
}

const nameOf = (stage: DomainStage): string => `${stage.todo('A').todoId} "A"`;
const revert = (stage: DomainStage, comment = 'It broke the shop.', revision = stage.todo('A').revision) =>
  ({ type: 'revert-todo', todoId: stage.todo('A').todoId, revision, comment }) as const;
const verdict = (stage: DomainStage) => ({ todoId: stage.todo('A').todoId, revision: stage.todo('A').revision, comment: 'Again.' });
const ofA = (stage: DomainStage) => (pending: Parameters<typeof stage.settle>[0]) =>
  stage.todoIdOf(pending.effect) === stage.todo('A').todoId;
const revertOf = (stage: DomainStage) => {
  const found = stage.revision('A').revert;
  if (!found) throw new Error('A has no revert.');
  return found;
};
const playRevert = (stage: DomainStage): void => playUntil(stage, () => revertOf(stage).revertedAt !== null, ofA(stage));
const conflict = {
  kind: 'conflict',
  files: ['src/a.ts', 'src/b.ts'],
  others: [{ commit: '0123456789abcdef', author: 'Ann', title: 'Tidy' }],
  log: 'blob:1',
} as const;

describe('a revert', () => {
  it('goes through a commit of its own, its verification and its receipt to the target, and the card stays with a final badge', () => {
    const stage = landed();
    const before = stage.revision('A');
    stage.do(revert(stage));
    expect(columnOf(stage.todo('A'))).toBe('done');
    expect(waitingFor(stage.todo('A'), stage.state)).toBe('the revert of its commit is brought to the target');
    const { effect } = stage.only('revert', 'A');
    expect(effect).toMatchObject({ commit: before.commit, revision: 1 });
    playRevert(stage);
    const done = revertOf(stage);
    expect(done).toMatchObject({
      by: lead,
      comment: 'It broke the shop.',
      commit: before.commit,
      blocker: null,
      closeout: { stage: 'done' },
    });
    expect(done.receipt).toMatchObject({ closeoutId: done.closeout.closeoutId, commit: done.closeout.rebased });
    expect(stage.revision('A')).toMatchObject({ receipt: before.receipt, commit: before.commit, closeout: before.closeout });
    expect([stage.todo('A').status, columnOf(stage.todo('A')), waitingFor(stage.todo('A'), stage.state)]).toEqual([
      'committed',
      'done',
      '',
    ]);
    expect(badgesOf(stage.todo('A'), stage.state).find(({ id }) => id === 'reverted')?.reason).toBe(
      `Reverted by lead, commit ${done.closeout.rebased?.slice(0, 12)} undoes ${before.commit?.slice(0, 12)}: It broke the shop.`,
    );
    expect(stage.sprint.activity.map(({ type }) => type)).toEqual(expect.arrayContaining(['revert_asked', 'reverted']));
    expect(stage.refold().todos).toEqual(stage.state.todos);
  });

  it('leaves an approved card in APPROVED, and works after the sprint', () => {
    const stage = landed();
    stage.do({ type: 'approve', ...verdict(stage) });
    playOut(stage);
    expect(stage.sprint.endedAt).not.toBeNull();
    stage.do(revert(stage));
    playRevert(stage);
    expect(columnOf(stage.todo('A'))).toBe('approved');
  });

  it('begins anew on the new tip when the target moved, three times, and asks then', () => {
    const stage = landed();
    stage.do(revert(stage));
    for (let moves = 0; moves < 4; moves += 1) {
      settleWell(stage, stage.only('revert', 'A'));
      settleWell(stage, stage.only('verify', 'A'));
      stage.settle(stage.only('integrate', 'A'), 'integrate', { kind: 'tip-moved', tip: `tip-${moves}` });
    }
    expect(stage.pending().filter(ofA(stage))).toEqual([]);
    expect(revertOf(stage).blocker?.reason).toContain(
      `Could not revert ${nameOf(stage)}: the target branch moved 4 times during the closeout. Retry it when the branch is quiet.`,
    );
  });

  it('waits for the working tree with the files, as every closeout does', () => {
    const stage = landed();
    stage.do(revert(stage));
    settleWell(stage, stage.only('revert', 'A'));
    settleWell(stage, stage.only('verify', 'A'));
    stage.settle(stage.only('integrate', 'A'), 'integrate', { kind: 'waiting', reason: 'it has own changes', files: ['src/a.ts'] });
    expect(waitingFor(stage.todo('A'), stage.state)).toBe('waits for your working tree: it has own changes');
    expect(badgesOf(stage.todo('A'), stage.state).map(({ id }) => id)).toContain('waits_for_working_tree');
    playRevert(stage);
  });

  it('stops at a conflict with the files and who made it, and is tried again or given up', () => {
    const stage = landed();
    const { commit } = stage.revision('A');
    stage.do(revert(stage));
    const first = revertOf(stage).closeout.closeoutId;
    stage.settle(stage.only('revert', 'A'), 'revert', conflict);
    const { todoId } = stage.todo('A');
    const sentence = `Could not revert ${nameOf(stage)}: what landed after its commit ${commit?.slice(0, 12)} changed the same, in src/a.ts, src/b.ts (commit 0123456789 of Ann, "Tidy"). Revert it by hand there. \`muster retry ${todoId}\` tries again, \`muster cancel ${todoId}\` gives the revert up.`;
    expect(revertOf(stage).blocker).toMatchObject({ reason: sentence, kind: 'git', logs: ['blob:1'] });
    expect(waitingFor(stage.todo('A'), stage.state)).toBe(`waits for you: ${sentence}`);
    expect(badgesOf(stage.todo('A'), stage.state)).toContainEqual({ id: 'blocked', reason: sentence });
    expect([stage.todo('A').status, columnOf(stage.todo('A'))]).toEqual(['committed', 'done']);
    expect(stage.refused(revert(stage)).id).toBe('revert-under-way');

    stage.do({ type: 'retry', subjectId: todoId }, reviewer);
    expect(revertOf(stage)).toMatchObject({ by: lead, comment: 'It broke the shop.', blocker: null });
    expect(revertOf(stage).closeout.closeoutId).not.toBe(first);
    stage.settle(stage.only('revert', 'A'), 'revert', { kind: 'empty' });
    expect(revertOf(stage).blocker?.reason).toContain(`the target holds nothing of its commit ${commit?.slice(0, 12)} any more.`);
    stage.do({ type: 'cancel-todo', todoId, reason: '' });
    expect(stage.revision('A').revert).toBeUndefined();
    stage.do({ type: 'approve', ...verdict(stage) });
    expect(columnOf(stage.todo('A'))).toBe('approved');
  });

  it('that is red where the target is green moves nothing and keeps its red receipt', () => {
    const stage = landed();
    stage.do(revert(stage));
    settleWell(stage, stage.only('revert', 'A'));
    const verify = stage.only('verify', 'A');
    if (verify.effect.type !== 'verify') throw new Error('It is no verification.');
    stage.settle(verify, 'verify', { kind: 'receipt', receipt: receiptFor(verify.effect, false) });
    expect(revertOf(stage)).toMatchObject({ receipt: { badge: 'not_verified' }, revertedAt: null });
    expect(revertOf(stage).blocker?.reason).toContain('the verification is red where the target is green: tests (exit 1).');
    expect(stage.pending('integrate')).toEqual([]);
  });

  it('asks before setup runs with what it changes, and goes on with a yes', () => {
    const stage = landed({ setup: [['npm', 'ci']] });
    stage.do(revert(stage));
    settleWell(stage, stage.only('revert', 'A'));
    stage.settle(stage.only('verify', 'A'), 'verify', { kind: 'setup-asked', key: 'key-1', paths: ['package-lock.json'] });
    const { todoId } = stage.todo('A');
    expect(revertOf(stage).blocker).toMatchObject({
      kind: 'setup-question',
      reason: `The revert of ${nameOf(stage)} changes package-lock.json; its setup would run with the network: npm ci. Accept it with \`muster answer ${todoId} yes\`, or give the revert up with \`muster cancel ${todoId}\`.`,
    });
    expect(stage.refused({ type: 'answer', subjectId: todoId, text: 'perhaps' }).id).toBe('bad-input');
    stage.do({ type: 'answer', subjectId: todoId, text: 'yes' });
    expect(Object.keys(stage.state.acceptedSetups ?? {})).toEqual(['key-1']);
    playRevert(stage);
  });

  it('stops with everything, and goes on when that is lifted or after a restart', () => {
    const stage = landed();
    playOut(stage);
    stage.do(revert(stage));
    settleWell(stage, stage.only('revert', 'A'));
    stage.do({ type: 'stop-all' });
    expect(stage.pending()).toEqual([]);
    stage.restart();
    stage.do({ type: 'resume-sprint' });
    playRevert(stage);
  });

  it('that was tried three times without an outcome stands still, and the problem goes when it is tried again', () => {
    const stage = landed();
    stage.do(revert(stage));
    stage.do({ type: 'park-effect', effectId: stage.only('revert', 'A').effectId, reason: 'It threw.', logs: [] }, runtime);
    expect(revertOf(stage).blocker).toMatchObject({ kind: 'parked' });
    expect(Object.values(stage.state.problems)).toHaveLength(1);
    stage.do({ type: 'retry', subjectId: stage.todo('A').todoId });
    expect(stage.state.problems).toEqual({});
    playRevert(stage);
  });

  it('takes a card out of memory with its sprint only when it is done', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A', { priorityRank: 1 })]);
    playOut(stage);
    stage.later(8 * 86_400);
    stage.restart();
    playOut(stage);
    stage.do(revert(stage));
    const first = stage.sprint.sprintId;
    startSprint(stage);
    expect(stage.pending('archive-sprint')).toEqual([]);
    playRevert(stage);
    stage.do({ type: 'stop-sprint' });
    startSprint(stage);
    expect(stage.pending('archive-sprint').map(({ effect }) => effect)).toContainEqual(expect.objectContaining({ sprintId: first }));
    expect(stage.refused(revert(stage)).id).toBe('reverted');
  });
});

describe('a revert is refused', () => {
  it('before the work is on the target', () => {
    const stage = stageWith();
    playToStep(stage, 'A', 'developer_build');
    expect(stage.refused(revert(stage))).toEqual({
      id: 'not-integrated',
      message: `Could not revert ${nameOf(stage)}: revision 1 has not landed. Request changes, or cancel it.`,
    });
    const waiting = landed({ integrate: 'on_approval' });
    expect(waiting.refused(revert(waiting))).toEqual({
      id: 'not-integrated',
      message: `Could not revert ${nameOf(waiting)}: its commit ${waiting.revision('A').commit?.slice(0, 12)} is not on main yet. Request changes instead.`,
    });
  });

  it('where there is no repository', () => {
    const stage = stageWith({ kind: 'no-repository' });
    playUntil(stage, () => stage.todo('A').status === 'completed');
    expect(stage.refused(revert(stage))).toEqual({
      id: 'not-integrated',
      message: `Could not revert ${nameOf(stage)}: the project has no repository, so there is no commit to undo.`,
    });
  });

  it('without a comment, on another revision, from a role, and from who may not review', () => {
    const stage = landed({}, { reviewers: ['reviewer', 'architect'], required: 1 });
    expect(stage.refused(revert(stage, ' '))).toEqual({
      id: 'comment-required',
      message: `Say why ${nameOf(stage)} is reverted: a revert needs a comment.`,
    });
    expect(stage.refused(revert(stage, 'Why not.', 2), reviewer).id).toBe('card-changed');
    expect(stage.refused(revert(stage), { kind: 'role', id: 'architect' })).toEqual({
      id: 'may-not-review',
      message: 'Only a person has landed work reverted.',
    });
    expect(stage.refused(revert(stage), lead).id).toBe('may-not-review');
    stage.do(revert(stage), reviewer);
  });

  it('while it is under way, and once it is done, as is every verdict', () => {
    const stage = landed();
    stage.do(revert(stage));
    const underWay = { id: 'revert-under-way', message: `${nameOf(stage)} is being reverted. Wait until that is done.` };
    const done = {
      id: 'reverted',
      message: `${nameOf(stage)} was reverted: the target does not hold it any more. Request changes to have it made anew.`,
    };
    const verdicts = (['approve', 'ask-for-review', 'take-back', 'withdraw-review'] as const).map((type) => ({ type, ...verdict(stage) }));
    for (const command of [revert(stage), ...verdicts, { type: 'request-changes', ...verdict(stage) } as const])
      expect(stage.refused(command)).toEqual(underWay);
    expect(planMove(moveFactsOf(stage.todo('A')), 'todo')).toMatchObject({ ok: false, error: underWay });
    playRevert(stage);
    for (const command of [revert(stage), ...verdicts]) expect(stage.refused(command)).toEqual(done);
    expect(planMove(moveFactsOf(stage.todo('A')), 'approved')).toMatchObject({ ok: false, error: done });
  });

  it('while everything is stopped, while the workspace is not trusted, and while a sprint works in the own checkout', () => {
    const stage = landed();
    stage.do({ type: 'stop-all' });
    expect(stage.refused(revert(stage)).id).toBe('halted');
    const inPlace = landed({ isolation: 'in_place' });
    expect(inPlace.refused(revert(inPlace))).toEqual({
      id: 'sprint-active',
      message: `Could not revert ${nameOf(inPlace)}: the sprint ${inPlace.sprint.sprintId} works in your own checkout. Revert it when that sprint has ended.`,
    });
    playOut(inPlace);
    inPlace.do(revert(inPlace));
    expect(() => startSprint(inPlace, { isolation: 'in_place' })).toThrow(/cannot start while .* is being reverted/);
    const configuration = stage.state.configuration;
    if (!configuration) throw new Error('There is no configuration.');
    stage.do({ type: 'resume-sprint' });
    stage.do({ type: 'load-configuration', configuration, sha256: 'other', isTrusted: false, untrustedChanges: [] }, runtime);
    expect(stage.refused(revert(stage)).id).toBe('not-trusted');
  });
});

describe('what was reverted', () => {
  it('is made anew when changes are asked for, and the next turn is told that the target does not hold it', () => {
    const stage = landed();
    const { commit } = stage.revision('A');
    stage.do(revert(stage));
    playRevert(stage);
    const by = revertOf(stage).closeout.rebased;
    stage.do({ type: 'request-changes', ...verdict(stage) });
    expect(stage.todo('A')).toMatchObject({ revision: 2, status: 'queued' });
    expect(stage.todo('A').inputs.slice(-2)).toMatchObject([
      {
        text: `The commit ${commit?.slice(0, 12)} of revision 1 was reverted by ${by?.slice(0, 12)}: the target does not hold that work any more.`,
      },
      { text: 'Again.' },
    ]);
    expect(stage.refused(revert(stage)).id).toBe('not-integrated');
    playUntil(stage, () => stage.todo('A').status === 'committed');
    stage.do(revert(stage));
    playRevert(stage);
    expect(stage.todo('A').revisions.map(({ revert: each }) => each?.commit)).toEqual([commit, stage.revision('A').commit]);
  });

  it('makes a rework item after its sprint', () => {
    const stage = landed();
    playOut(stage);
    stage.do(revert(stage));
    playRevert(stage);
    stage.do({ type: 'request-changes', ...verdict(stage) });
    expect(Object.values(stage.state.backlog).filter(({ reworkOf }) => reworkOf !== '')).toMatchObject([{ title: 'Rework: A' }]);
    expect(waitingFor(stage.todo('A'), stage.state)).toBe('changes were requested; their rework is in the backlog');
  });
});

it('the message of a revert keeps to the policy in its first line and names the commit below', () => {
  const of = { sprintId: '260324-Sprint-09-00', todoId: 'todo-1', revision: 2, title: 'Say why', paths: ['src/login.ts'] };
  expect(revertMessage(of, 'c'.repeat(40))).toBe(
    `[260324-Sprint-09-00] todo-1 login.ts: Revert "Say why" (revision 2)\n\nThis reverts commit ${'c'.repeat(40)}.`,
  );
  expect(revertMessage({ ...of, title: 'x'.repeat(300) }, 'c').split('\n')[0]).toHaveLength(200);
  expect(commitMessage(of)).not.toContain('Revert');
});
