import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import type { OpenRuntimeOptions } from '../../../src/main/runtime/runtime-parts.js';
import { MiddayClock } from '../../fakes/midday-clock.js';
import { untilTrue } from '../../fixtures/living-processes.js';
import { isAtRest, makeSprintGround, newestSprint, pat, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { Part, SprintGround } from '../../fixtures/one-todo-sprint.js';

const title = 'Sum it up';
const usage = { input_tokens: 900, cached_input_tokens: 300, output_tokens: 100 };
let ground: SprintGround;

afterEach(async () => {
  await ground.dispose();
});

const makeGround = async (developer: Part, limits: Readonly<Record<string, number>>): Promise<void> => {
  ground = await makeSprintGround({
    todos: [{ title, developer }],
    files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
    limits,
    verify: {},
  });
};

// Every start of a test is on the same day.
const { seams } = new MiddayClock();
const openToday = (more: Partial<OpenRuntimeOptions> = {}): Promise<Runtime> => ground.open({ seams, ...more });

const counted = (runtime: Runtime) => {
  const state = runtime.state();
  const { tokensSpent: sprint, tokensByRole } = newestSprint(state) ?? {};
  return { card: todoNamed(state, title).tokensSpent, role: tokensByRole?.['developer'] ?? 0, sprint, day: state.spend.tokens };
};
const all = (tokens: number) => ({ card: tokens, role: tokens, sprint: tokens, day: tokens });

/** The developer's turn that runs, once it has said what it used. */
async function underWay(runtime: Runtime): Promise<string> {
  const running = () => Object.values(runtime.state().turns).find(({ role, status }) => role === 'developer' && status === 'running');
  await waitFor(runtime, () => running() !== undefined);
  const { turnId = '', attempts = 0 } = running() ?? {};
  const output = join(ground.workspace, '.teams_runtime/turns', turnId, `output-${attempts}.jsonl`);
  const hasSaid = (): boolean => {
    try {
      return readFileSync(output, 'utf8').includes('"usage"');
    } catch {
      return false;
    }
  };
  await untilTrue(hasSaid, 20_000);
  return turnId;
}

const give = async (runtime: Runtime, type: 'stop-all' | 'resume-sprint', commandId: string): Promise<void> => {
  expect(await runtime.dispatch({ type }, { commandId, actor: pat })).toMatchObject({ ok: true });
};
const isTold = (runtime: Runtime, turnId: string): boolean => runtime.state().turns[turnId]?.isUntold === undefined;

it('tokens of a stopped turn count once, whether Muster saw it end or only the next start finds what it used, and the cap sees them', async () => {
  await makeGround({ never_ends: true, usage }, { card_tokens: 2000 });
  const first = await openToday();
  await ground.begin(first);
  const interrupted = await underWay(first);
  await first.stop();

  const beside = await openToday({ work: false });
  await give(beside, 'stop-all', 'stop-1');
  expect([counted(beside), isTold(beside, interrupted)]).toEqual([all(0), false]);
  await beside.stop();

  const second = await openToday();
  await second.start();
  expect([counted(second), isTold(second, interrupted)]).toEqual([all(1000), true]);
  await give(second, 'resume-sprint', 'resume-1');
  const stopped = await underWay(second);
  await give(second, 'stop-all', 'stop-2');
  await waitFor(second, () => isTold(second, stopped));
  expect(counted(second)).toEqual(all(2000));
  await second.stop();

  const third = await openToday();
  await third.start();
  expect(counted(third)).toEqual(all(2000));
  await give(third, 'resume-sprint', 'resume-2');
  await waitFor(third, isAtRest);
  expect(todoNamed(third.state(), title).blocker?.reason).toBe('The card used 2000 tokens, which is the limit (limits.card_tokens).');
});

it('tokens of attempts that ended together with Muster count, also where no further attempt follows', async () => {
  await makeGround({ never_ends: true, usage }, { turn_attempts: 2 });
  const first = await openToday();
  await ground.begin(first);
  await underWay(first);
  await first.stop();
  const second = await openToday();
  await second.start();
  await waitFor(second, (state) => Object.values(state.turns).some(({ attempts }) => attempts === 2));
  await underWay(second);
  await second.stop();
  const third = await openToday();
  await third.start();
  await waitFor(third, isAtRest);
  expect(todoNamed(third.state(), title).blocker?.reason).toContain('Muster was ended while it ran, each time.');
  expect(counted(third)).toEqual(all(2000));
});
