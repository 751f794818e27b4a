import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { reopenMap, workflowTable } from '../../../src/shared/domain/workflow-table.js';
import { Choices } from './choices.js';
import { SprintWorld } from './sprint-world.js';
import type { Hits, Scenario } from './sprint-world.js';

const personCommands = [
  'approve',
  'request-changes',
  'ask-for-review',
  'withdraw-review',
  'take-back',
  'revert-todo',
  'retry',
  'answer',
  'requeue',
  'start-next',
  'cancel-todo',
  'back-to-backlog',
  'reorder',
  'move-card',
  'assign-todo',
  'stop-all',
  'resume-sprint',
  'stop-sprint',
  'drop-backlog-item',
  'rank-backlog-item',
];

/** Give this seed in MUSTER_SEED to see the same stories again. */
const seed = Number(process.env['MUSTER_SEED'] ?? Date.now() % 2 ** 31);

const todo = fc.record({ rank: fc.nat(4), dependsOn: fc.array(fc.nat(5), { maxLength: 2 }) });
const scenario: fc.Arbitrary<Scenario> = fc.record({
  todos: fc.array(todo, { minLength: 1, maxLength: 6 }),
  parallelTodos: fc.integer({ min: 1, max: 3 }),
  cardTurns: fc.constantFrom(40, 40, 12),
  required: fc.constantFrom(1, 1, 2),
  mood: fc.constantFrom('mixed' as const, 'mixed' as const, 'advice' as const, 'review' as const, 'ux' as const, 'back' as const),
  terms: fc.constantFrom(
    {},
    {},
    { integrate: 'on_approval' as const },
    { integrate: 'on_approval' as const },
    { isolation: 'in_place' as const },
    { kind: 'no-repository' as const },
  ),
});
/** Of a story's numbers, so many are for what becomes of landed work. */
const numbersForLanded = 60;
const numbers = fc.array(fc.nat(100_000), { minLength: 200, maxLength: 900, size: 'max' });

describe('a sprint in a world where anything may happen', () => {
  const hits: Hits = new Map();
  afterAll(() => {
    const told = [...hits].sort(([a], [b]) => a.localeCompare(b)).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(`Sprint stories with seed ${seed}: ${told.join(', ')}\n`);
  });

  it('keeps every invariant after every command, folds to the same state, and comes to its end', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(scenario, numbers, (what, story) => {
        const choices = new Choices(story);
        const world = new SprintWorld(what, choices, hits);
        while (choices.left > numbersForLanded) world.step();
        world.finish();
        while (!choices.isSpent) world.stepOfLanded();
        world.finish();
      }),
      {
        seed,
        numRuns: Number(process.env['MUSTER_RUNS'] ?? 300),
        interruptAfterTimeLimit: Number(process.env['MUSTER_STORY_MS'] ?? 40_000),
        endOnFailure: process.env['MUSTER_SHRINK'] === '0',
      },
    );
  });

  it('gets every command accepted that a person gives there', () => {
    expect(personCommands.filter((type) => !hits.has(type))).toEqual([]);
  });

  it('reaches every row of the workflow table and of the reopen map', () => {
    const unreachable = ['closeout.stays'];
    const rows = [...workflowTable, ...reopenMap].map(({ id }) => id);
    expect(rows.filter((id) => !hits.has(id))).toEqual(unreachable);
  });
});
