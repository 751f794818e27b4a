import { expect, it } from 'vitest';
import { EffectWorker } from '../../../src/main/runtime/effect-worker.js';
import { Lanes } from '../../../src/main/runtime/platform/lane.js';
import type { EffectHandlers } from '../../../src/main/runtime/ports/effect-handler.js';
import { emptyState } from '../../../src/shared/domain/state.js';
import { ManualClock } from '../../fakes/manual-clock.js';

const effect = { type: 'archive-sprint', lane: 'sprint:s', sprintId: 's' } as const;

/** A worker with one open effect, over a journal that is closed until told. */
function workerWithEffect(handle: () => Promise<void>): {
  readonly worker: EffectWorker;
  readonly told: string[];
  readonly clock: ManualClock;
  openJournal(): void;
} {
  const clock = new ManualClock();
  const state = emptyState();
  state.effects['fx-1-1'] = { effectId: 'fx-1-1', lane: effect.lane, attempts: 0, effect };
  const told: string[] = [];
  let isOpen = false;
  let isFull = false;
  const worker = new EffectWorker({
    state: () => state,
    tell: (command) => {
      const ok = !isFull && (isOpen || command.type !== 'settle-effect');
      told.push(`${command.type} ${ok ? 'accepted' : 'refused'}`);
      if (ok && command.type === 'settle-effect') delete state.effects[command.effectId];
      return Promise.resolve({ ok });
    },
    handlers: { 'archive-sprint': () => handle().then(() => ({ kind: 'archived' })) } as unknown as EffectHandlers,
    lanes: new Lanes(),
    clock,
    log: () => undefined,
    onFullDisk: () => {
      isFull = true;
      return Promise.resolve();
    },
  });
  return { worker, told, clock, openJournal: () => (isOpen = true) };
}

const twice = ['begin-effect accepted', 'settle-effect refused', 'begin-effect accepted', 'settle-effect accepted'];

it('an effect whose outcome the closed journal refused is handed out again in the same process', async () => {
  const { worker, told, openJournal } = workerWithEffect(() => Promise.resolve());
  worker.start();
  await worker.drain();
  expect(told).toEqual(['begin-effect accepted', 'settle-effect refused']);
  openJournal();
  worker.handOutAgain();
  await worker.drain();
  expect(told).toEqual(twice);
});

it('an effect that is still under way when the journal opens, with an outcome that comes too early, is handed out again too', async () => {
  const gate = Promise.withResolvers<undefined>();
  let runs = 0;
  const bench = workerWithEffect(async () => {
    if (runs++ === 0) await gate.promise;
    else bench.openJournal();
  });
  const { worker, told } = bench;
  worker.start();
  worker.handOutAgain();
  gate.resolve(undefined);
  await worker.drain();
  expect(told).toEqual(twice);
});

it('an effect that was settled is not handed out again', async () => {
  const { worker, told, openJournal } = workerWithEffect(() => Promise.resolve());
  openJournal();
  worker.start();
  await worker.drain();
  worker.handOutAgain();
  await worker.drain();
  expect(told).toEqual(['begin-effect accepted', 'settle-effect accepted']);
});

it.each([
  ['by its code', Object.assign(new Error('write failed'), { code: 'ENOSPC' })],
  ['by what git said', new Error('git write-tree ended with 128: fatal: sha1 file: No space left on device')],
  ['by its cause', new Error('Could not keep it.', { cause: Object.assign(new Error(''), { code: 'EDQUOT' }) })],
])(
  'an effect that finds the disk full, known %s, stops the journal and is not tried again in the room that the journal still has',
  async (_how, error) => {
    const { worker, told, clock } = workerWithEffect(() => Promise.reject(error));
    worker.start();
    await expect.poll(() => clock.pendingTimers).toBe(1);
    clock.advance(200);
    await worker.drain();
    expect(told).toEqual(['begin-effect accepted', 'begin-effect refused']);
  },
);
