import { describe, expect, it } from 'vitest';
import { parseReport, reportJsonSchema } from '../../src/shared/contract/report.js';
import { reportExample } from '../../src/shared/contract/report-example.js';

const truth = { role: 'developer', subjectId: 'todo-140422-51a086' };
const minimal = {
  request_id: 'x',
  role: 'qa',
  status: 'completed',
  summary: 'Built the parser.',
  insights: [],
  proposals: {},
  artifacts: [],
  error: '',
};

function read(json: unknown, role = 'developer') {
  const result = parseReport(json, { ...truth, role });
  if (!result.ok) throw new Error(result.error.problems.join('\n'));
  return result.value;
}

function problemsOf(json: unknown, role = 'developer'): readonly string[] {
  const result = parseReport(json, { ...truth, role });
  return result.ok ? [] : result.error.problems;
}

describe('parseReport', () => {
  it('overwrites role and request id with the true ones', () => {
    expect(read(minimal)).toMatchObject({ role: 'developer', subjectId: 'todo-140422-51a086' });
  });

  it('refuses a missing status instead of taking it for completed', () => {
    const { status: _status, ...rest } = minimal;
    expect(problemsOf(rest)).toEqual(['status is missing; allowed: completed, blocked, failed.']);
  });

  it('refuses an unknown status and names the allowed ones', () => {
    expect(problemsOf({ ...minimal, status: 'done' })).toEqual(['status is "done"; allowed: completed, blocked, failed.']);
  });

  it.each(['awaiting_approval', 'approval_needed'])('reads %s as blocked and says so', (status) => {
    const report = read({ ...minimal, status });
    expect(report.status).toBe('blocked');
    expect(report.validationNotes).toEqual([`Read the status ${status} as blocked: it waits for a person.`]);
  });

  it('makes one-element lists of string insights and artifacts', () => {
    expect(read({ ...minimal, insights: 'one', artifacts: 'spec.md' })).toMatchObject({ insights: ['one'], artifacts: ['spec.md'] });
  });

  it('merges the aliases of backlog items and keeps one of each title, scope and kind', () => {
    const item = { title: 'Read weeks', scope: 'parse', kind: 'feature' };
    const proposals = {
      backlog_item: item,
      backlog_items: [{ ...item, title: ' read  WEEKS ' }],
      planned_backlog_updates: ['Write weeks'],
    };
    expect(read({ ...minimal, proposals }, 'planner').proposals.backlogItems.map(({ title }) => title)).toEqual([
      ' read  WEEKS ',
      'Write weeks',
    ]);
  });

  it('leaves the reference record fields of a backlog item to the runtime', () => {
    const item = {
      title: 'Read weeks',
      status: 'done',
      fingerprint: 'f00',
      planned_in_sprint_id: '260324-Sprint-09-00',
      acceptance_criteria: 'reads 2w',
    };
    expect(read({ ...minimal, proposals: { backlog_items: [item] } }, 'planner').proposals.backlogItems[0]).toMatchObject({
      title: 'Read weeks',
      plannedInSprint: true,
      acceptanceCriteria: ['reads 2w'],
      kind: null,
    });
  });

  it('names field, value and allowed values of an unknown outcome instead of blanking it', () => {
    expect(problemsOf({ ...minimal, proposals: { workflow_transition: { outcome: 'pass', target_step: 'qa' } } })).toEqual([
      'proposals.workflow_transition.outcome is "pass"; allowed: continue, advance, reopen, block, complete.',
      'proposals.workflow_transition.target_step is "qa"; allowed: planner_draft, planner_advisory, planner_finalize, architect_guidance, developer_build, architect_review, developer_revision, qa_validation, closeout.',
    ]);
  });

  it('reads blank transition fields as nothing said', () => {
    const blank = {
      outcome: '',
      target_phase: '',
      target_step: '',
      requested_role: '',
      reopen_category: '',
      reason: '',
      unresolved_items: '',
      finalize_phase: false,
    };
    expect(read({ ...minimal, proposals: { workflow_transition: blank } }).proposals.workflowTransition).toEqual({
      outcome: null,
      targetPhase: null,
      targetStep: null,
      requestedRole: null,
      reopenCategory: null,
      reason: '',
      unresolvedItems: [],
      finalizePhase: false,
    });
  });

  it('refuses unknown top-level keys by name', () => {
    expect(problemsOf({ ...minimal, verdict: 'approved' })).toEqual(['The report has unknown key "verdict"; leave it out.']);
  });

  it('does not let a role choose the next one', () => {
    const report = read({ ...minimal, next_role: 'qa', proposals: { routing: { recommended_next_role: 'qa', why: 'x' } } });
    expect(report.proposals.other).toEqual({ routing: { why: 'x' } });
    expect(report.validationNotes).toEqual(['Left out proposals.routing.recommended_next_role: the workflow decides who is next.']);
  });

  it('keeps proposals that it has no shape for, even when they are called like object members', () => {
    const proposals = JSON.parse('{"code_review":{"notes":["fine"]},"toString":"x","todo_brief":"do it"}') as object;
    expect(read({ ...minimal, proposals }).proposals).toMatchObject({
      other: { code_review: { notes: ['fine'] }, toString: 'x', todo_brief: 'do it' },
      planningContracts: ['todo_brief'],
    });
  });

  it('takes a commit message from the version controller alone', () => {
    const report = { ...minimal, commit_message: 'Read weeks', commit_status: 'committed', commit_sha: 'abc' };
    expect(read(report, 'version_controller').proposals.commitMessage).toBe('Read weeks');
    expect(problemsOf(report, 'developer')[0]).toContain('unknown keys');
  });

  it('refuses texts over 20,000 characters by field', () => {
    expect(problemsOf({ ...minimal, summary: 'x'.repeat(20_001) })).toEqual(['summary is too large: at most 20000 characters.']);
  });

  it.each([null, [], 'text', 7])('refuses %j as not an object', (json) => {
    expect(problemsOf(json)).toEqual([
      'The answer is not a JSON object; give one object with status, summary and the further fields of the report.',
    ]);
  });

  it.each(['planner', 'developer', 'qa'])('recognises the example of the %s sent back', (role) => {
    expect(problemsOf(reportExample(role), role)[0]).toContain('repeats the example instead of filling it in: request_id, status, summary');
  });

  it('recognises one placeholder left in an honest report', () => {
    expect(problemsOf({ ...minimal, insights: ['<something the next role should know>'] })).toEqual([
      "The answer repeats the example instead of filling it in: insights[0] still holds the example's text.",
    ]);
  });

  it('asks for what a control action lacks', () => {
    expect(problemsOf({ ...minimal, proposals: { control_action: { kind: 'cancel_request' } } }, 'orchestrator')).toEqual([
      'proposals.control_action.request_id is missing; cancel_request names the request to cancel.',
    ]);
    expect(problemsOf({ ...minimal, proposals: { control_action: { kind: 'rm' } } }, 'orchestrator')).toEqual([
      'proposals.control_action.kind is "rm"; allowed: sprint_lifecycle, cancel_request, execute_action.',
    ]);
  });

  it('reads the parameters of an action from an object', () => {
    const control_action = { kind: 'execute_action', action_name: 'deploy', params: { stage: 'test', tries: 2 } };
    expect(read({ ...minimal, proposals: { control_action } }, 'orchestrator').proposals.controlAction).toEqual({
      kind: 'execute_action',
      actionName: 'deploy',
      params: { stage: 'test', tries: '2' },
    });
  });

  it('refuses a receipt that names nothing', () => {
    expect(problemsOf({ ...minimal, proposals: { backlog_writes: [{ status: 'added' }] } }, 'planner')).toEqual([
      'proposals.backlog_writes[0] names neither backlog_id nor artifact_path; give one of them.',
    ]);
  });
});

describe('reportJsonSchema', () => {
  const walk = (schema: unknown, visit: (node: Record<string, unknown>) => void): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if (!Array.isArray(schema)) visit(schema as Record<string, unknown>);
    for (const value of Object.values(schema)) walk(value, visit);
  };

  it.each(['orchestrator', 'planner', 'designer', 'architect', 'developer', 'qa', 'sourcer', 'version_controller', 'security_reviewer'])(
    'requires every key and allows no other for %s',
    (role) => {
      let objects = 0;
      walk(reportJsonSchema(role), (node) => {
        if (node['type'] !== 'object') return;
        objects += 1;
        expect(node['additionalProperties']).toBe(false);
        expect(node['required']).toEqual(Object.keys(node['properties'] as object));
      });
      expect(objects).toBeGreaterThan(2);
    },
  );

  it('offers the evidence matrix to QA only', () => {
    expect(JSON.stringify(reportJsonSchema('qa'))).toContain('evidence_matrix');
    expect(JSON.stringify(reportJsonSchema('developer'))).not.toContain('evidence_matrix');
  });

  it('describes answers that parseReport reads, with null where nothing is said', () => {
    const nothing = (schema: Record<string, unknown>): unknown => {
      const options = (schema['anyOf'] ?? []) as Record<string, unknown>[];
      if (options.some((option) => option['type'] === 'null')) return null;
      if (schema['type'] === 'object')
        return Object.fromEntries(
          Object.entries(schema['properties'] as Record<string, Record<string, unknown>>).map(([key, value]) => [key, nothing(value)]),
        );
      return schema['enum'] ? (schema['enum'] as unknown[])[0] : 'something';
    };
    for (const role of ['planner', 'qa', 'orchestrator', 'designer'])
      expect(read(nothing(reportJsonSchema(role) as Record<string, unknown>), role).status).toBe('completed');
  });
});
