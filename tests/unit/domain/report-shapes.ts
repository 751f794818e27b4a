import { plannerDocuments } from '../../../src/shared/domain/report.js';
import type { ProposedBacklogItem, QaValidation, Report, ReportProposals, WorkflowTransition } from '../../../src/shared/domain/report.js';
import type { TurnOutcome } from '../../../src/shared/domain/vocabulary.js';

const silent: ReportProposals = {
  workflowTransition: null,
  backlogItems: [],
  backlogWrites: [],
  revisedMilestoneTitle: null,
  qaValidation: null,
  requestHandling: null,
  controlAction: null,
  requiredInputs: [],
  designFeedback: null,
  sprintReport: null,
  blockedReason: null,
  planningContracts: [],
  commitMessage: null,
  other: {},
};

/** What a report says about where to go, empty where not given. */
export const transition = (said: Partial<WorkflowTransition>): WorkflowTransition => ({
  outcome: null,
  targetPhase: null,
  targetStep: null,
  requestedRole: null,
  reopenCategory: null,
  reason: '',
  unresolvedItems: [],
  finalizePhase: false,
  ...said,
});

/** QA's decision with one row of evidence. */
export const qa = (decision: QaValidation['decision']): QaValidation => ({
  methodology: 'evidence_matrix',
  decision,
  evidenceMatrix: [{ criterion: 'It works.', source: 'spec.md', evidence: 'ran it', result: decision === 'pass' ? 'pass' : 'fail' }],
  passedChecks: [],
  findings: decision === 'pass' ? [] : ['It does not work.'],
  residualRisks: [],
  notChecked: [],
});

/** A proposed backlog item that meets what a sprint asks of one. */
export const item = (title: string, changes: Partial<ProposedBacklogItem> = {}): ProposedBacklogItem => ({
  backlogId: null,
  title,
  summary: `${title}, in short.`,
  kind: 'feature',
  scope: '',
  acceptanceCriteria: [`${title} works.`],
  priorityRank: null,
  dependsOn: null,
  milestoneTitle: null,
  plannedInSprint: null,
  origin: { milestoneRef: 'milestone.md', requirementRefs: ['1'], specRefs: ['spec.md#1'], researchRefs: [], requestId: null },
  ...changes,
});

/** A report of a role; what is not given is empty and completed. */
export const report = (role: string, changes: Partial<Report> = {}, proposals: Partial<ReportProposals> = {}): Report => ({
  subjectId: '',
  role,
  status: 'completed',
  summary: `The ${role} did it.`,
  insights: [],
  artifacts: [],
  error: '',
  validationNotes: [],
  ...changes,
  proposals: { ...silent, ...proposals },
});

let trees = 0;

/** The outcome of a turn that ended with that report: every document that a planner owns exists, and its tree is no other turn's. */
export const reported = (what: Report, changes: Partial<Extract<TurnOutcome, { kind: 'report' }>> = {}): TurnOutcome => ({
  kind: 'report',
  report: what,
  reportSha256: 'report',
  outputTree: `tree-${(trees += 1)}`,
  documents: [],
  existingDocuments: [...plannerDocuments],
  notes: [],
  ...changes,
});

const everyDocument = ['spec.md', 'todo_backlog.md', 'iteration_log.md', 'current_sprint.md'];

/** What a role that is content says at its step. */
export function contentReport(role: string, step: string): Report {
  const advance = { workflowTransition: transition({ outcome: 'advance' }) };
  if (role === 'planner') return report(role, { artifacts: [...everyDocument, 'src/plan-notes.txt'] }, advance);
  if (role === 'qa') return report(role, {}, { workflowTransition: transition({ outcome: 'complete' }), qaValidation: qa('pass') });
  if (step === 'architect_review')
    return report(role, {}, { workflowTransition: transition({ outcome: 'advance', targetStep: 'qa_validation' }) });
  return report(role, {}, advance);
}
