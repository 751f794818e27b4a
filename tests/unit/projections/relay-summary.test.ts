import { expect, it } from 'vitest';
import type { ReportDigest } from '../../../src/shared/domain/state.js';
import { isRelaySummary, relaySummary } from '../../../src/main/runtime/relay/relay-summary.js';
import { AT, envelope } from '../../integration/projections/projection-ground.js';

const report = (changes: Partial<ReportDigest> = {}): ReportDigest => ({
  turnId: 't',
  at: AT,
  role: 'architect',
  step: 'architect_review',
  revision: 1,
  status: 'completed',
  summary: 'Done.',
  insights: ['The session token leaks into the log.', 'Second thought'],
  artifacts: ['src/a.ts', 'src/b.ts', 'src/c.ts'],
  transition: {
    outcome: 'reopen',
    targetStep: 'developer_revision',
    category: 'implementation',
    reason: '',
    unresolved: ['u1', 'u2', 'u3'],
  },
  qa: null,
  error: '',
  notes: [],
  reportSha256: '',
  ...changes,
});

const input = {
  envelope: envelope(7, 'todo-1'),
  subjectTitle: 'Login',
  acceptanceCriteria: ['c1', 'c2', 'c3'],
  requiredInputs: [],
  report: report(),
};

it('says why, what, and at most two of everything, and replaces a summary that says nothing by a concrete detail', () => {
  expect(relaySummary(input)).toBe(
    [
      'internal relay summary: orchestrator -> planner (delegate)',
      '- request_id: todo-1',
      '- Why now: architect ended architect review with reopen (implementation)',
      '- What: The session token leaks into the log.',
      '- Check now:',
      '  - c1',
      '  - c2',
      '- Constraints:',
      '  - u1',
      '  - u2',
      '- Context: Second thought',
      '- Refs:',
      '  - src/a.ts',
      '  - src/b.ts',
    ].join('\n'),
  );
});

it('stays short and within 120 columns whatever the report holds', () => {
  const long = 'word '.repeat(10_000) + 'x'.repeat(10_000);
  const text = relaySummary({
    ...input,
    acceptanceCriteria: Array(50).fill(long) as string[],
    report: report({ summary: long, error: long, insights: [long], status: 'blocked' }),
  });
  const lines = text.split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(lines.length).toBeLessThan(40);
  expect(text).toContain('- Status: blocked');
});

it('knows its own summaries, so that nobody takes one for input', () => {
  expect(isRelaySummary(relaySummary(input))).toBe(true);
  expect(isRelaySummary('Please summarize the relay')).toBe(false);
});
