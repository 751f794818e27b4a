import type { Effect, EffectType } from '../../../src/shared/domain/effect.js';
import type { Report, WorkflowTransition } from '../../../src/shared/domain/report.js';
import type { Turn } from '../../../src/shared/domain/state.js';
import type { EffectOutcomes, TurnOutcome } from '../../../src/shared/domain/vocabulary.js';
import type { Choices } from './choices.js';
import { receiptFor } from './receipts.js';
import { contentReport, qa, report, reported, transition } from './report-shapes.js';

const categories = [null, 'scope', 'ux', 'architecture', 'architecture', 'implementation', 'verification'] as const;

function wishOf(choices: Choices): WorkflowTransition {
  return transition({
    outcome: choices.weighted<WorkflowTransition['outcome']>([
      [3, 'advance'],
      [6, 'reopen'],
      [2, 'continue'],
      [2, 'complete'],
      [2, null],
      [1, 'block'],
    ]),
    requestedRole: choices.pick([null, null, 'designer', 'architect', 'planner', 'qa']),
    targetStep: choices.pick([null, null, null, 'planner_finalize', 'qa_validation', 'architect_review']),
    targetPhase: choices.pick([null, null, null, null, 'validation', 'implementation']),
    reopenCategory: choices.pick(categories),
    finalizePhase: choices.below(6) === 0,
    reason: choices.pick(['', 'Because.']),
  });
}

/** What a story's people are set on, so that limits are reached and not only neared. */
export type Mood = 'mixed' | 'advice' | 'review' | 'ux' | 'back';

function stubborn(turn: Turn, mood: Mood): Report | null {
  const say = (said: Partial<WorkflowTransition>): Report => {
    const base = contentReport(turn.role, turn.step);
    return report(turn.role, base, {
      workflowTransition: transition(said),
      qaValidation: turn.step === 'qa_validation' ? qa('fail') : null,
    });
  };
  const isPlanning = turn.step === 'planner_draft' || turn.step === 'planner_finalize';
  if (mood === 'advice' && isPlanning) return say({ outcome: 'continue', requestedRole: 'designer' });
  if (mood === 'review' && turn.step === 'architect_review') return say({});
  if (mood === 'review' && turn.step === 'developer_revision') return say({ outcome: 'advance', targetStep: 'architect_review' });
  if (mood === 'back' && turn.step === 'architect_review') return say({ outcome: 'reopen' });
  if (mood === 'back' && turn.step === 'qa_validation') return say({ outcome: 'reopen', reopenCategory: 'architecture' });
  if (mood === 'ux' && ['architect_guidance', 'developer_build', 'developer_revision', 'qa_validation'].includes(turn.step))
    return say({ outcome: 'reopen', reopenCategory: 'ux' });
  return null;
}

function oddReport(choices: Choices, turn: Turn): Report {
  const content = contentReport(turn.role, turn.step);
  const workflowTransition = wishOf(choices);
  const status = choices.weighted<Report['status']>([
    [8, 'completed'],
    [1, 'blocked'],
    [1, 'failed'],
  ]);
  const stops = ['reopen', 'block'].includes(workflowTransition.outcome ?? '');
  const decision = stops ? qa('fail') : choices.pick([qa('pass'), qa('pass'), qa('pass'), qa('fail'), null]);
  // The reader never lets another role's name through; the rule for it holds all the same.
  const role = turn.role === 'planner' && choices.below(25) === 0 ? 'sourcer' : turn.role;
  const artifacts = choices.weighted<readonly string[]>([
    [6, content.artifacts],
    [3, ['spec.md', 'todo_backlog.md', 'iteration_log.md', 'current_sprint.md']],
    [1, []],
  ]);
  return report(
    role,
    { status, artifacts, error: choices.pick(['', '', 'Something was odd.']) },
    { workflowTransition, qaValidation: turn.step === 'qa_validation' ? decision : null },
  );
}

/** What became of a turn: mostly a report, of every shape; now and then anything else. */
export function turnOutcome(choices: Choices, turn: Turn, mood: Mood): TurnOutcome {
  const set = choices.below(4) === 0 ? null : stubborn(turn, mood);
  if (set) return reported(set);
  const tree = choices.below(6) === 0 ? { outputTree: 'untouched' } : {};
  return choices.weighted<() => TurnOutcome>([
    [45, () => reported(contentReport(turn.role, turn.step), tree)],
    [40, () => reported(oddReport(choices, turn), tree)],
    [4, () => ({ kind: 'contract', problems: ['It lacks a field.'], reportSha256: 'odd' })],
    [4, () => ({ kind: 'malformed', reason: 'It is no JSON.', outputSha256: 'odd' })],
    [3, () => ({ kind: 'failed', reason: choices.pick(['timed-out', 'rate-limited']), message: 'It ended early.', log: 'turn.log' })],
    [1, () => ({ kind: 'breach', breaches: ['It moved HEAD.'], isWorktreeGone: choices.below(2) === 0 })],
    [turn.subject.kind === 'todo' ? 2 : 0, () => ({ kind: 'worktree-gone' })],
  ])();
}

type Outcomes = {
  readonly [T in Exclude<EffectType, 'run-turn'>]: (
    choices: Choices,
    effect: Extract<Effect, { type: T }>,
    nth: number,
  ) => EffectOutcomes[T];
};

/** What became of any other effect; most of the time it worked. */
export const effectOutcomes: Outcomes = {
  'add-worktree': (choices, effect, nth) =>
    choices.weighted<EffectOutcomes['add-worktree']>([
      [
        20,
        {
          kind: 'ready',
          path: `/worktrees/${effect.todoId}-${nth}`,
          base: effect.onto || 'base-0',
          gitFileSha256: null,
          tree: `tree-${nth}`,
          notes: [],
        },
      ],
      [1, { kind: 'refused', reason: 'The disk is full.', cause: 'git' }],
      [1, { kind: 'refused', reason: 'npm ci failed.', cause: 'setup' }],
      [1, { kind: 'setup-asked', key: `setup-${choices.below(2)}`, paths: ['package.json'] }],
    ]),
  'gather-evidence': (choices) =>
    choices.pick<EffectOutcomes['gather-evidence']>([
      { kind: 'gathered', evidence: { tree: 'tree', reason: '', commands: [] } },
      { kind: 'unavailable', reason: 'There is no jail.' },
      { kind: 'setup-asked', key: `setup-${choices.below(2)}`, paths: ['package.json'] },
      { kind: 'worktree-gone' },
    ]),
  commit: (choices, _effect, nth) =>
    choices.weighted<EffectOutcomes['commit']>([
      [10, { kind: 'committed', commit: `commit-${nth}`, tree: `tree-${nth}`, paths: ['src/a.ts'] }],
      [1, { kind: 'nothing' }],
      [1, { kind: 'worktree-gone' }],
      [1, { kind: 'refused', reason: 'Your signing key is needed.' }],
      [1, { kind: 'setup-asked', key: 'setup-hooks', paths: ['package.json'] }],
    ]),
  rebase: (choices, _effect, nth) =>
    choices.weighted<EffectOutcomes['rebase']>([
      [
        12,
        {
          kind: 'rebased',
          commit: `rebased-${nth}`,
          tree: `tree-${nth}`,
          onto: `tip-${nth}`,
          patchId: choices.pick(['patch', 'patch', 'other']),
        },
      ],
      [2, { kind: 'conflict', onto: `tip-${nth}`, files: ['src/a.ts'], detail: '<<<<<<<' }],
      [1, { kind: 'empty', onto: `tip-${nth}` }],
      [1, { kind: 'refused', reason: 'The target is gone.' }],
    ]),
  verify: (choices, effect) =>
    choices.weighted<EffectOutcomes['verify']>([
      [10, { kind: 'receipt', receipt: receiptFor(effect, true) }],
      [3, { kind: 'receipt', receipt: receiptFor(effect, false) }],
      [1, { kind: 'receipt', receipt: receiptFor(effect, true, { diffHash: '' }) }],
      [1, { kind: 'setup-failed', reason: 'npm ci failed.', log: 'setup.log' }],
      [1, { kind: 'setup-asked', key: 'setup-rebased', paths: ['package-lock.json'] }],
      [1, { kind: 'refused', reason: 'The commit is gone.' }],
    ]),
  revert: (choices, _effect, nth) =>
    choices.weighted<EffectOutcomes['revert']>([
      [
        8,
        {
          kind: 'reverted',
          ...{ commit: `revert-${nth}`, tree: `tree-${nth}`, onto: `tip-${nth}`, patchId: `patch-${nth}`, paths: ['src/a.ts'] },
        },
      ],
      [2, { kind: 'conflict', files: ['src/a.ts'], others: [], log: '' }],
      [1, { kind: 'empty' }],
      [1, { kind: 'refused', reason: 'Your signing key is needed.' }],
    ]),
  integrate: (choices, effect, nth) =>
    choices.weighted<EffectOutcomes['integrate']>([
      [6, { kind: 'integrated', commit: effect.to }],
      [3, { kind: 'tip-moved', tip: `tip-${nth}` }],
      [3, { kind: 'waiting', reason: 'src/a.ts has changes of yours.', files: ['src/a.ts'] }],
      [1, { kind: 'refused', reason: 'The target is checked out twice.' }],
    ]),
  'remove-worktree': (choices) =>
    choices.pick<EffectOutcomes['remove-worktree']>([{ kind: 'removed' }, { kind: 'kept', reason: 'It has changes.' }]),
  'archive-sprint': () => ({ kind: 'archived' }),
  'run-action': () => ({ kind: 'unknown' }),
};
