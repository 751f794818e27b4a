import { describe, expect, it } from 'vitest';
import { parsePs, parseStat } from '../../src/main/runtime/platform/proc-table.js';

describe('the process table', () => {
  it('reads a name with spaces and brackets without losing its place', () => {
    const stat = '4711 (odd) name (x) S 12 4710 4709 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 1 0 987654 1 2 3';
    expect(parseStat(stat)).toEqual({ pid: 4711, parent: 12, group: 4710, session: 4709, startTime: '987654' });
  });

  it('leaves zombies out', () => {
    expect(parseStat('4711 (gone) Z 12 4710 4709 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 1 0 987654 1')).toBeNull();
    expect(parsePs('  7 1 7 Z Wed Mar  4 09:00:00 2026\n')).toEqual([]);
  });

  it('reads what ps prints, with the start time as it stands there', () => {
    expect(parsePs('  501     1   501 Ss   Wed Mar  4 09:00:00 2026    \n\n')).toEqual([
      { pid: 501, parent: 1, group: 501, session: 0, startTime: 'Wed Mar  4 09:00:00 2026' },
    ]);
  });
});
