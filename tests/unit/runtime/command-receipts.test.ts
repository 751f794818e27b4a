import { expect, it } from 'vitest';
import { keepReceipt } from '../../../src/main/runtime/journal-entry.js';
import type { CommandReceipt } from '../../../src/main/runtime/journal-entry.js';

const dayMs = 86_400_000;
const start = Date.parse('2026-03-01T09:00:00.000Z');
const receipt = (seq: number, afterMs = 0): CommandReceipt => ({
  ...{ sha256: 'a'.repeat(64), seq, events: [], createdIds: [] },
  at: new Date(start + afterMs).toISOString(),
});

it('the answer to an accepted command is remembered for thirty days, and forgotten then', () => {
  const receipts = new Map<string, CommandReceipt>();
  keepReceipt(receipts, 'first', receipt(1));
  keepReceipt(receipts, 'second', receipt(2, dayMs));
  keepReceipt(receipts, 'third', receipt(3, 30 * dayMs - 1));
  expect([...receipts.keys()]).toEqual(['first', 'second', 'third']);
  keepReceipt(receipts, 'fourth', receipt(4, 30 * dayMs));
  expect([...receipts.keys()]).toEqual(['second', 'third', 'fourth']);
});

it('of more than 100,000 accepted commands the oldest is forgotten, however young it is', () => {
  const receipts = new Map<string, CommandReceipt>();
  for (let nth = 1; nth <= 100_000; nth += 1) receipts.set(`id-${nth}`, receipt(nth));
  keepReceipt(receipts, 'one-more', receipt(100_001, 1));
  expect([receipts.size, receipts.has('id-1'), receipts.has('id-2'), receipts.has('one-more')]).toEqual([100_000, false, true, true]);
});
