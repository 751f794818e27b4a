import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSprintGround, pat } from '../../fixtures/one-todo-sprint.js';

it("a sprint's start that is sent again after the target moved, or cannot be found any more, gets its first answer", async () => {
  const ground = await makeSprintGround({
    todos: [{ title: 'Sum it up', developer: {} }],
    files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
  });
  try {
    const { repository } = ground;
    const kickoff = { milestone: 'Sums that hold', brief: 'Small work.', requirements: [], sourceRequestId: '' };
    const origin = { commandId: 'start', actor: pat };
    const runtime = await ground.open({ work: false });
    const first = await runtime.startSprint(kickoff, origin);
    expect(first).toMatchObject({ ok: true, value: { createdIds: [expect.stringMatching(/./) as string] } });
    await writeFile(join(repository.path, 'lib/more.mjs'), 'export {};\n');
    await repository.git('add', '.');
    await repository.git('commit', '-m', 'Move the tip');
    expect(await runtime.startSprint(kickoff, origin)).toEqual(first);
    await repository.git('checkout', '--detach');
    await repository.git('branch', '-D', 'main');
    expect(await runtime.startSprint(kickoff, origin)).toEqual(first);
    expect(await runtime.startSprint({ ...kickoff, brief: 'Other work.' }, origin)).toMatchObject({
      ok: false,
      error: { id: 'bad-input', message: 'The command id start was used for another command already. Send a new id.' },
    });
    await runtime.stop();
    const reopened = await ground.open({ work: false });
    expect(await reopened.startSprint(kickoff, origin)).toEqual(first);
  } finally {
    await ground.dispose();
  }
});
