import { describe, expect, it } from 'vitest';
import { isDeepStrictEqual } from 'node:util';
import { nextMove, reopenMap, workflowTable } from '../../../src/shared/domain/workflow-table.js';
import type { ReopenRow, WorkflowRow } from '../../../src/shared/domain/workflow-table.js';
import { newWorkflow } from '../../../src/shared/domain/workflow.js';
import type { Count, Step } from '../../../src/shared/domain/workflow.js';
import { expectations, outcomeOf } from './workflow-expectations.js';

describe('the workflow table', () => {
  it.each(expectations)('at $at, $row: $says', (expectation) => {
    expect(outcomeOf(expectation)).toEqual({ row: expectation.row, then: expectation.then });
  });

  it('is expected row by row, and no row is left out', () => {
    const expected = new Set(expectations.flatMap(({ row }) => row.split('/')));
    expect([...workflowTable, ...reopenMap].map(({ id }) => id).filter((id) => !expected.has(id))).toEqual([]);
  });

  it("says the role's own reason where it gave one, and names the role where it did not", () => {
    const blocked = (reason: string) =>
      nextMove(
        newWorkflow('developer_build'),
        {
          role: 'developer',
          status: 'blocked',
          isDocumentsOnly: false,
          transition: { outcome: '', targetPhase: '', targetStep: '', requestedRole: '', category: '', finalizePhase: false, reason },
        },
        { advisoryPasses: 2, architectReviews: 3, reopens: 3 },
      );
    expect(blocked('The API key is missing.')).toMatchObject({ reason: 'The API key is missing.' });
    expect(blocked('')).toMatchObject({ reason: 'The developer reported blocked.' });
  });
});

const steps: readonly Step[] = [
  'planner_draft',
  'planner_advisory',
  'planner_finalize',
  'architect_guidance',
  'developer_build',
  'architect_review',
  'developer_revision',
  'qa_validation',
];
const counts: readonly Count[] = ['advisory-pass', 'review', 'reopen'];

/** Each way in which somebody could break a row: it is gone, it always holds, it goes elsewhere, or it counts otherwise. */
function brokenTables(row: WorkflowRow): [string, WorkflowRow[]][] {
  const instead = (broken: WorkflowRow[]): WorkflowRow[] => workflowTable.flatMap((other) => (other === row ? broken : [other]));
  const block = { to: 'block', isLimit: false, reason: () => '' } as const;
  const broken: [string, WorkflowRow[]][] = [['dropped', []]];
  const targets = [...steps, 'close', 'reopen-map'] as const;
  for (const to of targets) if (to !== row.then.to) broken.push([`to ${to}`, [{ ...row, then: { to } }]]);
  const { then } = row;
  if (then.to === 'block') broken.push(['limit told otherwise', [{ ...row, then: { ...then, isLimit: !then.isLimit } }]]);
  else broken.push(['blocks', [{ ...row, then: block }]]);
  if (then.to !== 'block' && then.to !== 'close' && then.to !== 'reopen-map') {
    const own = then.counts ?? [];
    for (const count of counts) {
      const changed = own.includes(count) ? own.filter((one) => one !== count) : [...own, count];
      broken.push([`counts ${changed.join('+') || 'nothing'}`, [{ ...row, then: { ...then, counts: changed } }]]);
    }
    broken.push(['owned by somebody else', [{ ...row, then: { ...then, owner: () => 'sourcer' } }]]);
    if (own.includes('reopen')) broken.push(['another category', [{ ...row, then: { ...then, category: 'ux' } }]]);
  }
  return broken.map(([what, rows]) => [what, instead(rows)]);
}

function brokenMaps(row: ReopenRow): [string, ReopenRow[]][] {
  const instead = (broken: ReopenRow[]): ReopenRow[] => reopenMap.flatMap((other) => (other === row ? broken : [other]));
  return [
    ['dropped', instead([])],
    ...steps.filter((to) => to !== row.to).map((to): [string, ReopenRow[]] => [`to ${to}`, instead([{ ...row, to }])]),
    ...counts.map((count): [string, ReopenRow[]] => {
      const changed = row.counts.includes(count) ? row.counts.filter((one) => one !== count) : [...row.counts, count];
      return [`counts ${changed.join('+') || 'nothing'}`, instead([{ ...row, counts: changed }])];
    }),
    ['owned by somebody else', instead([{ ...row, owner: 'sourcer' }])],
  ];
}

/** Whether some expectation of the table's test would fail. */
function isNoticed(table: readonly WorkflowRow[], map: readonly ReopenRow[]): boolean {
  return expectations.some((expectation) => {
    try {
      return !isDeepStrictEqual(outcomeOf(expectation, table, map), { row: expectation.row, then: expectation.then });
    } catch (error) {
      return error instanceof Error;
    }
  });
}

describe('a broken row', () => {
  it.each(workflowTable)('of the table, $id, is noticed however it breaks', (row) => {
    const unnoticed = brokenTables(row).filter(([, table]) => !isNoticed(table, reopenMap));
    expect(unnoticed.map(([what]) => what)).toEqual([]);
  });

  it.each(workflowTable)('of the table, $id, is noticed when its condition always or never holds', (row) => {
    const always = workflowTable.map((other) => (other === row ? { ...row, test: () => true } : other));
    const never = workflowTable.map((other) => (other === row ? { ...row, test: () => false } : other));
    const isCatchAll = row.test.toString() === (() => true).toString();
    expect({ always: isCatchAll || isNoticed(always, reopenMap), never: isNoticed(never, reopenMap) }).toEqual({
      always: true,
      never: true,
    });
  });

  it.each(reopenMap)('of the reopen map, $id, is noticed however it breaks', (row) => {
    const unnoticed = brokenMaps(row).filter(([, map]) => !isNoticed(workflowTable, map));
    expect(unnoticed.map(([what]) => what)).toEqual([]);
  });
});
