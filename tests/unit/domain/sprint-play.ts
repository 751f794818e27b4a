import type { PendingEffect, SprintTerms } from '../../../src/shared/domain/state.js';
import { planningSteps } from '../../../src/shared/domain/vocabulary.js';
import { contentReport, report, reported } from './report-shapes.js';
import type { item } from './report-shapes.js';
import { receiptFor } from './receipts.js';
import { DomainStage, lead, terms } from './domain-stage.js';

type Proposed = ReturnType<typeof item>;

/** Starts a sprint; nothing is planned yet. */
export function startSprint(stage: DomainStage, changes: Partial<SprintTerms> = {}, requirements: readonly string[] = []): void {
  stage.do(
    {
      type: 'start-sprint',
      milestone: 'Login cleanup',
      brief: 'Tidy the login.',
      requirements,
      sourceRequestId: '',
      terms: terms(changes),
    },
    lead,
  );
}

/** The planner's turn of one planning step, told with these proposals. */
export const plan = (stage: DomainStage, proposals: readonly Proposed[] = []) =>
  stage.endTurn(stage.only('run-turn'), reported(report('planner', { artifacts: ['spec.md'] }, { backlogItems: proposals })));

/** A sprint through its five planning steps with these items. */
export function plannedSprint(stage: DomainStage, items: readonly Proposed[], changes: Partial<SprintTerms> = {}): void {
  startSprint(stage, changes);
  for (const step of planningSteps) plan(stage, step === 'backlog_definition' ? items : []);
}

/** Settles an effect in the way of a world in which all goes well. */
export function settleWell(stage: DomainStage, pending: PendingEffect): void {
  const { effect } = pending;
  switch (effect.type) {
    case 'add-worktree':
      stage.settle(pending, effect.type, {
        kind: 'ready',
        path: `/worktrees/${effect.todoId}-r${effect.revision}`,
        base: 'base-0',
        gitFileSha256: null,
        notes: [],
      });
      return;
    case 'run-turn': {
      const turn = stage.state.turns[effect.turnId];
      if (!turn) throw new Error(`There is no turn ${effect.turnId}.`);
      const isPlanning = turn.subject.kind === 'sprint';
      stage.endTurn(pending, reported(isPlanning ? report('planner', { artifacts: ['spec.md'] }) : contentReport(turn.role, turn.step)));
      return;
    }
    case 'gather-evidence':
      stage.settle(pending, effect.type, { kind: 'gathered', evidence: { tree: 'tree', reason: '', commands: [] } });
      return;
    case 'commit':
      stage.settle(pending, effect.type, { kind: 'committed', commit: `commit-${effect.closeoutId}`, tree: 'tree', paths: ['src/a.ts'] });
      return;
    case 'rebase':
      stage.settle(pending, effect.type, {
        kind: 'rebased',
        commit: `rebased-${effect.closeoutId}`,
        tree: 'tree',
        onto: 'tip-1',
        patchId: `patch-${effect.closeoutId}`,
      });
      return;
    case 'verify':
      stage.settle(pending, effect.type, { kind: 'receipt', receipt: receiptFor(effect, true) });
      return;
    case 'revert':
      stage.settle(pending, effect.type, {
        kind: 'reverted',
        ...{ commit: `made-${effect.closeoutId}`, tree: 'tree', onto: 'tip-2', patchId: `patch-${effect.closeoutId}`, paths: ['src/a.ts'] },
      });
      return;
    case 'integrate':
      stage.settle(pending, effect.type, { kind: 'integrated', commit: effect.to });
      return;
    case 'remove-worktree':
      stage.settle(pending, effect.type, { kind: 'removed' });
      return;
    case 'archive-sprint':
      stage.settle(pending, effect.type, { kind: 'archived' });
      return;
    case 'run-action':
      stage.settle(pending, effect.type, { kind: 'unknown' });
  }
}

/** Settles well, one effect after the other, until the check holds; fails when nothing is left to settle. */
export function playUntil(stage: DomainStage, isReached: () => boolean, of: (pending: PendingEffect) => boolean = () => true): void {
  for (let steps = 0; !isReached(); steps += 1) {
    const next = stage.pending().find(of);
    if (!next || steps > 500) throw new Error(`Nothing is left to do after ${steps} effects, and it was not reached.`);
    settleWell(stage, next);
  }
}

/** Settles well until the todo is at that step with its turn under way. */
export const playToStep = (stage: DomainStage, title: string, step: string): void =>
  playUntil(stage, () => stage.todo(title).workflow.step === step && stage.todo(title).activity.kind === 'turn');

/** Settles well until nothing is pending. */
export function playOut(stage: DomainStage): void {
  playUntil(stage, () => stage.pending().length === 0);
}
