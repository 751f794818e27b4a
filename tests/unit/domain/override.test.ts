import { describe, expect, it } from 'vitest';
import { overrideOf } from '../../../src/shared/domain/receipt.js';
import type { Actor } from '../../../src/shared/domain/state.js';
import { DomainStage, lead, reviewer } from './domain-stage.js';
import { receiptFor } from './receipts.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playUntil } from './sprint-play.js';

const reason = 'The clock of the test is wrong, not the work.';

/** A card whose first verification is red, with no reopen left. */
function redStage(review = { reviewers: [] as string[], required: 1 }, reopens = 0): DomainStage {
  const stage = new DomainStage({ review, limits: { reopens } });
  plannedSprint(stage, [item('A')]);
  playUntil(stage, () => stage.pending('verify').length > 0);
  settleVerify(stage, false);
  return stage;
}

function settleVerify(stage: DomainStage, isGreen: boolean, names = ['tests']): void {
  const pending = stage.only('verify');
  const { effect } = pending;
  if (effect.type !== 'verify') throw new Error('That is no verification.');
  const plain = receiptFor(effect, isGreen);
  const commands = plain.commands.flatMap((command) => names.map((name) => ({ ...command, name })));
  const override = overrideOf({ commands }, stage.revision('A').closeout?.override ?? null);
  stage.settle(pending, 'verify', { kind: 'receipt', receipt: { ...plain, commands, override } });
}

const override = (stage: DomainStage, said = reason, revision = 1) =>
  ({ type: 'override-verification', todoId: stage.todo('A').todoId, revision, reason: said }) as const;

describe('a red verification', () => {
  it('passes by the word of a person: it is verified again and lands', () => {
    const stage = redStage();
    expect(stage.todo('A')).toMatchObject({ status: 'blocked', workflow: { step: 'closeout' } });
    stage.do(override(stage));
    expect(stage.revision('A').closeout?.override).toEqual({ by: 'lead', reason, commands: ['tests'] });
    settleVerify(stage, false);
    playOut(stage);
    expect(stage.todo('A').status).toBe('committed');
    expect(stage.revision('A')).toMatchObject({ isIntegrated: true, receipt: { override: { by: 'lead', reason } } });
    expect(stage.refold().todos).toEqual(stage.state.todos);
  });

  it('says nothing of the word when it is green after all', () => {
    const stage = redStage();
    stage.do(override(stage));
    settleVerify(stage, true);
    expect(stage.revision('A').receipt?.override).toBeNull();
  });

  it('is sent back where more is red than the person saw', () => {
    const stage = redStage();
    stage.do(override(stage));
    settleVerify(stage, false, ['tests', 'lint']);
    expect(stage.todo('A').status).toBe('blocked');
    expect(stage.revision('A').isIntegrated).toBe(false);
  });

  it('is not covered any more when the patch is another one on the moved target, and still is when it is the same', () => {
    for (const [patchId, isKept] of [
      ['other', false],
      [null, true],
    ] as const) {
      const stage = redStage();
      const before = stage.revision('A').closeout?.patchId ?? '';
      stage.do(override(stage));
      settleVerify(stage, false);
      stage.settle(stage.only('integrate'), 'integrate', { kind: 'tip-moved', tip: 'tip-2' });
      const moved = { kind: 'rebased', commit: 'again', tree: 'tree', onto: 'tip-2', patchId: patchId ?? before } as const;
      stage.settle(stage.only('rebase'), 'rebase', moved);
      settleVerify(stage, false);
      expect(stage.pending('integrate')).toHaveLength(isKept ? 1 : 0);
    }
  });
});

describe('an override is refused', () => {
  const nothing = (stage: DomainStage, why: string) => ({
    id: 'nothing-red',
    message: `There is nothing to override on ${stage.todo('A').todoId} "A": ${why}.`,
  });

  it('where nothing is red, and while the team is at work on what was red', () => {
    const green = new DomainStage();
    plannedSprint(green, [item('A')]);
    playUntil(green, () => green.todo('A').status === 'committed');
    expect(green.refused(override(green))).toEqual(nothing(green, 'it is not blocked by a red verification'));
    const again = redStage({ reviewers: [], required: 1 }, 1);
    const why = 'its last verification was red, and the team is at work on that again. It can be overridden when it is blocked by one';
    expect(again.refused(override(again))).toEqual(nothing(again, why));
  });

  it('without a reason, for another revision, and while everything is stopped', () => {
    const stage = redStage();
    expect(stage.refused(override(stage, ' '))).toEqual({
      id: 'comment-required',
      message: `Say why the red verification of ${stage.todo('A').todoId} "A" may pass: the reason stands in its receipt.`,
    });
    expect(stage.refused(override(stage, reason, 2)).id).toBe('card-changed');
    stage.do({ type: 'stop-all' });
    expect(stage.refused(override(stage)).id).toBe('halted');
  });

  it('from roles, files and the program, from who may not review, and from who made a part of it', () => {
    const stage = redStage({ reviewers: ['reviewer', 'architect'], required: 1 });
    const others: readonly Actor[] = [
      { kind: 'role', id: 'architect' },
      { kind: 'file-edit', id: 'todo.json' },
      { kind: 'runtime', id: 'runtime' },
    ];
    for (const actor of others)
      expect(stage.refused(override(stage), actor)).toEqual({
        id: 'may-not-review',
        message: 'Only a person lets a red verification pass, not a role, a file or the program.',
      });
    expect(stage.refused(override(stage), lead).message).toBe('lead is not among the reviewers of this workspace: reviewer, architect.');
    stage.revision('A').makers.push('reviewer');
    expect(stage.refused(override(stage), reviewer).id).toBe('own-work');
  });
});
