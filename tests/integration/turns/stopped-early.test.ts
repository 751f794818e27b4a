import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GitRepository } from '../../../src/main/runtime/ports/git-repository.js';
import { workspaceState } from '../../../src/main/runtime/workspace/state-folder.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { isAtRest, makeSprintGround, pat, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

let ground: SprintGround;
let goOn: PromiseWithResolvers<void>;
let isMade: PromiseWithResolvers<void>;

beforeEach(async () => {
  goOn = Promise.withResolvers();
  isMade = Promise.withResolvers();
  ground = await makeSprintGround({ todos: [], files: { 'lib/one.mjs': 'export const one = 1;\n' } });
});
afterEach(() => ground.dispose());

/** The planner's first checkout stands there, and its turn has not gone on yet. */
async function withCheckout(): Promise<Runtime> {
  const git = (real: GitRepository): GitRepository => ({
    ...real,
    async addWorktree(options) {
      const made = await real.addWorktree(options);
      isMade.resolve();
      await goOn.promise;
      return made;
    },
  });
  const runtime = await ground.open({ seams: { git } });
  await ground.begin(runtime);
  await isMade.promise;
  expect(checkouts()).toHaveLength(1);
  expect(await runtime.dispatch({ type: 'stop-sprint' }, { commandId: 'stop', actor: pat })).toMatchObject({ ok: true });
  return runtime;
}

const checkouts = (): string[] => readdirSync(workspaceState(ground.workspace).worktrees);
const listed = async (): Promise<number> => (await ground.repository.git('worktree', 'list')).split('\n').length;
const keptOf = (): Promise<string> => ground.repository.git('for-each-ref', 'refs/muster');

it('leaves nothing of a turn that is stopped while its checkout is made', async () => {
  const runtime = await withCheckout();
  goOn.resolve();
  await runtime.drain();
  expect([checkouts(), await listed(), await keptOf()]).toEqual([[], 1, '']);
});

it('takes its checkout away at the next start, if Muster was ended before it could', async () => {
  const first = await withCheckout();
  goOn.reject(new Error('It was killed.'));
  await first.stop();
  expect([checkouts().length, await listed()]).toEqual([1, 2]);

  const second = await ground.open();
  await second.start();
  await waitFor(second, isAtRest);
  expect([checkouts(), await listed(), await keptOf()]).toEqual([[], 1, '']);
});
