import { describe, expect, it } from 'vitest';
import { turnAbove } from '../../../src/main/host/turn-above.js';
import type { ProcessGlance } from '../../../src/main/host/turn-above.js';

const world = (processes: Readonly<Record<number, ProcessGlance>>) => (pid: number) => Promise.resolve(processes[pid] ?? null);

describe('what is above a command', () => {
  it('is the turn whose tag it carries itself', async () => {
    expect(await turnAbove({ MUSTER_PROCESS_TAG: 'turn-1' }, 7, world({}))).toBe('turn-1');
  });

  it('is found in an ancestor although the environment was cleaned on the way', async () => {
    const processes = { 7: { parent: 6, tag: null }, 6: { parent: 5, tag: 'turn-2' }, 5: { parent: 1, tag: null } };
    expect(await turnAbove({}, 7, world(processes))).toBe('turn-2');
  });

  it('is nothing for a terminal of a person', async () => {
    expect(await turnAbove({}, 7, world({ 7: { parent: 1, tag: null }, 1: { parent: 0, tag: null } }))).toBeNull();
  });

  it('is nothing where the system shows no ancestors, and a circle of them ends', async () => {
    expect(await turnAbove({}, 7, world({}))).toBeNull();
    expect(await turnAbove({}, 7, world({ 7: { parent: 8, tag: null }, 8: { parent: 7, tag: null } }))).toBeNull();
  });
});
