import { describe, expect, it } from 'vitest';
import { Lanes } from '../../../../src/main/runtime/platform/lane.js';

/** A task that ends when told. */
function heldTask(name: string, log: string[]): { readonly task: () => Promise<string>; readonly end: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const task = async (): Promise<string> => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
    return name;
  };
  return { task, end: () => resolve(undefined) };
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Lanes', () => {
  it('keeps tasks of one lane in order and lets another lane overtake', async () => {
    const log: string[] = [];
    const lanes = new Lanes();
    const [a, b, c] = [heldTask('a', log), heldTask('b', log), heldTask('c', log)];
    const results = [lanes.run('one', a.task), lanes.run('one', b.task), lanes.run('two', c.task)];
    await turnOfLoop();
    expect(log).toEqual(['a begins', 'c begins']);
    b.end();
    c.end();
    await turnOfLoop();
    expect(log).toEqual(['a begins', 'c begins', 'c ends']);
    a.end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
    expect(log.slice(3)).toEqual(['a ends', 'b begins', 'b ends']);
  });

  it('goes on in a lane whose task failed, and tells only the one who asked', async () => {
    const lanes = new Lanes();
    const failed = lanes.run('one', () => Promise.reject(new Error('no')));
    const next = lanes.run('one', () => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('drains tasks that were added while draining, and forgets lanes that are empty', async () => {
    const log: string[] = [];
    const lanes = new Lanes();
    void lanes.run('one', async () => {
      log.push('first');
      void lanes.run('two', async () => {
        await turnOfLoop();
        log.push('second');
      });
    });
    await lanes.drain();
    expect(log).toEqual(['first', 'second']);
    expect(lanes.busy()).toEqual([]);
  });
});
