import { stepOwner } from './workflow.js';
import type { Count, Move, ReopenCategory, Reported, Step, Transition, Workflow, WorkflowLimits } from './workflow.js';

interface Context {
  readonly workflow: Workflow;
  readonly reported: Reported;
  readonly limits: WorkflowLimits;
}

type Target =
  | { readonly to: Step; readonly owner?: (c: Context) => string; readonly counts?: readonly Count[]; readonly category?: ReopenCategory }
  | { readonly to: 'reopen-map' }
  | { readonly to: 'close' }
  | { readonly to: 'block'; readonly isLimit: boolean; readonly reason: (c: Context) => string };

/** One row of the decision table: at `steps`, the first row whose `test` holds decides. */
export interface WorkflowRow {
  readonly id: string;
  readonly steps: readonly Step[] | 'any';
  /** The condition in words, for the generated document. */
  readonly when: string;
  readonly test: (c: Context) => boolean;
  readonly then: Target;
}

const isReopen = (c: Context): boolean => c.reported.transition.outcome === 'reopen';
const always = (): boolean => true;
const asksForAdvice = (c: Context): boolean =>
  ['designer', 'architect'].includes(c.reported.transition.requestedRole) &&
  ['continue', 'reopen', ''].includes(c.reported.transition.outcome);
const reopensPlanning = (c: Context): boolean =>
  isReopen(c) &&
  (c.reported.transition.requestedRole === 'planner' ||
    c.reported.transition.targetStep === 'planner_finalize' ||
    c.reported.transition.category === 'scope');
const passesReview = ({ reported: { transition } }: Context): boolean =>
  transition.targetStep === 'qa_validation' ||
  transition.requestedRole === 'qa' ||
  transition.outcome === 'complete' ||
  transition.targetPhase === 'validation';
const closesExplicitly = ({ reported: { transition } }: Context): boolean =>
  transition.outcome === 'complete' || (transition.finalizePhase && transition.outcome !== 'continue' && transition.outcome !== 'advance');

/** Whether a report that says blocked or failed still asks to go on (sprint-runtime 5.3). */
export const continuesExplicitly = (transition: Transition): boolean => ['advance', 'continue', 'reopen'].includes(transition.outcome);

/**
 * The decision table of the sprint chain: sprint-runtime 5.3 with the intended rules of 13.1 (3, 6, 13) and without its text rules.
 * Domain, board and `docs/workflow.md` read this one table.
 */
export const workflowTable: readonly WorkflowRow[] = [
  {
    id: 'any.block',
    steps: 'any',
    when: 'the outcome is block',
    test: (c) => c.reported.transition.outcome === 'block',
    then: { to: 'block', isLimit: false, reason: (c) => c.reported.transition.reason || `The ${c.reported.role} blocked the todo.` },
  },
  {
    id: 'any.stopped',
    steps: 'any',
    when: 'the status is blocked or failed and the transition does not ask to go on',
    test: (c) => c.reported.status !== 'completed' && !continuesExplicitly(c.reported.transition),
    then: {
      to: 'block',
      isLimit: false,
      reason: (c) => c.reported.transition.reason || `The ${c.reported.role} reported ${c.reported.status}.`,
    },
  },

  {
    id: 'planning.not-planner',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'the reporter is not the planner',
    test: (c) => c.reported.role !== 'planner',
    then: { to: 'planner_finalize' },
  },
  {
    id: 'planning.reopen',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'reopen, and planner requested, planner_finalize targeted or category scope',
    test: reopensPlanning,
    then: { to: 'planner_finalize', counts: ['reopen'], category: 'scope' },
  },
  {
    id: 'planning.advice',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'designer or architect requested with continue, reopen or no outcome, and passes are left',
    test: (c) => asksForAdvice(c) && c.workflow.planningPasses < c.limits.advisoryPasses,
    then: { to: 'planner_advisory', owner: (c) => c.reported.transition.requestedRole, counts: ['advisory-pass'] },
  },
  {
    id: 'planning.advice-spent',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'the same, and no pass is left',
    test: asksForAdvice,
    then: {
      to: 'block',
      isLimit: true,
      reason: (c) => `The planner asked for advice a further time after ${c.limits.advisoryPasses} advisory passes.`,
    },
  },
  {
    id: 'planning.close',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'an explicit close, and the artifacts are planning documents only',
    test: (c) => closesExplicitly(c) && c.reported.isDocumentsOnly,
    then: { to: 'close' },
  },
  {
    id: 'planning.done',
    steps: ['planner_draft', 'planner_finalize'],
    when: 'otherwise',
    test: always,
    then: { to: 'architect_guidance' },
  },

  { id: 'advisory.done', steps: ['planner_advisory'], when: 'always', test: always, then: { to: 'planner_finalize' } },

  { id: 'guidance.reopen', steps: ['architect_guidance'], when: 'reopen', test: isReopen, then: { to: 'reopen-map' } },
  { id: 'guidance.done', steps: ['architect_guidance'], when: 'otherwise', test: always, then: { to: 'developer_build' } },

  { id: 'build.reopen', steps: ['developer_build'], when: 'reopen', test: isReopen, then: { to: 'reopen-map' } },
  { id: 'build.done', steps: ['developer_build'], when: 'otherwise', test: always, then: { to: 'architect_review', counts: ['review'] } },

  {
    id: 'review.pass',
    steps: ['architect_review'],
    when: 'qa_validation or validation targeted, qa requested, or complete (even at the limit)',
    test: passesReview,
    then: { to: 'qa_validation' },
  },
  {
    id: 'review.spent',
    steps: ['architect_review'],
    when: 'anything else, and no review is left',
    test: (c) => c.workflow.reviewCycles >= c.limits.architectReviews,
    then: { to: 'block', isLimit: true, reason: (c) => `The architect still wants changes after ${c.workflow.reviewCycles} reviews.` },
  },
  {
    id: 'review.revise',
    steps: ['architect_review'],
    when: 'reopen with category implementation or none',
    test: (c) => isReopen(c) && ['', 'implementation'].includes(c.reported.transition.category),
    then: { to: 'developer_revision', counts: ['reopen'], category: 'implementation' },
  },
  { id: 'review.reopen', steps: ['architect_review'], when: 'reopen with another category', test: isReopen, then: { to: 'reopen-map' } },
  { id: 'review.changes', steps: ['architect_review'], when: 'otherwise', test: always, then: { to: 'developer_revision' } },

  { id: 'revision.reopen', steps: ['developer_revision'], when: 'reopen', test: isReopen, then: { to: 'reopen-map' } },
  {
    id: 'revision.review',
    steps: ['developer_revision'],
    when: 'architect_review targeted',
    test: (c) => c.reported.transition.targetStep === 'architect_review',
    then: { to: 'architect_review', counts: ['review'] },
  },
  { id: 'revision.done', steps: ['developer_revision'], when: 'otherwise', test: always, then: { to: 'qa_validation' } },

  { id: 'validation.reopen', steps: ['qa_validation'], when: 'reopen', test: isReopen, then: { to: 'reopen-map' } },
  { id: 'validation.pass', steps: ['qa_validation'], when: 'otherwise', test: always, then: { to: 'close' } },

  {
    id: 'closeout.reopen',
    steps: ['closeout'],
    when: 'reopen (a conflict: implementation; red verification: verification)',
    test: isReopen,
    then: { to: 'reopen-map' },
  },
  {
    id: 'closeout.stays',
    steps: ['closeout'],
    when: 'otherwise: a closeout is decided by git and the receipt, not by a report',
    test: always,
    then: { to: 'block', isLimit: false, reason: () => 'A report arrived during the closeout, which takes none.' },
  },
];

/** One row of the reopen map (sprint-runtime 5.5). */
export interface ReopenRow {
  readonly id: string;
  readonly when: string;
  readonly test: (category: ReopenCategory, at: Step, passesLeft: boolean) => boolean;
  readonly to: Step;
  readonly owner: string;
  readonly counts: readonly Count[];
}

const afterReview: readonly Step[] = ['architect_review', 'developer_revision', 'qa_validation', 'closeout'];

/** The reopen map: where reopened work goes, by category and by the step that reopened it. First match wins. */
export const reopenMap: readonly ReopenRow[] = [
  {
    id: 'reopen.scope',
    when: 'scope',
    test: (category) => category === 'scope',
    to: 'planner_finalize',
    owner: 'planner',
    counts: ['reopen'],
  },
  {
    id: 'reopen.ux',
    when: 'ux, and an advisory pass is left',
    test: (category, _at, passesLeft) => category === 'ux' && passesLeft,
    to: 'planner_advisory',
    owner: 'designer',
    counts: ['reopen', 'advisory-pass'],
  },
  {
    id: 'reopen.ux-spent',
    when: 'ux, and no advisory pass is left',
    test: (category) => category === 'ux',
    to: 'planner_finalize',
    owner: 'planner',
    counts: ['reopen'],
  },
  {
    id: 'reopen.architecture-by-qa',
    when: 'architecture, raised by QA or the closeout',
    test: (category, at) => category === 'architecture' && (at === 'qa_validation' || at === 'closeout'),
    to: 'architect_review',
    owner: 'architect',
    counts: ['reopen', 'review'],
  },
  {
    id: 'reopen.architecture',
    when: 'architecture, raised elsewhere',
    test: (category) => category === 'architecture',
    to: 'architect_guidance',
    owner: 'architect',
    counts: ['reopen'],
  },
  {
    id: 'reopen.work-after-review',
    when: 'implementation or verification, raised at review, revision, QA or closeout',
    test: (category, at) => (category === 'implementation' || category === 'verification') && afterReview.includes(at),
    to: 'developer_revision',
    owner: 'developer',
    counts: ['reopen'],
  },
  {
    id: 'reopen.work',
    when: 'implementation or verification, raised earlier',
    test: (category) => category === 'implementation' || category === 'verification',
    to: 'developer_build',
    owner: 'developer',
    counts: ['reopen'],
  },
  { id: 'reopen.unknown', when: 'no category', test: always, to: 'planner_finalize', owner: 'planner', counts: ['reopen'] },
];

const overLimit: Readonly<Record<Count, (w: Workflow, l: WorkflowLimits) => string | null>> = {
  'advisory-pass': (w, l) => (w.planningPasses >= l.advisoryPasses ? `No advisory pass is left (limit ${l.advisoryPasses}).` : null),
  review: (w, l) => (w.reviewCycles >= l.architectReviews ? `No architect review is left (limit ${l.architectReviews}).` : null),
  reopen: (w, l) => (w.reopens >= l.reopens ? `The todo was reopened ${w.reopens} times, which is the limit.` : null),
};

function entering(c: Context, row: string, step: Step, owner: string, counts: readonly Count[], category: ReopenCategory): Move {
  for (const count of counts) {
    const reason = overLimit[count](c.workflow, c.limits);
    if (reason)
      return {
        kind: 'block',
        row,
        reason: c.reported.transition.reason ? `${reason} Last reason: ${c.reported.transition.reason}` : reason,
        isLimit: true,
      };
  }
  return { kind: 'enter', row, step, owner, counts, category, source: counts.includes('reopen') ? c.reported.role : '' };
}

function throughReopenMap(c: Context, viaRow: string, map: readonly ReopenRow[]): Move {
  const { category } = c.reported.transition;
  const passesLeft = c.workflow.planningPasses < c.limits.advisoryPasses;
  const row = map.find((candidate) => candidate.test(category, c.workflow.step, passesLeft));
  if (!row) throw new Error(`The reopen map has no row for category "${category}" at ${c.workflow.step}.`);
  return entering(c, `${viaRow}/${row.id}`, row.to, row.owner, row.counts, category);
}

/** Where a valid report sends the todo. Pure and total: every report at every step meets exactly one row, and no limit is passed. */
export function nextMove(
  workflow: Workflow,
  reported: Reported,
  limits: WorkflowLimits,
  table: readonly WorkflowRow[] = workflowTable,
  map: readonly ReopenRow[] = reopenMap,
): Move {
  const c: Context = { workflow, reported, limits };
  const row = table.find((candidate) => (candidate.steps === 'any' || candidate.steps.includes(workflow.step)) && candidate.test(c));
  if (!row) throw new Error(`The workflow table has no row for step ${workflow.step}.`);
  const target = row.then;
  if (target.to === 'close') return { kind: 'close', row: row.id };
  if (target.to === 'block') return { kind: 'block', row: row.id, reason: target.reason(c), isLimit: target.isLimit };
  if (target.to === 'reopen-map') return throughReopenMap(c, row.id, map);
  const owner = target.owner ? target.owner(c) : target.to === 'planner_advisory' ? 'designer' : stepOwner[target.to];
  return entering(c, row.id, target.to, owner, target.counts ?? [], target.category ?? '');
}
