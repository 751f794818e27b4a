import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { loadState } from '../../../src/main/runtime/load-state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { MemoryRuntime } from '../../fakes/memory-runtime.js';
import { ScriptedTerminal } from '../../fakes/scripted-places.js';

const sum = 'export const sum = (a, b) => a + b;\n';
const test =
  "import test from 'node:test';\nimport assert from 'node:assert';\nimport { sum } from '../sum.mjs';\ntest('sums', () => assert.equal(sum(1, 2), 3));\n";

describe.skipIf(lacksJail)('the audit from the terminal', () => {
  let ground: SprintGround;
  let terminal: ScriptedTerminal;

  beforeAll(async () => {
    ground = await makeSprintGround({
      files: { 'README.md': 'Sums\n', 'test/none.test.mjs': "import test from 'node:test';\ntest('nothing', () => {});\n" },
      integrate: 'on_completion',
      todos: [
        {
          title: 'Sum two numbers',
          developer: {
            edits: [
              { write: 'sum.mjs', content: sum },
              { write: 'test/sum.test.mjs', content: test },
            ],
          },
        },
      ],
    });
    const runtime = await ground.play();
    await runtime.stop();
    terminal = new ScriptedTerminal(new MemoryRuntime(), ground.workspace);
    terminal.changes = { clock: new SystemClock(), loadState };
  });
  afterAll(() => ground.dispose());

  it('says that everything holds, with the commands run again where that is asked', async () => {
    expect(await terminal.run('audit')).toEqual({
      code: 0,
      out: '1 receipt recomputed from git, blobs and journal: everything holds.\n',
      err: '',
    });
    const again = await terminal.run('audit', '--rerun');
    expect(again.out).toBe('1 receipt recomputed from git, blobs and journal, the commands of 1 run again: everything holds.\n');
    expect(again.err).toMatch(/^Running the commands of todo-\S+, revision 1, again\.\n$/);
  });

  it('ends with 1 and names the card whose commit is not on the target any more', async () => {
    const tip = await ground.repository.git('rev-parse', 'main');
    await ground.repository.git('reset', '-q', '--hard', 'main~1');
    const { code, out } = await terminal.run('audit');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^DIFFERS  todo-\\S+, revision 1  Commit ${tip.slice(0, 10)} is not on refs/heads/main\\.`));
    expect(JSON.parse((await terminal.run('audit', '--json')).out)).toMatchObject({ is_sound: false, receipts: 1 });
  });
});
