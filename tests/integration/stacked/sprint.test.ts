import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditWorkspace } from '../../../src/main/runtime/audit-workspace.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { waitingFor } from '../../../src/shared/domain/board.js';
import { isAtRest, makeSprintGround, pat, revisionOf, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';

describe.skipIf(!existsSync('/usr/bin/bwrap'))('a sprint whose second todo builds on the first', () => {
  let ground: SprintGround;
  let runtime: Runtime;

  beforeAll(async () => {
    const list = ['one', 'two', 'three'];
    const write = (lines: readonly string[]) => ({ edits: [{ write: 'list.txt', content: `${lines.join('\n')}\n` }] });
    ground = await makeSprintGround({
      files: { 'list.txt': `${list.join('\n')}\n` },
      verify: { tests: ['node', '-e', 'console.log(require("node:fs").readFileSync("list.txt", "utf8"))'] },
      todos: [
        { title: 'First', developer: write([...list, 'first']) },
        { title: 'Second', dependsOn: ['First'], developer: write(['second', ...list, 'first']) },
      ],
    });
    runtime = await ground.play();
  });
  afterAll(() => ground.dispose());

  const approve = async (title: string): Promise<void> => {
    const { todoId, revision } = todoNamed(runtime.state(), title);
    const given = await runtime.dispatch({ type: 'approve', todoId, revision, comment: '' }, { commandId: `approve-${title}`, actor: pat });
    if (!given.ok) throw new Error(given.error.message);
    await waitFor(runtime, isAtRest);
  };
  const findings = async () => (await auditWorkspace({ workspaceDir: ground.workspace, rerun: false, clock: new SystemClock() })).findings;
  const history = (): Promise<string> => ground.repository.git('log', '--reverse', '--format=%H', 'main');

  it('is sound at its end, brings nothing to the target before its own approval, and all in order after both', async () => {
    expect(await findings()).toEqual([]);
    const begun = await history();
    await approve('Second');
    expect(await history()).toBe(begun);
    expect(waitingFor(todoNamed(runtime.state(), 'Second'), runtime.state())).toContain('waits for "First"');
    const person = await ground.repository.commit({ 'person.txt': 'mine\n' }, 'Person');
    await approve('First');
    const { commit: first } = revisionOf(runtime.state(), 'First');
    const { commit: second, isApproved } = revisionOf(runtime.state(), 'Second');
    expect([isApproved, await history()]).toEqual([true, [begun, person, first, second].join('\n')]);
    expect(await findings()).toEqual([]);
  });
});
