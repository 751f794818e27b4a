import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/main/runtime/platform/run-program.js';
import type { ProgramSpec } from '../../../src/main/runtime/platform/run-program.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { livingProcesses, untilTrue } from '../../fixtures/living-processes.js';

const run = (argv: ProgramSpec['argv'], more: Partial<ProgramSpec> = {}) =>
  runProgram(
    { argv, cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '' }, timeoutMs: 10_000, maxBytes: 100_000, ...more },
    new SystemClock(),
  );

describe('a short-lived program', () => {
  it('gets exactly the given environment and input, and its exit code is data', async () => {
    const ended = await run(['sh', '-c', 'cat; env; echo oops >&2; exit 3'], {
      stdin: 'in\n',
      env: { PATH: process.env['PATH'] ?? '', ONLY: 'this' },
    });
    expect(ended).toMatchObject({ outcome: 'exited', exitCode: 3, stderr: 'oops\n' });
    const lines = ended.stdout.toString().split('\n');
    expect(lines[0]).toBe('in');
    expect(lines).toContain('ONLY=this');
    expect(lines.filter((line) => line.startsWith('HOME='))).toEqual([]);
  });

  it('that takes too long is ended with what it started', async () => {
    const marker = `31${process.pid}.5`;
    const started = performance.now();
    expect(await run(['sh', '-c', `sleep ${marker} & sleep ${marker}`], { timeoutMs: 200 })).toMatchObject({
      outcome: 'timed-out',
      exitCode: null,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    await untilTrue(() => livingProcesses(`sleep\0${marker}`).length === 0, 2_000);
  });

  it('that says too much is ended', async () => {
    expect(await run(['sh', '-c', 'yes'], { maxBytes: 1_000 })).toMatchObject({ outcome: 'output-limit', exitCode: null });
  });

  it('that does not exist is told, not thrown', async () => {
    const ended = await run(['no-such-program-here']);
    expect(ended).toMatchObject({ outcome: 'could-not-start', exitCode: null });
    expect(ended.stderr).toContain('ENOENT');
  });
});
