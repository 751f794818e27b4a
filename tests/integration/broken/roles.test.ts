import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/main/runtime/ports/runner.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { badgesOf } from '../../../src/shared/domain/board.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { livingProcesses, strayProcesses } from '../../fixtures/living-processes.js';
import { isAtRest, makeSprintGround, pat, rehearsalOfPlan, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { Part, RehearsedTodo, SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

const honest: Part = { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] };
const half = { write: 'lib/half-done.mjs', content: 'export const half = 1;\n' };

const cases: readonly { readonly title: string; readonly developer: Part; readonly says: RegExp }[] = [
  {
    title: 'answers in prose',
    developer: { edits: [half], answer: 'Done! All 916 tests pass, nothing else to report. {"status": "completed"' },
    says: /^developer(-\d)? gave no readable report at developer_build, and its repair turn did not either: /,
  },
  {
    title: 'answers 100 MB',
    developer: { edits: [half], answer_bytes: 100_000_000 },
    says: /^developer(-\d)?'s turn at developer_build failed: Ended the developer's turn on "answers 100 MB": it wrote more than 16 MiB\. The beginning is in .*output-1\.jsonl\.$/,
  },
  {
    title: 'says nothing for ever',
    developer: { edits: [half], never_ends: true },
    says: /^developer(-\d)?'s turn at developer_build failed: Ended the developer's turn on "says nothing for ever": it took longer than 3 seconds\. Its output is in .*output-1\.jsonl\.$/,
  },
  {
    title: 'crashes',
    developer: { edits: [half], crash: true },
    says: /^developer(-\d)?'s turn at developer_build failed: The rehearsal of the developer's turn on "crashes" ended with exit code 1: The rehearsal has this turn crash\. Its output is in /,
  },
];

/** Nobody waits half an hour for a turn that says nothing. */
const impatient = (runner: Runner): Runner => ({
  ...runner,
  run: (input, onEvent, signal) => runner.run({ ...input, timeLimitMs: 3_000 }, onEvent, signal),
});

describe.skipIf(lacksJail)('a role', () => {
  let ground: SprintGround;
  let runtime: Runtime;
  const daemonic = 'leaves a daemon that ignores SIGTERM';

  beforeAll(async () => {
    const todos: RehearsedTodo[] = [
      ...cases.map(({ title, developer }) => ({ title, developer })),
      { title: daemonic, developer: { ...honest, forks_daemon: true } },
    ];
    ground = await makeSprintGround({ todos, files: temptingFiles, limits: { parallel_todos: 2 } });
    runtime = await ground.play({ seams: { runner: impatient } });
  }, 240_000);
  afterAll(() => ground.dispose());

  it.each(cases)('that $title stops its todo with a sentence, and what it made is kept', async ({ title, says }) => {
    const todo = todoNamed(runtime.state(), title);
    expect(['blocked', 'failed']).toContain(todo.status);
    expect(badgesOf(todo, runtime.state())[0]?.reason).toMatch(says);
    expect(await readFile(join(currentRevision(todo).worktreePath, half.write), 'utf8')).toBe(half.content);
  });

  it('that leaves a daemon which ignores SIGTERM is rid of it when its turn ends, and its work lands', () => {
    expect(livingProcesses('rehearsed-daemon')).toEqual([]);
    expect(currentRevision(todoNamed(runtime.state(), daemonic)).receipt?.badge).toBe('verified');
  });

  it('leaves no process of any turn behind', async () => {
    expect(await strayProcesses(ground.dir)).toEqual([]);
  });

  it('goes on where it was when the person retries and the role does its work', async () => {
    await writeFile(
      join(ground.workspace, 'rehearsal.yaml'),
      JSON.stringify(rehearsalOfPlan(cases.map(({ title }) => ({ title, developer: honest })))),
    );
    for (const { title } of cases) {
      const { todoId } = todoNamed(runtime.state(), title);
      expect(await runtime.dispatch({ type: 'retry', subjectId: todoId }, { commandId: `retry-${todoId}`, actor: pat })).toMatchObject({
        ok: true,
      });
    }
    await waitFor(runtime, (state) => isAtRest(state) && cases.every(({ title }) => todoNamed(state, title).status === 'committed'));
    for (const { title } of cases) expect(todoNamed(runtime.state(), title)).toMatchObject({ status: 'committed', blocker: null });
  }, 120_000);
});
