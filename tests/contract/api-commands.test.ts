import { describe, expect, it } from 'vitest';
import { router } from '../../src/main/api/handlers.js';
import { commandMethods, commandSchemas } from '../../src/shared/contract/command-schemas.js';
import { contract } from '../../src/shared/contract/contract.js';

const views = [
  'board',
  'status',
  'list',
  'problems.list',
  'show',
  'receipts',
  'live',
  'backlog.list',
  'sprint.status',
  'actions.list',
  'actions.show',
];
const works = ['cards.diff', 'turns.output', 'turns.prompt', 'receiptOutput'];
/** Trust is the user's own, kept outside of the workspace: no command of the domain. */
const trust = ['trust.show', 'trust.accept'];
/** What is on the disk is no part of the state. */
const disk = ['cleanUp'];

/** Paths of all methods in a nested object of procedures. */
function methodPaths(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null) return [];
    return '~orpc' in value ? [`${prefix}${key}`] : methodPaths(value, `${prefix}${key}.`);
  });
}

describe('the contract', () => {
  it('has one method for every command of a person, and besides them only reads and the trust in a workspace', () => {
    // `commandMethods` and `commandSchemas` do not compile while a member of PersonCommand is missing in them.
    expect(methodPaths(contract).sort()).toEqual([...Object.values(commandMethods), ...views, ...works, ...trust, ...disk].sort());
    expect(Object.keys(commandMethods).sort()).toEqual(Object.keys(commandSchemas).sort());
  });

  it('has a handler for every method', () => {
    expect(methodPaths(router).sort()).toEqual(methodPaths(contract).sort());
  });

  it.each(Object.keys(commandSchemas))('lets %s come with an id and a name, but with no actor', (type) => {
    const schema = commandSchemas[type as keyof typeof commandSchemas];
    const unknown = schema.safeParse({ commandId: 'command-0001', as: 'Ann', actor: { kind: 'runtime', id: 'runtime' } });
    expect(JSON.stringify(unknown.error?.issues)).toContain('"keys":["actor"]');
  });
});
