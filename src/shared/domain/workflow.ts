/** The sprint chain's phases (sprint-runtime 4.2). */
export type Phase = 'planning' | 'implementation' | 'validation' | 'closeout';

/** The sprint chain's steps (sprint-runtime 4.2). */
export type Step =
  | 'planner_draft'
  | 'planner_advisory'
  | 'planner_finalize'
  | 'architect_guidance'
  | 'developer_build'
  | 'architect_review'
  | 'developer_revision'
  | 'qa_validation'
  | 'closeout';

export type ReopenCategory = '' | 'scope' | 'ux' | 'architecture' | 'implementation' | 'verification';

export type TransitionOutcome = '' | 'continue' | 'advance' | 'reopen' | 'block' | 'complete';

/** Where a todo is in its workflow, and what of its limits it has used. */
export interface Workflow {
  phase: Phase;
  step: Step;
  /** Role whose turn it is. */
  owner: string;
  phaseStatus: 'active' | 'blocked' | 'completed';
  planningPasses: number;
  reviewCycles: number;
  reopens: number;
  /** Reports returned for breaking their contract since the step was entered. */
  contractReturns: number;
  /** How often each step was entered in this revision. */
  visits: Partial<Record<Step, number>>;
  reopenSource: string;
  reopenCategory: ReopenCategory;
}

/** The limits that the table itself holds. */
export interface WorkflowLimits {
  readonly advisoryPasses: number;
  readonly architectReviews: number;
  readonly reopens: number;
}

/** What a report says about where to go next, already validated. Empty strings where it says nothing. */
export interface Transition {
  readonly outcome: TransitionOutcome;
  readonly targetPhase: Phase | '';
  readonly targetStep: Step | '';
  readonly requestedRole: string;
  readonly category: ReopenCategory;
  readonly finalizePhase: boolean;
  readonly reason: string;
}

/** A report as the table sees it. */
export interface Reported {
  readonly role: string;
  readonly status: 'completed' | 'blocked' | 'failed';
  readonly transition: Transition;
  /** Artifacts are named, and all of them are planning documents. */
  readonly isDocumentsOnly: boolean;
}

/** Which counters an entry into a step uses up. */
export type Count = 'advisory-pass' | 'review' | 'reopen';

/** Where the table sends a todo. `row` names the row that decided. */
export type Move =
  | {
      readonly kind: 'enter';
      readonly row: string;
      readonly step: Step;
      readonly owner: string;
      readonly counts: readonly Count[];
      readonly category: ReopenCategory;
      readonly source: string;
    }
  | { readonly kind: 'close'; readonly row: string }
  | { readonly kind: 'block'; readonly row: string; readonly reason: string; readonly isLimit: boolean };

/** Role that owns a step; `planner_advisory` is owned by the role that was asked. */
export const stepOwner: Readonly<Record<Exclude<Step, 'planner_advisory'>, string>> = {
  planner_draft: 'planner',
  planner_finalize: 'planner',
  architect_guidance: 'architect',
  developer_build: 'developer',
  architect_review: 'architect',
  developer_revision: 'developer',
  qa_validation: 'qa',
  closeout: 'version_controller',
};

/** Phase that a step belongs to. */
export const stepPhase: Readonly<Record<Step, Phase>> = {
  planner_draft: 'planning',
  planner_advisory: 'planning',
  planner_finalize: 'planning',
  architect_guidance: 'implementation',
  developer_build: 'implementation',
  architect_review: 'implementation',
  developer_revision: 'implementation',
  qa_validation: 'validation',
  closeout: 'closeout',
};

/** A workflow at its first step. A later revision starts at the developer's revision, as a person's comment is the plan. */
export function newWorkflow(step: Step = 'planner_draft'): Workflow {
  const owner = step === 'planner_advisory' ? 'designer' : stepOwner[step];
  return {
    phase: stepPhase[step],
    step,
    owner,
    phaseStatus: 'active',
    planningPasses: 0,
    reviewCycles: 0,
    reopens: 0,
    contractReturns: 0,
    visits: { [step]: 1 },
    reopenSource: '',
    reopenCategory: '',
  };
}

/** The workflow after a move; the given one is not changed. */
export function afterMove(workflow: Workflow, move: Move): Workflow {
  if (move.kind === 'block') return { ...workflow, phaseStatus: 'blocked' };
  if (move.kind === 'close')
    return {
      ...workflow,
      phase: 'closeout',
      step: 'closeout',
      owner: stepOwner.closeout,
      phaseStatus: 'active',
      contractReturns: 0,
      visits: countVisit(workflow, 'closeout'),
    };
  const has = (count: Count): number => (move.counts.includes(count) ? 1 : 0);
  return {
    phase: stepPhase[move.step],
    step: move.step,
    owner: move.owner,
    phaseStatus: 'active',
    contractReturns: 0,
    planningPasses: workflow.planningPasses + has('advisory-pass'),
    reviewCycles: workflow.reviewCycles + has('review'),
    reopens: workflow.reopens + has('reopen'),
    visits: countVisit(workflow, move.step),
    reopenSource: has('reopen') ? move.source : workflow.reopenSource,
    reopenCategory: has('reopen') ? move.category : workflow.reopenCategory,
  };
}

const countVisit = (workflow: Workflow, step: Step): Workflow['visits'] => ({
  ...workflow.visits,
  [step]: (workflow.visits[step] ?? 0) + 1,
});

/** A fresh round of limits, opened by a person; counters of visits go on so that turns keep distinct names. */
export const withFreshLimits = (workflow: Workflow): Workflow => ({
  ...workflow,
  planningPasses: 0,
  reviewCycles: 0,
  reopens: 0,
  contractReturns: 0,
  phaseStatus: 'active',
});
