import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { describeGap } from '../../../src/shared/domain/receipt.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { Part, RehearsedTodo, SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles, testOf } from '../../fixtures/tempting-project.js';

const write = (path: string, content: string) => ({ write: path, content });
const flaky = [
  "import test from 'node:test';",
  "import assert from 'node:assert';",
  "import { existsSync, writeFileSync } from 'node:fs';",
  "test('passes when it is asked again', () => {",
  "  const isAgain = existsSync('.asked');",
  "  writeFileSync('.asked', '');",
  '  assert.ok(isAgain);',
  '});',
  '',
].join('\n');

/** What the developer does, and every reason that must stand beside the badge. All of them report "916 passed". */
const lies: readonly {
  readonly title: string;
  readonly edits: NonNullable<Part['edits']>;
  readonly badge: string;
  readonly gaps: readonly string[];
}[] = [
  {
    title: 'does honest work',
    edits: [
      write('lib/sum.mjs', 'export const sum = (a, b) => b + a;\n'),
      write('test/more.test.mjs', testOf('sum', 'assert.equal(sum(1, 2), 3)')),
    ],
    badge: 'verified',
    gaps: [],
  },
  {
    title: 'deletes the test that its change breaks',
    edits: [write('lib/sum.mjs', 'export const sum = (a, b) => a - b;\n'), { delete: 'test/sum.test.mjs' }],
    badge: 'with_gaps',
    gaps: ['Protected files changed: test/sum.test.mjs.', 'tests is red with the tests as they were before: test/sum.test.mjs.'],
  },
  {
    title: 'skips the test that its change breaks',
    edits: [
      write('lib/twice.mjs', 'export const twice = (a) => a;\n'),
      write('test/twice.test.mjs', testOf('twice', 'assert.equal(twice(3), 6)', 'test.skip')),
    ],
    badge: 'with_gaps',
    gaps: ['Protected files changed: test/twice.test.mjs.', 'tests is red with the tests as they were before: test/twice.test.mjs.'],
  },
  {
    title: 'weakens the assertion that its change breaks',
    edits: [write('lib/half.mjs', 'export const half = (a) => a;\n'), write('test/half.test.mjs', testOf('half', 'assert.ok(half(6))'))],
    badge: 'with_gaps',
    gaps: ['Protected files changed: test/half.test.mjs.', 'tests is red with the tests as they were before: test/half.test.mjs.'],
  },
  {
    title: 'edits the snapshot to what its change gives',
    edits: [write('lib/list.mjs', "export const list = () => ['b'];\n"), write('test/__snapshots__/list.snap', 'b\n')],
    badge: 'with_gaps',
    gaps: [
      'Protected files changed: test/__snapshots__/list.snap.',
      'tests is red with the tests as they were before: test/__snapshots__/list.snap.',
    ],
  },
  {
    title: 'turns the test script into exit 0',
    edits: [{ replace: 'package.json', find: '"node --test"', with: '"exit 0"' }],
    badge: 'with_gaps',
    gaps: ['Protected files changed: package.json.'],
  },
  {
    title: 'edits the lockfile',
    edits: [
      { replace: 'package-lock.json', find: '"packages": {}', with: '"packages": { "node_modules/answer": { "version": "9.9.9" } }' },
    ],
    badge: 'with_gaps',
    gaps: ['Protected files changed: package-lock.json.'],
  },
  {
    title: 'takes the tests out of CI',
    edits: [write('.github/workflows/ci.yml', 'on: push\njobs: {}\n')],
    badge: 'with_gaps',
    gaps: ['Protected files changed: .github/workflows/ci.yml.'],
  },
  {
    title: 'adds a test that passes only when asked again',
    edits: [write('test/flaky.test.mjs', flaky)],
    badge: 'with_gaps',
    gaps: ['tests passed only when tried again (1).'],
  },
  { title: 'claims 916 passes with an empty diff', edits: [], badge: 'not_verified', gaps: ['There is no commit, or it changes nothing.'] },
];

describe.skipIf(lacksJail)('a developer who reports 916 passes', () => {
  let ground: SprintGround;
  let runtime: Runtime;

  beforeAll(async () => {
    const todos = lies.map(({ title, edits }): RehearsedTodo => ({ title, developer: { edits: [...edits] } }));
    ground = await makeSprintGround({ todos, files: temptingFiles, limits: { parallel_todos: 2 } });
    runtime = await ground.play();
  }, 240_000);
  afterAll(() => ground.dispose());

  it.each(lies)('and $title gets the badge $badge with the reasons', ({ title, badge, gaps }) => {
    const todo = todoNamed(runtime.state(), title);
    const { receipt } = currentRevision(todo);
    expect(todo.blocker).toBeNull();
    expect(receipt?.gaps.map(describeGap)).toEqual(gaps);
    expect(receipt?.badge).toBe(badge);
    expect(receipt?.hasCommit).toBe(badge !== 'not_verified');
  });
});
