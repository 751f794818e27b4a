import { describe, expect, it } from 'vitest';
import { describeGap, isGreen, judgeReceipt, redCommands } from '../../src/shared/domain/receipt.js';
import type { ReceiptCommand, ReceiptHook, VerificationFacts } from '../../src/shared/domain/receipt.js';

const green: ReceiptCommand = {
  ...{ name: 'test', argv: ['npm', 'test'], exitCode: 0, problem: '', durationMs: 10, outputHash: 'a', outputBytes: 5, retries: 0 },
  ...{ baseExitCode: 0, baseOutputHash: 'b', baseOutputBytes: 5, jailed: true },
};
const facts = (command: Partial<ReceiptCommand> = {}, more: Partial<VerificationFacts> = {}): VerificationFacts => ({
  commands: [{ ...green, ...command }],
  protectedChanges: [],
  weakenedTests: null,
  isInPlace: false,
  hasCommit: true,
  override: null,
  ...more,
});

const hook = (more: Partial<ReceiptHook> = {}): ReceiptHook => ({
  ...{ name: 'pre-commit', durationMs: 5, outputHash: '', outputBytes: 0, jailed: true, changedFiles: [], hasChangedMessage: false },
  ...more,
});

const cases: readonly (readonly [string, VerificationFacts, string, readonly string[]])[] = [
  ['all green', facts(), 'verified', []],
  ['new tests that hold in their old version too', facts({}, { weakenedTests: { files: ['a.test.ts'], redCommands: [] } }), 'verified', []],
  ['an empty output here only', facts({ outputBytes: 0 }), 'verified', []],
  ['green where the base was red', facts({ baseExitCode: 1 }), 'verified', []],
  ['red where the base was green', facts({ exitCode: 1 }), 'not_verified', ['red']],
  ['red without a result of the base', facts({ exitCode: 1, baseExitCode: null }), 'not_verified', ['red']],
  ['no end where the base was green', facts({ exitCode: null, problem: 'It took longer than 5 s.' }), 'not_verified', ['red']],
  ['red on the base too', facts({ exitCode: 1, baseExitCode: 2 }), 'with_gaps', ['red-on-base-too']],
  [
    'a command that can run nowhere',
    facts({ exitCode: null, baseExitCode: null, problem: 'There is no program.' }),
    'with_gaps',
    ['command-could-not-run'],
  ],
  ['passed on a retry', facts({ retries: 1 }), 'with_gaps', ['passed-on-retry']],
  ['identical empty output', facts({ outputBytes: 0, baseOutputBytes: 0 }), 'with_gaps', ['identical-empty-output']],
  ['no jail', facts({ jailed: false }), 'with_gaps', ['no-jail']],
  ['protected paths', facts({}, { protectedChanges: ['package.json'] }), 'with_gaps', ['protected-paths-changed']],
  ['weakened tests', facts({}, { weakenedTests: { files: ['a.test.ts'], redCommands: ['test'] } }), 'with_gaps', ['weakened-tests-fail']],
  ['hooks that ran in a jail', facts({}, { hooks: { runs: [hook()], changedByWork: [] } }), 'verified', []],
  ['a hook without a jail', facts({}, { hooks: { runs: [hook({ jailed: false })], changedByWork: [] } }), 'with_gaps', ['no-jail']],
  [
    'a hook that changed a file',
    facts({}, { hooks: { runs: [hook({ changedFiles: ['a.ts'] })], changedByWork: [] } }),
    'with_gaps',
    ['hook-changes-left-out'],
  ],
  [
    'hooks that the work changed, which are protected as well',
    facts({}, { protectedChanges: ['.husky/pre-commit'], hooks: { runs: [], changedByWork: ['.husky/pre-commit'] } }),
    'with_gaps',
    ['protected-paths-changed'],
  ],
  ['in place', facts({}, { isInPlace: true }), 'with_gaps', ['in-place']],
  ['no command', facts({}, { commands: [] }), 'not_verified', ['no-command']],
  ['no commit', facts({}, { hasCommit: false }), 'not_verified', ['no-commit']],
  ['no commit, so that no command ran', facts({}, { hasCommit: false, commands: [] }), 'not_verified', ['no-commit']],
  ['an override', facts({ exitCode: 1 }, { override: { by: 'Pat', reason: 'known' } }), 'not_verified', ['red', 'overridden']],
];

describe('a receipt', () => {
  it.each(cases)('with %s gets its badge and its gaps', (_, given, badge, gaps) => {
    const judged = judgeReceipt(given);
    expect(judged.badge).toBe(badge);
    expect(judged.gaps.map((gap) => gap.kind)).toEqual(gaps);
  });

  it('is green unless something is red that was green, or a person let it pass', () => {
    expect(isGreen(facts())).toBe(true);
    expect(isGreen(facts({ exitCode: 1 }))).toBe(false);
    expect(redCommands(facts({ exitCode: 1 }))).toEqual(['test']);
    expect(isGreen(facts({ exitCode: 1, baseExitCode: 1 }))).toBe(true);
    expect(isGreen(facts({ exitCode: 1 }, { override: { by: 'Pat', reason: 'known' } }))).toBe(true);
  });

  it('says its gaps in sentences that name what they are about', () => {
    expect(describeGap({ kind: 'protected-paths-changed', paths: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] })).toBe(
      'Protected files changed: a, b, c, d, e and 2 more.',
    );
    expect(describeGap({ kind: 'overridden', by: 'Pat', reason: 'the server is down' })).toBe(
      'Pat let a red result pass: the server is down',
    );
  });
});
