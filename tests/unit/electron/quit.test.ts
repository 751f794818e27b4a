import { expect, test } from 'vitest';
import { closeLimitMs, Quit } from '../../../src/main/electron/quit.js';
import type { QuitAnswer, QuitOptions } from '../../../src/main/electron/quit.js';
import { ManualClock } from '../../fakes/manual-clock.js';

/** A way out whose closing and answers are the test's. */
class WayOut {
  readonly clock = new ManualClock();
  readonly ended: boolean[] = [];
  readonly logs: string[] = [];
  turns = 0;
  closed = Promise.withResolvers<void>();
  answered = Promise.withResolvers<QuitAnswer>();
  asked = 0;
  wentToBackground = false;
  readonly quit: Quit;

  constructor() {
    const options: QuitOptions = {
      clock: this.clock,
      turnsToEnd: () => this.turns,
      ask: () => {
        this.asked += 1;
        return this.answered.promise;
      },
      goToBackground: () => (this.wentToBackground = true),
      onEnding: () => undefined,
      close: () => this.closed.promise,
      end: (isInOrder) => this.ended.push(isInOrder),
      onLog: (line) => this.logs.push(line),
    };
    this.quit = new Quit(options);
  }

  /** Asks to quit; true when the program may end now. */
  ask(): boolean {
    let isPrevented = false;
    this.quit.asked({ preventDefault: () => (isPrevented = true) });
    return !isPrevented;
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

test('without a running turn it closes without a question, and then lets the program end', async () => {
  const way = new WayOut();
  expect(way.ask()).toBe(false);
  await way.settle();
  expect([way.asked, way.ended]).toEqual([0, []]);
  way.closed.resolve();
  await way.settle();
  expect(way.ended).toEqual([true]);
  expect(way.ask()).toBe(true);
});

test('a second quit while it closes does not wait for ever', async () => {
  const way = new WayOut();
  way.ask();
  way.ask();
  await way.settle();
  expect(way.ended).toEqual([false]);
  expect(way.logs).toEqual(['Muster ends at once. It was asked to quit again. What was under way goes on at the next start.']);
});

test('what cannot be closed in time is left to the next start', async () => {
  const way = new WayOut();
  way.ask();
  await way.settle();
  way.clock.advance(closeLimitMs);
  expect(way.ended).toEqual([false]);
  way.closed.resolve();
  await way.settle();
  expect(way.ended).toEqual([false]);
});

test('a second quit while the question is open asks no second one', async () => {
  const way = new WayOut();
  way.turns = 2;
  way.ask();
  way.ask();
  expect(way.asked).toBe(1);
  way.answered.resolve('cancel');
  await way.settle();
  expect([way.ended, way.quit.isEnding]).toEqual([[], false]);
});

test('a signal while the question is open closes without waiting for the answer', async () => {
  const way = new WayOut();
  way.turns = 1;
  way.ask();
  way.quit.now('SIGTERM came.');
  way.answered.resolve('background');
  way.closed.resolve();
  await way.settle();
  expect([way.ended, way.wentToBackground]).toEqual([[true], false]);
});
