import { nextMove, reopenMap, workflowTable } from '../../../src/shared/domain/workflow-table.js';
import type { ReopenRow, WorkflowRow } from '../../../src/shared/domain/workflow-table.js';
import { afterMove, newWorkflow } from '../../../src/shared/domain/workflow.js';
import type { Reported, Step, Transition, Workflow } from '../../../src/shared/domain/workflow.js';

/** Where a todo is after a report, as people count it. */
export interface Place {
  readonly step: Step;
  readonly owner: string;
  /** Advisory passes, reviews and reopens used up. */
  readonly used: readonly [number, number, number];
  /** Category and role of the last reopen; empty before one. */
  readonly reopened: readonly [string, string];
}

/** What the specification says about one report at one step. */
export interface Expectation {
  /** Rows that decide, `table row` or `table row/reopen row`. */
  readonly row: string;
  readonly says: string;
  readonly at: Step;
  readonly used?: readonly [number, number, number];
  readonly report: { readonly role: string; readonly status?: Reported['status']; readonly documents?: boolean } & Partial<Transition>;
  readonly then: Place | { readonly blocked: 'by the role' | 'by a limit' };
}

const limits = { advisoryPasses: 2, architectReviews: 3, reopens: 3 };

const workflowAt = ({ at, used = [0, 0, 0] }: Expectation): Workflow => ({
  ...newWorkflow(at),
  planningPasses: used[0],
  reviewCycles: used[1],
  reopens: used[2],
});

const reportedBy = ({ role, status, documents, ...transition }: Expectation['report']): Reported => ({
  role,
  status: status ?? 'completed',
  isDocumentsOnly: documents ?? false,
  transition: {
    outcome: '',
    targetPhase: '',
    targetStep: '',
    requestedRole: '',
    category: '',
    finalizePhase: false,
    reason: '',
    ...transition,
  },
});

/** What the table makes of the case; for a mutated table too. */
export function outcomeOf(
  expectation: Expectation,
  table: readonly WorkflowRow[] = workflowTable,
  map: readonly ReopenRow[] = reopenMap,
): Pick<Expectation, 'row' | 'then'> {
  const workflow = workflowAt(expectation);
  const move = nextMove(workflow, reportedBy(expectation.report), limits, table, map);
  if (move.kind === 'block') return { row: move.row, then: { blocked: move.isLimit ? 'by a limit' : 'by the role' } };
  const { step, owner, planningPasses, reviewCycles, reopens, reopenCategory, reopenSource } = afterMove(workflow, move);
  return { row: move.row, then: { step, owner, used: [planningPasses, reviewCycles, reopens], reopened: [reopenCategory, reopenSource] } };
}

const to = (step: Step, owner: string, used: Place['used'] = [0, 0, 0], reopened: Place['reopened'] = ['', '']): Place => ({
  step,
  owner,
  used,
  reopened,
});
const byRole = { blocked: 'by the role' } as const;
const byLimit = { blocked: 'by a limit' } as const;

const planner = { role: 'planner' } as const;
const architect = { role: 'architect' } as const;
const developer = { role: 'developer' } as const;
const qa = { role: 'qa' } as const;
const closer = { role: 'version_controller' } as const;

const stops: readonly Expectation[] = [
  {
    row: 'any.block',
    says: 'block stops a completed report',
    at: 'developer_build',
    report: { ...developer, outcome: 'block' },
    then: byRole,
  },
  {
    row: 'any.block',
    says: 'block stops a failed report too',
    at: 'planner_draft',
    report: { ...planner, status: 'failed', outcome: 'block' },
    then: byRole,
  },
  {
    row: 'any.block',
    says: 'block stops an advisor',
    at: 'planner_advisory',
    report: { role: 'designer', outcome: 'block' },
    then: byRole,
  },
  {
    row: 'any.stopped',
    says: 'blocked without a transition stops',
    at: 'qa_validation',
    report: { ...qa, status: 'blocked' },
    then: byRole,
  },
  {
    row: 'any.stopped',
    says: 'failed without a transition stops',
    at: 'architect_guidance',
    report: { ...architect, status: 'failed' },
    then: byRole,
  },
  {
    row: 'any.stopped',
    says: 'blocked and complete is no wish to go on',
    at: 'architect_review',
    report: { ...architect, status: 'blocked', outcome: 'complete' },
    then: byRole,
  },
  {
    row: 'guidance.done',
    says: 'blocked with an explicit advance goes on',
    at: 'architect_guidance',
    report: { ...architect, status: 'blocked', outcome: 'advance' },
    then: to('developer_build', 'developer'),
  },
  {
    row: 'build.done',
    says: 'failed with an explicit continue goes on',
    at: 'developer_build',
    report: { ...developer, status: 'failed', outcome: 'continue' },
    then: to('architect_review', 'architect', [0, 1, 0]),
  },
  {
    row: 'validation.reopen/reopen.work-after-review',
    says: 'a failed QA that reopens goes on',
    at: 'qa_validation',
    report: { ...qa, status: 'failed', outcome: 'reopen', category: 'implementation' },
    then: to('developer_revision', 'developer', [0, 0, 1], ['implementation', 'qa']),
  },
];

const planning: readonly Expectation[] = [
  {
    row: 'planning.not-planner',
    says: 'another role at the draft hands to the planner',
    at: 'planner_draft',
    report: { ...architect, outcome: 'advance' },
    then: to('planner_finalize', 'planner'),
  },
  {
    row: 'planning.not-planner',
    says: 'and so at finalize, even with a close',
    at: 'planner_finalize',
    report: { ...qa, outcome: 'complete', documents: true },
    then: to('planner_finalize', 'planner'),
  },
  {
    row: 'planning.reopen',
    says: 'reopen for the planner',
    at: 'planner_draft',
    report: { ...planner, outcome: 'reopen', requestedRole: 'planner' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['scope', 'planner']),
  },
  {
    row: 'planning.reopen',
    says: 'reopen at planner_finalize',
    at: 'planner_finalize',
    report: { ...planner, outcome: 'reopen', targetStep: 'planner_finalize' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['scope', 'planner']),
  },
  {
    row: 'planning.reopen',
    says: 'reopen of category scope beats a requested designer',
    at: 'planner_draft',
    report: { ...planner, outcome: 'reopen', category: 'scope', requestedRole: 'designer' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['scope', 'planner']),
  },
  {
    row: 'planning.reopen',
    says: 'a fourth reopen is blocked',
    at: 'planner_finalize',
    used: [0, 0, 3],
    report: { ...planner, outcome: 'reopen', category: 'scope' },
    then: byLimit,
  },
  {
    row: 'planning.advice',
    says: 'a designer requested with continue',
    at: 'planner_draft',
    report: { ...planner, outcome: 'continue', requestedRole: 'designer' },
    then: to('planner_advisory', 'designer', [1, 0, 0]),
  },
  {
    row: 'planning.advice',
    says: 'an architect requested with no outcome',
    at: 'planner_finalize',
    report: { ...planner, requestedRole: 'architect' },
    then: to('planner_advisory', 'architect', [1, 0, 0]),
  },
  {
    row: 'planning.advice',
    says: 'a second pass, asked by reopen',
    at: 'planner_finalize',
    used: [1, 0, 0],
    report: { ...planner, outcome: 'reopen', category: 'ux', requestedRole: 'designer' },
    then: to('planner_advisory', 'designer', [2, 0, 0]),
  },
  {
    row: 'planning.advice-spent',
    says: 'a third advisory request is blocked',
    at: 'planner_finalize',
    used: [2, 0, 0],
    report: { ...planner, outcome: 'continue', requestedRole: 'designer' },
    then: byLimit,
  },
  {
    row: 'planning.advice-spent',
    says: 'a third one without an outcome too',
    at: 'planner_draft',
    used: [2, 0, 0],
    report: { ...planner, requestedRole: 'architect' },
    then: byLimit,
  },
  {
    row: 'planning.done',
    says: 'advance with a requested designer asks nobody',
    at: 'planner_draft',
    report: { ...planner, outcome: 'advance', requestedRole: 'designer' },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'a requested developer is no advisor',
    at: 'planner_draft',
    report: { ...planner, outcome: 'continue', requestedRole: 'developer' },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.close',
    says: 'complete with documents only closes',
    at: 'planner_draft',
    report: { ...planner, outcome: 'complete', documents: true },
    then: to('closeout', 'version_controller'),
  },
  {
    row: 'planning.close',
    says: 'finalize_phase without continuation closes',
    at: 'planner_finalize',
    report: { ...planner, finalizePhase: true, documents: true },
    then: to('closeout', 'version_controller'),
  },
  {
    row: 'planning.done',
    says: 'complete with other artifacts does not close',
    at: 'planner_finalize',
    report: { ...planner, outcome: 'complete' },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'documents only without an explicit close do not close',
    at: 'planner_finalize',
    report: { ...planner, documents: true },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'finalize_phase with an advance goes on',
    at: 'planner_finalize',
    report: { ...planner, outcome: 'advance', finalizePhase: true, documents: true },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'finalize_phase with a continue goes on',
    at: 'planner_draft',
    report: { ...planner, outcome: 'continue', finalizePhase: true, documents: true },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'a reopen of another category goes on',
    at: 'planner_draft',
    report: { ...planner, outcome: 'reopen', category: 'implementation' },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'planning.done',
    says: 'a plain advance goes on',
    at: 'planner_draft',
    report: { ...planner, outcome: 'advance' },
    then: to('architect_guidance', 'architect'),
  },
  {
    row: 'advisory.done',
    says: 'advice goes back to the planner',
    at: 'planner_advisory',
    used: [1, 0, 0],
    report: { role: 'designer', outcome: 'advance' },
    then: to('planner_finalize', 'planner', [1, 0, 0]),
  },
  {
    row: 'advisory.done',
    says: 'even an advisor who reopens',
    at: 'planner_advisory',
    used: [1, 0, 0],
    report: { ...architect, outcome: 'reopen', category: 'implementation' },
    then: to('planner_finalize', 'planner', [1, 0, 0]),
  },
];

const implementation: readonly Expectation[] = [
  {
    row: 'guidance.reopen/reopen.architecture',
    says: 'architecture before the build',
    at: 'architect_guidance',
    report: { ...architect, outcome: 'reopen', category: 'architecture' },
    then: to('architect_guidance', 'architect', [0, 0, 1], ['architecture', 'architect']),
  },
  {
    row: 'guidance.reopen/reopen.work',
    says: 'implementation before the build',
    at: 'architect_guidance',
    report: { ...architect, outcome: 'reopen', category: 'implementation' },
    then: to('developer_build', 'developer', [0, 0, 1], ['implementation', 'architect']),
  },
  {
    row: 'guidance.done',
    says: 'guidance goes to the build',
    at: 'architect_guidance',
    report: { ...architect, outcome: 'advance' },
    then: to('developer_build', 'developer'),
  },
  {
    row: 'build.reopen/reopen.scope',
    says: 'scope goes to the planner',
    at: 'developer_build',
    report: { ...developer, outcome: 'reopen', category: 'scope' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['scope', 'developer']),
  },
  {
    row: 'build.reopen/reopen.work',
    says: 'verification before the review',
    at: 'developer_build',
    report: { ...developer, outcome: 'reopen', category: 'verification' },
    then: to('developer_build', 'developer', [0, 0, 1], ['verification', 'developer']),
  },
  {
    row: 'build.reopen/reopen.unknown',
    says: 'no category goes to the planner',
    at: 'developer_build',
    report: { ...developer, outcome: 'reopen' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['', 'developer']),
  },
  {
    row: 'build.done',
    says: 'the build goes to its first review',
    at: 'developer_build',
    report: { ...developer, outcome: 'advance' },
    then: to('architect_review', 'architect', [0, 1, 0]),
  },
  {
    row: 'build.done',
    says: 'the build at the review limit is blocked',
    at: 'developer_build',
    used: [0, 3, 0],
    report: { ...developer, outcome: 'advance' },
    then: byLimit,
  },
  {
    row: 'review.pass',
    says: 'qa_validation targeted',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'advance', targetStep: 'qa_validation' },
    then: to('qa_validation', 'qa', [0, 1, 0]),
  },
  {
    row: 'review.pass',
    says: 'qa requested',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'continue', requestedRole: 'qa' },
    then: to('qa_validation', 'qa', [0, 1, 0]),
  },
  {
    row: 'review.pass',
    says: 'complete',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'complete' },
    then: to('qa_validation', 'qa', [0, 1, 0]),
  },
  {
    row: 'review.pass',
    says: 'validation targeted, even at the limit',
    at: 'architect_review',
    used: [0, 3, 0],
    report: { ...architect, targetPhase: 'validation' },
    then: to('qa_validation', 'qa', [0, 3, 0]),
  },
  {
    row: 'review.spent',
    says: 'advance at the limit is blocked',
    at: 'architect_review',
    used: [0, 3, 0],
    report: { ...architect, outcome: 'advance' },
    then: byLimit,
  },
  {
    row: 'review.spent',
    says: 'reopen at the limit is blocked',
    at: 'architect_review',
    used: [0, 3, 0],
    report: { ...architect, outcome: 'reopen', category: 'scope' },
    then: byLimit,
  },
  {
    row: 'review.spent',
    says: 'a completed review without a transition at the limit is blocked',
    at: 'architect_review',
    used: [0, 3, 0],
    report: architect,
    then: byLimit,
  },
  {
    row: 'review.revise',
    says: 'reopen without a category',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'reopen' },
    then: to('developer_revision', 'developer', [0, 1, 1], ['implementation', 'architect']),
  },
  {
    row: 'review.revise',
    says: 'reopen with implementation',
    at: 'architect_review',
    used: [0, 2, 0],
    report: { ...architect, outcome: 'reopen', category: 'implementation' },
    then: to('developer_revision', 'developer', [0, 2, 1], ['implementation', 'architect']),
  },
  {
    row: 'review.reopen/reopen.architecture',
    says: 'architecture at the review',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'reopen', category: 'architecture' },
    then: to('architect_guidance', 'architect', [0, 1, 1], ['architecture', 'architect']),
  },
  {
    row: 'review.reopen/reopen.work-after-review',
    says: 'verification at the review',
    at: 'architect_review',
    used: [0, 1, 0],
    report: { ...architect, outcome: 'reopen', category: 'verification' },
    then: to('developer_revision', 'developer', [0, 1, 1], ['verification', 'architect']),
  },
  {
    row: 'review.changes',
    says: 'changes without a transition',
    at: 'architect_review',
    used: [0, 1, 0],
    report: architect,
    then: to('developer_revision', 'developer', [0, 1, 0]),
  },
  {
    row: 'review.changes',
    says: 'changes with a continue',
    at: 'architect_review',
    used: [0, 2, 0],
    report: { ...architect, outcome: 'continue' },
    then: to('developer_revision', 'developer', [0, 2, 0]),
  },
  {
    row: 'revision.reopen/reopen.work-after-review',
    says: 'implementation at the revision',
    at: 'developer_revision',
    used: [0, 1, 0],
    report: { ...developer, outcome: 'reopen', category: 'implementation', targetStep: 'architect_review' },
    then: to('developer_revision', 'developer', [0, 1, 1], ['implementation', 'developer']),
  },
  {
    row: 'revision.reopen/reopen.ux',
    says: 'ux at the revision',
    at: 'developer_revision',
    used: [1, 1, 0],
    report: { ...developer, outcome: 'reopen', category: 'ux' },
    then: to('planner_advisory', 'designer', [2, 1, 1], ['ux', 'developer']),
  },
  {
    row: 'revision.review',
    says: 'architect_review targeted',
    at: 'developer_revision',
    used: [0, 1, 0],
    report: { ...developer, outcome: 'advance', targetStep: 'architect_review' },
    then: to('architect_review', 'architect', [0, 2, 0]),
  },
  {
    row: 'revision.review',
    says: 'a fourth review is blocked',
    at: 'developer_revision',
    used: [0, 3, 0],
    report: { ...developer, outcome: 'advance', targetStep: 'architect_review' },
    then: byLimit,
  },
  {
    row: 'revision.done',
    says: 'a revision goes to QA',
    at: 'developer_revision',
    used: [0, 1, 0],
    report: { ...developer, outcome: 'advance' },
    then: to('qa_validation', 'qa', [0, 1, 0]),
  },
];

const validation: readonly Expectation[] = [
  {
    row: 'validation.reopen/reopen.scope',
    says: 'scope at QA',
    at: 'qa_validation',
    report: { ...qa, outcome: 'reopen', category: 'scope' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['scope', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.ux',
    says: 'ux at QA',
    at: 'qa_validation',
    report: { ...qa, outcome: 'reopen', category: 'ux' },
    then: to('planner_advisory', 'designer', [1, 0, 1], ['ux', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.ux-spent',
    says: 'ux at QA with no pass left',
    at: 'qa_validation',
    used: [2, 0, 0],
    report: { ...qa, outcome: 'reopen', category: 'ux' },
    then: to('planner_finalize', 'planner', [2, 0, 1], ['ux', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.architecture-by-qa',
    says: 'architecture at QA',
    at: 'qa_validation',
    used: [0, 1, 0],
    report: { ...qa, outcome: 'reopen', category: 'architecture' },
    then: to('architect_review', 'architect', [0, 2, 1], ['architecture', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.architecture-by-qa',
    says: 'architecture at QA with no review left',
    at: 'qa_validation',
    used: [0, 3, 0],
    report: { ...qa, outcome: 'reopen', category: 'architecture' },
    then: byLimit,
  },
  {
    row: 'validation.reopen/reopen.work-after-review',
    says: 'implementation at QA',
    at: 'qa_validation',
    report: { ...qa, outcome: 'reopen', category: 'implementation' },
    then: to('developer_revision', 'developer', [0, 0, 1], ['implementation', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.work-after-review',
    says: 'a third reopen is the last',
    at: 'qa_validation',
    used: [0, 0, 2],
    report: { ...qa, outcome: 'reopen', category: 'verification' },
    then: to('developer_revision', 'developer', [0, 0, 3], ['verification', 'qa']),
  },
  {
    row: 'validation.reopen/reopen.work-after-review',
    says: 'a fourth reopen is blocked',
    at: 'qa_validation',
    used: [0, 0, 3],
    report: { ...qa, outcome: 'reopen', category: 'implementation' },
    then: byLimit,
  },
  {
    row: 'validation.reopen/reopen.unknown',
    says: 'no category at QA',
    at: 'qa_validation',
    report: { ...qa, outcome: 'reopen' },
    then: to('planner_finalize', 'planner', [0, 0, 1], ['', 'qa']),
  },
  {
    row: 'validation.pass',
    says: 'complete closes',
    at: 'qa_validation',
    report: { ...qa, outcome: 'complete' },
    then: to('closeout', 'version_controller'),
  },
  {
    row: 'validation.pass',
    says: 'no transition closes',
    at: 'qa_validation',
    used: [1, 2, 3],
    report: qa,
    then: to('closeout', 'version_controller', [1, 2, 3]),
  },
  {
    row: 'closeout.reopen/reopen.work-after-review',
    says: 'a conflict goes to the revision',
    at: 'closeout',
    report: { ...closer, outcome: 'reopen', category: 'implementation' },
    then: to('developer_revision', 'developer', [0, 0, 1], ['implementation', 'version_controller']),
  },
  {
    row: 'closeout.reopen/reopen.work-after-review',
    says: 'a red verification goes to the revision',
    at: 'closeout',
    report: { ...closer, outcome: 'reopen', category: 'verification' },
    then: to('developer_revision', 'developer', [0, 0, 1], ['verification', 'version_controller']),
  },
  {
    row: 'closeout.reopen/reopen.work-after-review',
    says: 'a fourth reopen by the closeout is blocked',
    at: 'closeout',
    used: [0, 0, 3],
    report: { ...closer, outcome: 'reopen', category: 'verification' },
    then: byLimit,
  },
  {
    row: 'closeout.reopen/reopen.architecture-by-qa',
    says: 'architecture at the closeout',
    at: 'closeout',
    report: { ...closer, outcome: 'reopen', category: 'architecture' },
    then: to('architect_review', 'architect', [0, 1, 1], ['architecture', 'version_controller']),
  },
  {
    row: 'closeout.stays',
    says: 'any other report changes nothing in the closeout',
    at: 'closeout',
    report: { ...qa, outcome: 'complete' },
    then: byRole,
  },
];

/** Every row of the decision table and of the reopen map, taken from sprint-runtime 5.3 to 5.5 and 13.1. */
export const expectations: readonly Expectation[] = [...stops, ...planning, ...implementation, ...validation];
