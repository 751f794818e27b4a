import { describe, expect, it } from 'vitest';
import { createIntegrate } from '../../../src/main/runtime/effects/closeout.js';
import type { EffectServices } from '../../../src/main/runtime/effects/effect-services.js';
import type { IntegrateResult } from '../../../src/main/runtime/ports/git-repository.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { sampleRevision, sampleSprint, sampleTodo } from '../../fakes/sample-todo.js';

const waiting = { kind: 'waiting', reason: 'Your src/a.ts is not committed.', files: ['src/a.ts'] } as const;

/** The services that an integration uses, with a repository that answers in turn. */
function servicesWith(
  answers: IntegrateResult[],
  known: boolean,
): { readonly services: EffectServices; readonly clock: ManualClock; readonly asked: () => number } {
  const clock = new ManualClock();
  const closeout = {
    closeoutId: 'c',
    stage: 'integrate',
    commit: 'a',
    tree: 't',
    rebased: 'b',
    onto: 'o',
    patchId: 'p',
    tipMoves: 0,
    paths: [],
    waiting: known ? { reason: waiting.reason, files: ['src/a.ts'] } : null,
  } as const;
  const sprint = sampleSprint();
  const todo = sampleTodo({ sprintId: sprint.sprintId, revisions: [sampleRevision({ closeout: { ...closeout, paths: [] } })] });
  let asked = 0;
  const git = {
    isAncestor: () => Promise.resolve(false),
    integrate: () => {
      asked += 1;
      return Promise.resolve(answers.shift() ?? waiting);
    },
  };
  const state = { todos: { [todo.todoId]: todo }, sprints: { [sprint.sprintId]: sprint } };
  return { services: { state: () => state, git, clock } as unknown as EffectServices, clock, asked: () => asked };
}

const effectFor = (services: EffectServices) => {
  const [todoId = ''] = Object.keys(services.state().todos);
  return { type: 'integrate', lane: 'repo', todoId, revision: 1, closeoutId: 'c', from: 'o', to: 'b', delayMs: 0 } as const;
};

describe('an integration that waits for the working tree', () => {
  it('tells the reason once', async () => {
    const { services } = servicesWith([waiting], false);
    const run = { effectId: 'fx-1-1', attempt: 1, signal: new AbortController().signal };
    expect(await createIntegrate(services)(effectFor(services), run)).toEqual(waiting);
  });

  it('looks again by itself while the reason is the known one, without a word, and lands as soon as it can', async () => {
    const landed: IntegrateResult = { kind: 'integrated', commit: 'b' };
    const { services, clock, asked } = servicesWith([waiting, waiting, landed], true);
    const outcome = createIntegrate(services)(effectFor(services), {
      effectId: 'fx-1-1',
      attempt: 1,
      signal: new AbortController().signal,
    });
    for (const looks of [1, 2]) {
      await expect.poll(asked).toBe(looks);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(2_000);
    }
    expect(await outcome).toEqual(landed);
    expect(asked()).toBe(3);
  });

  it('ends its waiting at once when it is stopped', async () => {
    const { services, asked } = servicesWith([], true);
    const stop = new AbortController();
    const outcome = createIntegrate(services)(effectFor(services), { effectId: 'fx-1-1', attempt: 1, signal: stop.signal });
    await expect.poll(asked).toBe(1);
    stop.abort();
    expect(await outcome).toEqual(waiting);
  });
});
