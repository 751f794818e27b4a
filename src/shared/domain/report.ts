import { jsonBytes } from './text-size.js';

/** JSON as it came over a wire. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What a role may say about its turn (sprint-runtime 4.3). */
export const reportStatuses = ['completed', 'blocked', 'failed'] as const;
export const transitionOutcomes = ['continue', 'advance', 'reopen', 'block', 'complete'] as const;
export const targetPhases = ['planning', 'implementation', 'validation', 'closeout'] as const;
export const targetSteps = [
  'planner_draft',
  'planner_advisory',
  'planner_finalize',
  'architect_guidance',
  'developer_build',
  'architect_review',
  'developer_revision',
  'qa_validation',
  'closeout',
] as const;
export const reopenCategories = ['scope', 'ux', 'architecture', 'implementation', 'verification'] as const;
export const proposedKinds = ['bug', 'enhancement', 'feature', 'chore'] as const;
export const qaDecisions = ['pass', 'fail', 'blocked'] as const;
export const evidenceResults = ['pass', 'fail', 'not_checked'] as const;
export const planningContracts = ['root_cause_contract', 'todo_brief', 'planning_note'] as const;

export type ReportStatus = (typeof reportStatuses)[number];
export type TransitionOutcome = (typeof transitionOutcomes)[number];
export type TargetPhase = (typeof targetPhases)[number];
export type TargetStep = (typeof targetSteps)[number];
export type ReopenCategory = (typeof reopenCategories)[number];
export type ProposedKind = (typeof proposedKinds)[number];
export type QaDecision = (typeof qaDecisions)[number];
export type EvidenceResult = (typeof evidenceResults)[number];
export type PlanningContract = (typeof planningContracts)[number];

/** Where the role wants the todo to go next; null where it did not say. */
export interface WorkflowTransition {
  readonly outcome: TransitionOutcome | null;
  readonly targetPhase: TargetPhase | null;
  readonly targetStep: TargetStep | null;
  readonly requestedRole: string | null;
  readonly reopenCategory: ReopenCategory | null;
  readonly reason: string;
  readonly unresolvedItems: readonly string[];
  readonly finalizePhase: boolean;
}

/** Where a proposed item comes from (sprint-runtime 4.4). */
export interface ProposedOrigin {
  readonly milestoneRef: string | null;
  readonly requirementRefs: readonly string[];
  readonly specRefs: readonly string[];
  readonly researchRefs: readonly string[];
  readonly requestId: string | null;
}

/** A backlog item that a role proposes, or a change to one that it names by `backlogId`. Null: not mentioned, keep what is there. */
export interface ProposedBacklogItem {
  readonly backlogId: string | null;
  readonly title: string;
  readonly summary: string | null;
  readonly kind: ProposedKind | null;
  readonly scope: string | null;
  readonly acceptanceCriteria: readonly string[] | null;
  /** 0 means none. */
  readonly priorityRank: number | null;
  /** Titles or ids of items that must be done before. */
  readonly dependsOn: readonly string[] | null;
  readonly milestoneTitle: string | null;
  readonly plannedInSprint: boolean | null;
  readonly origin: ProposedOrigin;
}

/** A claim that something was written; checked, never believed (sprint-runtime 4.10). */
export interface BacklogReceipt {
  readonly backlogId: string | null;
  readonly artifactPath: string | null;
  readonly status: string | null;
  readonly changedFields: readonly string[];
}

/** One acceptance criterion and what was found about it. */
export interface EvidenceRow {
  readonly criterion: string;
  readonly source: string;
  readonly evidence: string;
  readonly result: EvidenceResult;
}

/** QA's decision; nothing else ever counts as a pass. */
export interface QaValidation {
  readonly methodology: 'evidence_matrix';
  readonly decision: QaDecision;
  readonly evidenceMatrix: readonly EvidenceRow[];
  readonly passedChecks: readonly string[];
  readonly findings: readonly string[];
  readonly residualRisks: readonly string[];
  readonly notChecked: readonly string[];
}

/** What the orchestrator asks the runtime to do for the requester. */
export type ControlAction =
  | {
      readonly kind: 'sprint_lifecycle';
      readonly command: 'start' | 'stop' | 'restart' | 'status';
      readonly milestoneTitle: string | null;
      readonly kickoffBrief: string | null;
      readonly kickoffRequirements: readonly string[];
    }
  | { readonly kind: 'cancel_request'; readonly requestId: string }
  | { readonly kind: 'execute_action'; readonly actionName: string; readonly params: Readonly<Record<string, string>> };

/** The designer's advice (sprint-runtime 5.10). */
export interface DesignFeedback {
  readonly entryPoint: 'planning_route' | 'message_readability' | 'info_prioritization' | 'ux_reopen' | null;
  readonly userJudgment: readonly string[];
  readonly messagePriority: { readonly lead: string; readonly summary: string; readonly defer: string } | null;
  readonly routingRationale: string;
  readonly requiredInputs: readonly string[];
  readonly acceptanceCriteria: readonly string[];
}

/** What a role wants to happen; null or empty where it said nothing. */
export interface ReportProposals {
  readonly workflowTransition: WorkflowTransition | null;
  readonly backlogItems: readonly ProposedBacklogItem[];
  readonly backlogWrites: readonly BacklogReceipt[];
  readonly revisedMilestoneTitle: string | null;
  readonly qaValidation: QaValidation | null;
  readonly requestHandling: { readonly mode: 'complete' } | null;
  readonly controlAction: ControlAction | null;
  readonly requiredInputs: readonly string[];
  readonly designFeedback: DesignFeedback | null;
  /** The closeout report's draft, kept as it was said. */
  readonly sprintReport: { readonly headline: string; readonly [key: string]: JsonValue } | null;
  readonly blockedReason: string | null;
  /** Which planning contracts were given; their text is in `other`. */
  readonly planningContracts: readonly PlanningContract[];
  /** Subject and body that the version_controller proposes. */
  readonly commitMessage: string | null;
  /** All further keys, as they came. */
  readonly other: Readonly<Record<string, JsonValue>>;
}

/** The structured result of a turn, after its contract was checked. A claim by the role, not a fact. */
export interface Report {
  /** Id of the todo, sprint or request that the turn was about. */
  readonly subjectId: string;
  readonly role: string;
  readonly status: ReportStatus;
  readonly summary: string;
  readonly insights: readonly string[];
  readonly proposals: ReportProposals;
  /** Paths that the role names; below its checkout or its shared_workspace. */
  readonly artifacts: readonly string[];
  readonly error: string;
  /** Sentences of the runtime on what it changed while reading. */
  readonly validationNotes: readonly string[];
}

/** Documents that only the planner (or the runtime) writes; they live in shared_workspace. */
export const plannerDocuments: readonly string[] = [
  'backlog.md',
  'completed_backlog.md',
  'current_sprint.md',
  'kickoff.md',
  'milestone.md',
  'plan.md',
  'spec.md',
  'todo_backlog.md',
  'iteration_log.md',
];

const afterQaReopen: readonly string[] = ['spec.md', 'todo_backlog.md', 'iteration_log.md', 'current_sprint.md'];

/** Which planner-owned documents a report must list: one of them, or all of them. */
export interface DocumentRule {
  readonly rule: 'any-of' | 'all-of';
  readonly names: readonly string[];
}

/** What the role was asked for, as far as its report must show it. */
export interface ReportExpectation {
  readonly role: string;
  readonly step: string;
  /** null: this turn owes no document. */
  readonly requiredDocuments: DocumentRule | null;
  /** Names of planner-owned documents that exist after the turn. */
  readonly existingDocuments: readonly string[];
}

/** What a planner owes in the planning phase; after QA reopened the todo, all documents that QA judges by (sprint-runtime 5.6). */
export const plannerDocumentRule = (isAfterQaReopen: boolean): DocumentRule =>
  isAfterQaReopen ? { rule: 'all-of', names: afterQaReopen } : { rule: 'any-of', names: plannerDocuments };

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether a path names a planner-owned document: bare, or below a shared_workspace. A project's own `docs/spec.md` is not one. */
export function isPlannerDocument(path: string): boolean {
  const plain = path.replaceAll('\\', '/').replace(/^\.\//, '');
  return plannerDocuments.includes(baseName(plain)) && (!plain.includes('/') || plain.split('/').includes('shared_workspace'));
}

function documentProblems(report: Report, { requiredDocuments, existingDocuments }: ReportExpectation): string[] {
  if (requiredDocuments === null) return [];
  const listed = new Set(report.artifacts.filter(isPlannerDocument).map((path) => baseName(path.replaceAll('\\', '/'))));
  const existing = new Set(existingDocuments.map((path) => baseName(path)));
  const isThere = (name: string): boolean => listed.has(name) && existing.has(name);
  const ghosts = requiredDocuments.names.filter((name) => listed.has(name) && !existing.has(name));
  const ghostProblem =
    ghosts.length > 0 ? [`The artifacts list ${ghosts.join(', ')}, which does not exist. Write it, or list what was written.`] : [];
  if (requiredDocuments.rule === 'any-of') {
    if (requiredDocuments.names.some(isThere)) return [];
    return ghostProblem.length > 0
      ? ghostProblem
      : [`The planner must list at least one of its own documents in artifacts: ${requiredDocuments.names.join(', ')}.`];
  }
  const missing = requiredDocuments.names.filter((name) => !listed.has(name));
  if (missing.length === 0) return ghostProblem;
  return [
    ...ghostProblem,
    `After QA reopened the work the planner must bring all of ${requiredDocuments.names.join(', ')} up to date and list them in artifacts; missing: ${missing.join(', ')}.`,
  ];
}

const isContinuing = (report: Report): boolean =>
  report.status === 'completed' || !['block', null].includes(report.proposals.workflowTransition?.outcome ?? null);

function qaProblems(report: Report): string[] {
  const { qaValidation, workflowTransition } = report.proposals;
  const outcome = workflowTransition?.outcome ?? null;
  if (qaValidation === null) {
    return isContinuing(report)
      ? ['QA must give proposals.qa_validation with a decision and an evidence matrix; without it nothing was validated.']
      : [];
  }
  const problems: string[] = [];
  const { decision, evidenceMatrix } = qaValidation;
  const stops = outcome === 'reopen' || outcome === 'block';
  if (evidenceMatrix.length === 0)
    problems.push('proposals.qa_validation.evidence_matrix is empty; give one row for each acceptance criterion.');
  if (decision === 'pass') {
    const failed = evidenceMatrix.filter((row) => row.result === 'fail').map((row) => `"${row.criterion}"`);
    if (failed.length > 0) problems.push(`The decision is pass, but the evidence matrix has result fail for ${failed.join(', ')}.`);
    else if (evidenceMatrix.length > 0 && evidenceMatrix.every((row) => row.result === 'not_checked'))
      problems.push('The decision is pass, but no row of the evidence matrix was checked.');
    if (stops) problems.push(`The decision is pass, but workflow_transition.outcome is ${outcome}. Give complete, or decide fail.`);
    if (report.status !== 'completed') problems.push(`The decision is pass, but the status is ${report.status}.`);
  } else if (!stops && (decision === 'fail' || isContinuing(report))) {
    problems.push(
      `The decision is ${decision}, but workflow_transition.outcome is ${outcome ?? 'missing'}. Give reopen with a reopen_category, or block.`,
    );
  }
  return problems;
}

/**
 * What a well-formed report still breaks of its role's contract (sprint-runtime 5.6): sentences to hand back to the role, empty if
 * all is well. Structured fields only; what the prose says is never looked at.
 */
export function roleContractProblems(report: Report, expectation: ReportExpectation): string[] {
  const problems: string[] = largeItemProblems(report);
  if (expectation.role === 'planner' && isContinuing(report)) problems.push(...documentProblems(report, expectation));
  if (expectation.step === 'qa_validation') problems.push(...qaProblems(report));
  const isBuilding = expectation.step === 'developer_build' || expectation.step === 'developer_revision';
  if (isBuilding && report.status === 'completed' && (report.proposals.workflowTransition?.outcome ?? null) === null) {
    problems.push('The developer must say in proposals.workflow_transition.outcome what comes next: advance, reopen or block.');
  }
  return problems;
}

/** What one proposed item may take, bytes of JSON: it goes into one event of the journal (rules 1: 16 KB), and nothing of it is cut. */
export const maxItemBytes = 12_000;

const largeItemProblems = ({ proposals }: Report): string[] =>
  proposals.backlogItems
    .filter((item) => jsonBytes(item) > maxItemBytes)
    .map(
      ({ title }) =>
        `The backlog item "${title.slice(0, 100)}" is longer than ${maxItemBytes} bytes. Say it shorter, or put the detail into a planning document and name that.`,
    );

/** The report without planner-owned documents among the artifacts of a developer or architect, with a note where any were taken out. */
export function sanitizeArtifacts(report: Report, phase: string): Report {
  if (phase !== 'implementation' || !['developer', 'architect'].includes(report.role)) return report;
  const removed = report.artifacts.filter(isPlannerDocument);
  if (removed.length === 0) return report;
  const note = `Taken out of the ${report.role}'s artifacts, as only the planner owns them: ${removed.join(', ')}.`;
  return {
    ...report,
    artifacts: report.artifacts.filter((path) => !isPlannerDocument(path)),
    validationNotes: [...report.validationNotes, note],
  };
}

/** As much of a proposed or stored item as its trace needs. */
export interface TracedItem {
  readonly title: string;
  readonly acceptanceCriteria: readonly string[] | null;
  readonly origin: {
    readonly milestoneRef: string | null;
    readonly requirementRefs: readonly string[];
    readonly specRefs: readonly string[];
  };
}

/** What each item lacks of the trace that a sprint's items need (sprint-runtime 6.4, step 3); a sentence with the item's title for each. */
export function backlogTraceProblems(items: readonly TracedItem[], { hasRequirements }: { readonly hasRequirements: boolean }): string[] {
  return items.flatMap((item) => {
    const missing = [
      (item.acceptanceCriteria?.length ?? 0) === 0 && 'acceptance_criteria',
      !item.origin.milestoneRef && 'origin.milestone_ref',
      item.origin.specRefs.length === 0 && 'origin.spec_refs',
      hasRequirements && item.origin.requirementRefs.length === 0 && 'origin.requirement_refs',
    ].filter((field) => field !== false);
    return missing.length === 0 ? [] : [`The backlog item "${item.title}" lacks ${missing.join(', ')}.`];
  });
}
