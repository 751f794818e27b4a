import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Clock } from '../../src/main/runtime/ports/clock.js';
import { ManualClock } from '../fakes/manual-clock.js';

interface Subject {
  readonly clock: Clock;
  /** Lets at least that much time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

const subjects: readonly (readonly [string, () => Subject])[] = [
  [
    'SystemClock',
    () => {
      const clock = new SystemClock();
      // Its timers do not keep a process alive, so a plain one waits here.
      return { clock, pass: (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms + 5)) };
    },
  ],
  [
    'ManualClock',
    () => {
      const clock = new ManualClock();
      return { clock, pass: async (ms) => clock.advance(ms + 5) };
    },
  ],
];

describe.each(subjects)('%s as a Clock', (_name, make) => {
  it('tells the time in UTC with milliseconds', () => {
    expect(make().clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('moves both clocks forward by what has passed', async () => {
    const { clock, pass } = make();
    const wall = Date.parse(clock.now());
    const monotonic = clock.monotonicMs();
    await pass(20);
    expect(clock.monotonicMs() - monotonic).toBeGreaterThanOrEqual(20);
    expect(Date.parse(clock.now()) - wall).toBeGreaterThanOrEqual(19);
  });

  it('calls a task once, after its delay and not before', async () => {
    const { clock, pass } = make();
    const start = clock.monotonicMs();
    const calls: number[] = [];
    clock.after(15, () => calls.push(clock.monotonicMs() - start));
    expect(calls).toEqual([]);
    await pass(15);
    await pass(15);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toBeGreaterThanOrEqual(14);
  });

  it('calls tasks in the order in which they fall due', async () => {
    const { clock, pass } = make();
    const calls: string[] = [];
    clock.after(30, () => calls.push('late'));
    clock.after(2, () => calls.push('early'));
    await pass(40);
    expect(calls).toEqual(['early', 'late']);
  });

  it('never calls a cancelled task, and takes a second cancel in silence', async () => {
    const { clock, pass } = make();
    const calls: string[] = [];
    const cancel = clock.after(5, () => calls.push('called'));
    cancel();
    cancel();
    await pass(10);
    expect(calls).toEqual([]);
  });

  it('does not fire at once for a delay longer than a platform timer can take', async () => {
    const { clock, pass } = make();
    const calls: string[] = [];
    const cancel = clock.after(3_000_000_000, () => calls.push('called'));
    await pass(10);
    expect(calls).toEqual([]);
    cancel();
  });
});
