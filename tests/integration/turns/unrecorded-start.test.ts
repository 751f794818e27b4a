import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Runner } from '../../../src/main/runtime/ports/runner.js';
import { isAtRest, makeSprintGround, revisionOf, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

const title = 'Add numbers';
let ground: SprintGround;

beforeEach(async () => {
  ground = await makeSprintGround({
    todos: [{ title, developer: { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] } }],
    files: {
      'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n',
      'test/sum.test.mjs': "import '../lib/sum.mjs';\n",
    },
  });
});
afterEach(() => ground.dispose());

/** As a developer whose process has begun to work when the runtime is killed, a moment before it could write the start down. */
function fastDeveloper(runner: Runner, began: () => void): Runner {
  return {
    ...runner,
    async run(input, onEvent, signal) {
      if (input.facts.role !== 'developer') return runner.run(input, onEvent, signal);
      await writeFile(join(input.checkout, 'lib', 'half-done.mjs'), 'export const half =');
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      began();
      await stopped;
      const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
      return { kind: 'failed', reason: 'stopped', message: 'Stopped.', usage };
    },
  };
}

it('commits nothing of a start that was never written down, as the turn begins again from its checkpoint', async () => {
  const began = Promise.withResolvers<void>();
  const first = await ground.open({ seams: { runner: (runner) => fastDeveloper(runner, began.resolve) } });
  await ground.begin(first);
  await began.promise;
  await first.stop();

  const second = await ground.open();
  await second.start();
  await waitFor(second, isAtRest);
  const { commit } = revisionOf(second.state(), title);
  expect((await ground.repository.git('show', '--format=', '--name-only', commit ?? '')).trim()).toBe('lib/sum.mjs');
});

it('keeps what stood there when it begins again, as a person may have worked on it meanwhile, and says where', async () => {
  const began = Promise.withResolvers<void>();
  const first = await ground.open({ seams: { runner: (runner) => fastDeveloper(runner, began.resolve) } });
  await ground.begin(first);
  await began.promise;
  const { worktreePath } = revisionOf(first.state(), title);
  await first.stop();
  await writeFile(join(worktreePath, 'lib', 'hand.mjs'), 'export const hand = 1;\n');

  const second = await ground.open();
  await second.start();
  await waitFor(second, isAtRest);
  const built = todoNamed(second.state(), title).reports.find(({ step }) => step === 'developer_build');
  const [, ref = ''] = /is kept as (refs\/muster\/checkpoints\/\S+)\.$/.exec(built?.notes.join(' ') ?? '') ?? [];
  expect(await ground.repository.git('show', `${ref}:lib/hand.mjs`)).toBe('export const hand = 1;');
  expect(await ground.repository.git('show', `${ref}:lib/half-done.mjs`)).toBe('export const half =');
});
