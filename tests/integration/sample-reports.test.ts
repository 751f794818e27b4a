import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pickEntry } from '../../src/main/runtime/runners/rehearsal/pick-entry.js';
import { readRehearsal } from '../../src/main/runtime/runners/rehearsal/read-rehearsal.js';
import type { Rehearsal } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import type { Report } from '../../src/shared/domain/report.js';
import { backlogTraceProblems, plannerDocumentRule, roleContractProblems } from '../../src/shared/domain/report.js';
import { nextMove } from '../../src/shared/domain/workflow-table.js';
import { afterMove, newWorkflow } from '../../src/shared/domain/workflow.js';
import { rehearsedReport, sampleTodos, turnFacts as factsOf } from '../fixtures/sample-rehearsal.js';

const rehearsals = join(import.meta.dirname, '../../resources/rehearsals');
let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await readRehearsal(join(rehearsals, 'sample.yaml'));
});

describe('the reports of the sample', () => {
  const documents = ['milestone.md', 'plan.md', 'spec.md', 'backlog.md'];
  const chain = [
    ['planner', 'planner_draft'],
    ['architect', 'architect_guidance'],
    ['developer', 'developer_build'],
    ['architect', 'architect_review'],
    ['developer', 'developer_revision'],
    ['qa', 'qa_validation'],
  ] as const;

  it('keep the contract of their role at every step, visit and revision', async () => {
    const problems: string[] = [];
    let reports = 0;
    for (const file of ['sample.yaml', 'sample-wrong-fix.yaml']) {
      const script = await readRehearsal(join(rehearsals, file));
      for (const entry of script.layers.flatMap(({ turns }) => turns)) {
        const role = entry.when.role ?? '';
        const step = entry.when.step ?? '';
        const facts = factsOf(role, step, entry.when.subject ?? 'Reliable durations', {
          scope: entry.when.scope ?? 'todo',
          visit: entry.when.visit ?? 2,
          revision: entry.when.revision ?? 1,
        });
        const expectation = {
          role,
          step,
          requiredDocuments: role === 'planner' ? plannerDocumentRule(false) : null,
          existingDocuments: documents,
        };
        problems.push(
          ...roleContractProblems(rehearsedReport(script, facts), expectation).map((problem) => `${facts.subject} ${step}: ${problem}`),
        );
        reports += 1;
      }
    }
    expect(problems).toEqual([]);
    expect(reports).toBeGreaterThan(50);
  });

  it('plan seven items with a full trace, one waiting for another', () => {
    const step = (name: string): Report => rehearsedReport(rehearsal, factsOf('planner', name, 'Reliable durations', { scope: 'sprint' }));
    const defined = step('backlog_definition').proposals.backlogItems;
    expect(defined.map(({ title }) => title).sort()).toEqual(sampleTodos.map(({ title }) => title).sort());
    expect(backlogTraceProblems(defined, { hasRequirements: true })).toEqual([]);
    const ranked = step('backlog_prioritization').proposals.backlogItems;
    expect(ranked.find(({ title }) => title === 'Write ISO 8601 durations')?.dependsOn).toEqual(['Read ISO 8601 durations']);
    expect(ranked.map(({ title, priorityRank }) => [title, priorityRank])).toEqual(
      sampleTodos.map(({ title }, at) => [title, [1, 1, 2, 2, 3, 3, 4][at]]),
    );
    expect(step('todo_finalization').proposals.backlogItems.every(({ plannedInSprint }) => plannedInSprint === true)).toBe(true);
  });

  it('have an entry for every step of every todo', () => {
    for (const { title } of sampleTodos) {
      for (const [role, step] of chain) {
        const isMended = step !== 'developer_revision' || ['Carry', 'Read', 'Know'].some((word) => title.startsWith(word));
        expect(pickEntry(rehearsal, factsOf(role, step, title)) !== null, `${step} of ${title}`).toBe(isMended);
      }
    }
  });

  it('have the designer asked once, the architect send work back once, and QA reopen once', () => {
    const transition = (role: string, step: string, title: string, visit = 1): unknown =>
      rehearsedReport(rehearsal, factsOf(role, step, title, { visit })).proposals.workflowTransition;
    expect(transition('planner', 'planner_draft', 'Describe durations as people say them')).toMatchObject({
      outcome: 'continue',
      requestedRole: 'designer',
    });
    expect(transition('designer', 'planner_advisory', 'Describe durations as people say them')).toBeNull();
    expect(transition('architect', 'architect_review', 'Read ISO 8601 durations')).toMatchObject({
      outcome: 'reopen',
      reopenCategory: 'implementation',
    });
    expect(transition('qa', 'qa_validation', 'Carry rounded units over')).toMatchObject({
      outcome: 'reopen',
      reopenCategory: 'implementation',
    });
    expect(transition('qa', 'qa_validation', 'Carry rounded units over', 2)).toMatchObject({ outcome: 'complete' });
  });

  const walk = (script: Rehearsal, subject: string): { readonly steps: readonly string[]; readonly end: string } => {
    let workflow = newWorkflow();
    const steps: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const { owner: role, step } = workflow;
      steps.push(step);
      const report = rehearsedReport(script, factsOf(role, step, subject, { visit: workflow.visits[step] ?? 1 }));
      const said = report.proposals.workflowTransition;
      const transition = {
        outcome: said?.outcome ?? ('' as const),
        targetPhase: said?.targetPhase ?? ('' as const),
        targetStep: said?.targetStep ?? ('' as const),
        requestedRole: said?.requestedRole ?? '',
        category: said?.reopenCategory ?? ('' as const),
        finalizePhase: said?.finalizePhase ?? false,
        reason: said?.reason ?? '',
      };
      const limits = { advisoryPasses: 2, architectReviews: 3, reopens: 3 };
      const move = nextMove(workflow, { role, status: report.status, transition, isDocumentsOnly: false }, limits);
      if (move.kind === 'close') return { steps, end: 'closeout' };
      if (move.kind === 'block') return { steps, end: move.reason };
      workflow = afterMove(workflow, move);
    }
    return { steps, end: 'no end' };
  };

  it('take every todo through the decision table to its closeout', () => {
    const plain = ['planner_draft', 'architect_guidance', 'developer_build', 'architect_review', 'qa_validation'];
    const walks = Object.fromEntries(sampleTodos.map(({ title }) => [title, walk(rehearsal, title)]));
    expect(Object.values(walks).map(({ end }) => end)).toEqual(sampleTodos.map(() => 'closeout'));
    expect(walks['Know days']?.steps).toEqual(plain);
    expect(walks['Describe durations as people say them']?.steps).toEqual([
      'planner_draft',
      'planner_advisory',
      'planner_finalize',
      ...plain.slice(1),
    ]);
    expect(walks['Read ISO 8601 durations']?.steps).toEqual([...plain.slice(0, 4), 'developer_revision', 'qa_validation']);
    expect(walks['Carry rounded units over']?.steps).toEqual([...plain, 'developer_revision', 'qa_validation']);
  });

  it('run the todo with the wrong fix into the limit of reopens', async () => {
    const { steps, end } = walk(await readRehearsal(join(rehearsals, 'sample-wrong-fix.yaml')), 'Carry rounded units over');
    expect(steps.filter((step) => step === 'qa_validation')).toHaveLength(4);
    expect(end).toContain('The todo was reopened 3 times, which is the limit.');
  });
});
