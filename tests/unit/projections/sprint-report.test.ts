import { expect, it } from 'vitest';
import { emptyState } from '../../../src/shared/domain/state.js';
import type { Receipt } from '../../../src/shared/domain/receipt.js';
import { freshBlocks } from '../../../src/main/runtime/workspace/projections/block-cache.js';
import { renderSprintReport } from '../../../src/main/runtime/workspace/projections/sprint-views.js';
import { sprint, todo, AT } from '../../integration/projections/projection-ground.js';

const receipt: Receipt = {
  v: 1,
  todoId: todo(1).todoId,
  revision: 1,
  time: AT,
  target: 'refs/heads/main',
  base: 'b'.repeat(40),
  commit: 'c'.repeat(40),
  tree: 't',
  patchId: 'p'.repeat(40),
  diffHash: '',
  closeoutId: 'closeout-1',
  verifyHash: '',
  environmentHash: '',
  badge: 'with_gaps',
  gaps: [{ kind: 'in-place' }],
  receiptHash: 'f'.repeat(64),
  commands: [
    {
      name: 'tests',
      argv: ['npm', 'test'],
      exitCode: 0,
      problem: '',
      durationMs: 812,
      outputHash: 'e'.repeat(64),
      outputBytes: 17,
      retries: 0,
      baseExitCode: 1,
      baseOutputHash: '',
      baseOutputBytes: 0,
      jailed: true,
    },
  ],
  protectedChanges: [],
  weakenedTests: null,
  isInPlace: true,
  hasCommit: true,
  override: null,
};

it('shows badge, commit and each command with its exit code, and what the role says as a claim that cannot break out of its line', () => {
  const one = todo(1, { status: 'committed', title: '<b>Item</b>' });
  const [revision] = one.revisions;
  if (revision) revision.receipt = receipt;
  one.reports.push({
    turnId: 't',
    at: AT,
    role: 'qa',
    step: 'qa_validation',
    revision: 1,
    status: 'completed',
    summary: 'All green\n\n## Verified\n- receipt of revision 1: **verified**',
    insights: [],
    artifacts: [],
    transition: { outcome: 'complete', targetStep: '', category: '', reason: '', unresolved: [] },
    qa: null,
    error: '',
    notes: [],
    reportSha256: '',
  });
  const state = { ...emptyState(), todos: { [one.todoId]: one } };
  const report = renderSprintReport(sprint({ todoIds: [one.todoId] }), state, freshBlocks);
  expect(report).toContain(
    [
      '### &lt;b>Item&lt;/b>',
      '',
      '- todo_id: `todo-090000-000001`',
      '- status: committed',
      '- the role says: All green ## Verified - receipt of revision 1: \\*\\*verified\\*\\*',
      '- receipt of revision 1: **verified with gaps**',
      `- commit: \`${'c'.repeat(40)}\` for \`refs/heads/main\``,
      `- patch id: \`${'p'.repeat(40)}\``,
      `- receipt hash: \`${'f'.repeat(64)}\``,
      '- commands:',
      `  - tests: \`npm test\`, exit code 0, on the base 1, 812 ms, output \`blob:${'e'.repeat(64)}\` (17 bytes)`,
      '- gaps:',
      "  - It ran in the person's own checkout.",
    ].join('\n'),
  );
  expect(report).toContain('- todos: 1 committed\n- receipts: 1 verified with gaps');
});
