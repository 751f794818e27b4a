import { judgeReceipt } from '../../../src/shared/domain/receipt.js';
import type { Receipt, ReceiptCommand } from '../../../src/shared/domain/receipt.js';

const command = (exitCode: number): ReceiptCommand => ({
  name: 'tests',
  argv: ['npm', 'test'],
  exitCode,
  problem: '',
  durationMs: 1,
  outputHash: 'out',
  outputBytes: 3,
  retries: 0,
  jailed: true,
  baseExitCode: 0,
  baseOutputHash: 'out',
  baseOutputBytes: 3,
});

/** A receipt for what a verify effect names: green, or red where the base was green. */
export function receiptFor(
  at: { readonly todoId: string; readonly revision: number; readonly closeoutId: string; readonly commit: string; readonly base: string },
  isGreen: boolean,
  changes: Partial<Receipt> = {},
): Receipt {
  const facts = {
    commands: [command(isGreen ? 0 : 1)],
    protectedChanges: [],
    weakenedTests: null,
    isInPlace: false,
    hasCommit: at.commit !== '',
    override: null,
  };
  return {
    v: 1,
    ...facts,
    todoId: at.todoId,
    revision: at.revision,
    time: '2026-03-24T09:00:00.000Z',
    target: 'refs/heads/main',
    base: at.base,
    commit: at.commit,
    tree: 'tree',
    patchId: 'patch',
    diffHash: 'diff',
    closeoutId: at.closeoutId,
    verifyHash: 'verify-hash',
    environmentHash: 'environment',
    ...judgeReceipt(facts),
    receiptHash: 'receipt',
    ...changes,
  };
}
