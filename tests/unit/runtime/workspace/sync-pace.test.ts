import { describe, expect, it } from 'vitest';
import { SyncPace } from '../../../../src/main/runtime/workspace/sync-pace.js';

const paceAfter = (...times: readonly number[]): SyncPace => {
  const pace = new SyncPace();
  for (const ms of times) pace.took(ms);
  return pace;
};

describe('the pace of fsync', () => {
  it('holds nothing up before the disk has shown that it is fast', () => {
    expect(new SyncPace().mayHoldUp).toBe(false);
    expect(paceAfter(0.2).mayHoldUp).toBe(true);
  });

  it('never holds up the loop for a slow disk', () => {
    expect(paceAfter(8, 9, 8).mayHoldUp).toBe(false);
  });

  it('goes to the background after one stall and comes back when the disk is fast again', () => {
    const fast = Array.from({ length: 30 }, () => 0.2);
    expect(paceAfter(...fast, 100).mayHoldUp).toBe(false);
    expect(paceAfter(...fast, 100, 0.2, 0.2).mayHoldUp).toBe(false);
    expect(paceAfter(...fast, 100, ...fast).mayHoldUp).toBe(true);
  });
});
