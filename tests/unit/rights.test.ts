import { describe, expect, it } from 'vitest';
import { appContract } from '../../src/shared/contract/app-contract.js';
import { commandMethods } from '../../src/shared/contract/command-schemas.js';
import { isVerdictMove, leastRole, mayAs } from '../../src/shared/contract/rights.js';
import { moveTable } from '../../src/shared/domain/card-moves.js';

/** Paths of all methods in a nested object of procedures. */
function methodPaths(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([key, value]: [string, object]) =>
    '~orpc' in value ? [`${prefix}${key}`] : methodPaths(value, `${prefix}${key}.`),
  );
}

describe('the table of rights', () => {
  it('has a row for every method of the app and for nothing else', () => {
    expect(Object.keys(leastRole).sort()).toEqual(methodPaths(appContract).sort());
  });

  it('lets a viewer give no command, and a reviewer none but verdicts and moves', () => {
    const rows = Object.values(commandMethods).map((method) => [method, leastRole[method]] as const);
    expect(rows.filter(([, least]) => least === 'viewer')).toEqual([]);
    const reviewers = rows.flatMap(([method, least]) => (least === 'reviewer' ? [method] : []));
    expect(reviewers.filter((method) => !method.startsWith('review.'))).toEqual(['cards.move']);
  });

  it.each([
    ['lead', 'lead', true],
    ['lead', 'viewer', true],
    ['reviewer', 'lead', false],
    ['reviewer', 'reviewer', true],
    ['viewer', 'reviewer', false],
  ] as const)('as %s: what needs a %s is allowed: %s', (role, least, isAllowed) => {
    expect(mayAs(role, least)).toBe(isAllowed);
  });

  it('leaves to a lead every move that starts or stops work', () => {
    const reserved = Object.entries(moveTable).flatMap(([from, cells]) =>
      Object.entries(cells).flatMap(([to, cell]) => ('steps' in cell && !isVerdictMove(cell.steps) ? [`${from} → ${to}`] : [])),
    );
    expect(reserved).toEqual([
      'todo → in_progress',
      'in_progress → todo',
      'review_by_agents → in_progress',
      'review_by_person → in_progress',
      'done → in_progress',
    ]);
  });
});
