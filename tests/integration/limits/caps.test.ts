import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MiddayClock } from '../../fakes/midday-clock.js';
import { isAtRest, makeSprintGround, newestSprint, pat, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

const title = 'Sum it up';
const usage = { input_tokens: 900, cached_input_tokens: 0, output_tokens: 100 };
let ground: SprintGround;

afterEach(async () => {
  await ground.dispose();
});

async function setLimits(limits: Readonly<Record<string, number>>): Promise<void> {
  const file = join(ground.workspace, 'team_runtime.yaml');
  const configured = JSON.parse(await readFile(file, 'utf8')) as { limits: Record<string, number> };
  await writeFile(file, JSON.stringify({ ...configured, limits: { ...configured.limits, ...limits } }));
}

const makeGround = async (limits: Readonly<Record<string, number>>): Promise<void> => {
  const edits = [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }];
  ground = await makeSprintGround({
    todos: [{ title, developer: { edits, usage } }],
    files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
    limits,
    verify: {},
  });
};

describe('caps on tokens', () => {
  it('of the day pause the sprint with the reason, and it goes on when somebody raises the limit and resumes', async () => {
    await makeGround({ day_tokens: 1000 });
    const { seams } = new MiddayClock();
    const first = await ground.play({ seams });
    const sentence = "Today's 1000 tokens reached the limit of 1000 (limits.day_tokens).";
    expect(newestSprint(first.state())).toMatchObject({ status: 'paused', tokensByRole: { developer: 1000 } });
    expect(newestSprint(first.state())?.pausedReason).toContain(sentence);
    await first.stop();
    await setLimits({ day_tokens: 5000 });
    const second = await ground.open({ seams });
    expect((await second.dispatch({ type: 'resume-sprint' }, { commandId: 'resume', actor: pat })).ok).toBe(true);
    await second.start();
    await waitFor(second, isAtRest);
    expect(todoNamed(second.state(), title).status).toBe('committed');
  });

  it('of the day count anew on the next day, without a limit that anybody raised', async () => {
    await makeGround({ day_tokens: 1000 });
    const clock = new MiddayClock();
    const runtime = await ground.play({ seams: clock.seams });
    const resume = async (commandId: string): Promise<void> => {
      expect(await runtime.dispatch({ type: 'resume-sprint' }, { commandId, actor: pat })).toMatchObject({ ok: true });
      await waitFor(runtime, isAtRest);
      await runtime.drain();
    };
    await resume('too-soon');
    expect(newestSprint(runtime.state())).toMatchObject({ status: 'paused', pausedReason: expect.stringContaining("Today's 1000 tokens") });
    clock.sleepUntilTomorrow();
    await resume('next-day');
    expect(todoNamed(runtime.state(), title).status).toBe('committed');
    expect(runtime.state().spend).toMatchObject({ tokens: 0 });
    expect(newestSprint(runtime.state())?.tokensByRole).toEqual({ developer: 1000 });
  });

  it('of a card block it with the reason, and it goes on when somebody raises the limit and retries it', async () => {
    await makeGround({ card_tokens: 1000 });
    const first = await ground.play();
    const { todoId, blocker } = todoNamed(first.state(), title);
    expect(blocker).toMatchObject({ kind: 'cap', reason: 'The card used 1000 tokens, which is the limit (limits.card_tokens).' });
    expect(newestSprint(first.state())?.pausedReason).toContain('The card used 1000 tokens, which is the limit (limits.card_tokens).');
    await first.stop();
    await setLimits({ card_tokens: 5000 });
    const second = await ground.open();
    expect((await second.dispatch({ type: 'retry', subjectId: todoId }, { commandId: 'retry', actor: pat })).ok).toBe(true);
    await second.start();
    await waitFor(second, isAtRest);
    expect(todoNamed(second.state(), title).status).toBe('committed');
  });
});
