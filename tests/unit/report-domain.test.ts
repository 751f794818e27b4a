import { describe, expect, it } from 'vitest';
import type { Report, ReportProposals } from '../../src/shared/domain/report.js';
import { backlogTraceProblems, plannerDocumentRule, roleContractProblems, sanitizeArtifacts } from '../../src/shared/domain/report.js';

const proposals: ReportProposals = {
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
const transition = (outcome: NonNullable<ReportProposals['workflowTransition']>['outcome']): ReportProposals['workflowTransition'] => ({
  outcome,
  targetPhase: null,
  targetStep: null,
  requestedRole: null,
  reopenCategory: null,
  reason: '',
  unresolvedItems: [],
  finalizePhase: false,
});
const reportOf = (role: string, changes: Partial<Report> = {}, proposed: Partial<ReportProposals> = {}): Report => ({
  subjectId: 'todo-1',
  role,
  status: 'completed',
  summary: 'Done.',
  insights: [],
  artifacts: [],
  error: '',
  validationNotes: [],
  ...changes,
  proposals: { ...proposals, ...proposed },
});
const qa = (
  decision: 'pass' | 'fail' | 'blocked',
  results: readonly ('pass' | 'fail' | 'not_checked')[],
): ReportProposals['qaValidation'] => ({
  methodology: 'evidence_matrix',
  decision,
  passedChecks: [],
  findings: [],
  residualRisks: [],
  notChecked: [],
  evidenceMatrix: results.map((result, at) => ({ criterion: `criterion ${at + 1}`, source: 'spec.md', evidence: 'ran it', result })),
});
const atQa = { role: 'qa', step: 'qa_validation', requiredDocuments: null, existingDocuments: [] };
const planning = {
  role: 'planner',
  step: 'planner_draft',
  requiredDocuments: plannerDocumentRule(false),
  existingDocuments: ['spec.md', 'plan.md'],
};

describe('roleContractProblems of a planner', () => {
  it('accepts one planner-owned document that exists, however its path is written', () => {
    expect(roleContractProblems(reportOf('planner', { artifacts: ['./shared_workspace/spec.md'] }), planning)).toEqual([]);
    expect(roleContractProblems(reportOf('planner', { artifacts: ['src/a.js', 'plan.md'] }), planning)).toEqual([]);
  });

  it('refuses a report without any, and one that names a document that is not there', () => {
    expect(roleContractProblems(reportOf('planner', { artifacts: ['docs/spec.md'] }), planning)[0]).toMatch(
      /^The planner must list at least one of its own documents in artifacts: backlog\.md, /,
    );
    expect(roleContractProblems(reportOf('planner', { artifacts: ['milestone.md'] }), planning)).toEqual([
      'The artifacts list milestone.md, which does not exist. Write it, or list what was written.',
    ]);
  });

  it('wants all four documents after QA reopened the work', () => {
    const expectation = {
      ...planning,
      requiredDocuments: plannerDocumentRule(true),
      existingDocuments: ['spec.md', 'todo_backlog.md', 'iteration_log.md', 'current_sprint.md'],
    };
    expect(roleContractProblems(reportOf('planner', { artifacts: ['spec.md', 'current_sprint.md'] }), expectation)).toEqual([
      'After QA reopened the work the planner must bring all of spec.md, todo_backlog.md, iteration_log.md, current_sprint.md up to date and list them in artifacts; missing: todo_backlog.md, iteration_log.md.',
    ]);
    expect(roleContractProblems(reportOf('planner', { artifacts: expectation.existingDocuments }), expectation)).toEqual([]);
  });

  it('asks no document of a planner who blocks', () => {
    expect(roleContractProblems(reportOf('planner', { status: 'blocked' }), planning)).toEqual([]);
  });
});

describe('roleContractProblems of QA', () => {
  it('never takes praise in prose for a validation', () => {
    expect(
      roleContractProblems(
        reportOf('qa', { summary: 'Everything passed, docs in sync.' }, { workflowTransition: transition('complete') }),
        atQa,
      ),
    ).toEqual(['QA must give proposals.qa_validation with a decision and an evidence matrix; without it nothing was validated.']);
  });

  it.each([
    ['a pass with a complete matrix', 'pass', ['pass'], 'complete', []],
    ['a fail that reopens', 'fail', ['fail'], 'reopen', []],
    ['a fail that blocks', 'fail', ['fail'], 'block', []],
    [
      'an empty matrix',
      'pass',
      [],
      'complete',
      ['proposals.qa_validation.evidence_matrix is empty; give one row for each acceptance criterion.'],
    ],
    [
      'a pass that reopens',
      'pass',
      ['pass'],
      'reopen',
      ['The decision is pass, but workflow_transition.outcome is reopen. Give complete, or decide fail.'],
    ],
    [
      'a fail that completes',
      'fail',
      ['fail'],
      'complete',
      ['The decision is fail, but workflow_transition.outcome is complete. Give reopen with a reopen_category, or block.'],
    ],
    [
      'a fail without an outcome',
      'fail',
      ['fail'],
      null,
      ['The decision is fail, but workflow_transition.outcome is missing. Give reopen with a reopen_category, or block.'],
    ],
    [
      'a blocked decision that completes',
      'blocked',
      ['not_checked'],
      'complete',
      ['The decision is blocked, but workflow_transition.outcome is complete. Give reopen with a reopen_category, or block.'],
    ],
    [
      'a pass over a failed row',
      'pass',
      ['pass', 'fail'],
      'complete',
      ['The decision is pass, but the evidence matrix has result fail for "criterion 2".'],
    ],
    [
      'a pass that checked nothing',
      'pass',
      ['not_checked'],
      'complete',
      ['The decision is pass, but no row of the evidence matrix was checked.'],
    ],
  ] as const)('judges %s', (_name, decision, results, outcome, problems) => {
    expect(
      roleContractProblems(reportOf('qa', {}, { qaValidation: qa(decision, results), workflowTransition: transition(outcome) }), atQa),
    ).toEqual(problems);
  });

  it('lets QA block without a matrix when it could not begin', () => {
    expect(roleContractProblems(reportOf('qa', { status: 'blocked' }), atQa)).toEqual([]);
  });
});

describe('roleContractProblems of a developer', () => {
  it('wants an outcome of a finished build', () => {
    const expectation = { role: 'developer', step: 'developer_build', requiredDocuments: null, existingDocuments: [] };
    expect(roleContractProblems(reportOf('developer'), expectation)).toEqual([
      'The developer must say in proposals.workflow_transition.outcome what comes next: advance, reopen or block.',
    ]);
    expect(roleContractProblems(reportOf('developer', {}, { workflowTransition: transition('advance') }), expectation)).toEqual([]);
    expect(roleContractProblems(reportOf('developer', { status: 'failed' }), expectation)).toEqual([]);
  });
});

describe('sanitizeArtifacts', () => {
  it("takes the planner's documents out of a developer's artifacts with a note, and leaves the project's own", () => {
    const report = reportOf('developer', { artifacts: ['src/a.js', 'shared_workspace/spec.md', 'docs/spec.md'] });
    expect(sanitizeArtifacts(report, 'implementation')).toMatchObject({
      artifacts: ['src/a.js', 'docs/spec.md'],
      validationNotes: ["Taken out of the developer's artifacts, as only the planner owns them: shared_workspace/spec.md."],
    });
    expect(sanitizeArtifacts(report, 'planning')).toBe(report);
  });

  it('leaves the planner and QA alone', () => {
    const report = reportOf('qa', { artifacts: ['spec.md'] });
    expect(sanitizeArtifacts(report, 'implementation')).toBe(report);
  });
});

describe('backlogTraceProblems', () => {
  const origin = { milestoneRef: 'milestone.md', requirementRefs: [], specRefs: ['spec.md#weeks'] };

  it('names the item and all that it lacks', () => {
    expect(
      backlogTraceProblems(
        [{ title: 'Read weeks', acceptanceCriteria: [], origin: { milestoneRef: null, requirementRefs: [], specRefs: [] } }],
        { hasRequirements: true },
      ),
    ).toEqual([
      'The backlog item "Read weeks" lacks acceptance_criteria, origin.milestone_ref, origin.spec_refs, origin.requirement_refs.',
    ]);
  });

  it('asks for requirement refs only where the kickoff had requirements', () => {
    const item = { title: 'Read weeks', acceptanceCriteria: ['reads 2w'], origin };
    expect(backlogTraceProblems([item], { hasRequirements: false })).toEqual([]);
    expect(backlogTraceProblems([item], { hasRequirements: true })).toEqual([
      'The backlog item "Read weeks" lacks origin.requirement_refs.',
    ]);
  });
});
