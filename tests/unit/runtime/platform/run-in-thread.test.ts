import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInThread } from '../../../../src/main/runtime/platform/run-in-thread.js';

let dir = '';
let program = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thread-'));
  program = join(dir, 'doubles.mjs');
  await writeFile(program, "import { parentPort, workerData } from 'node:worker_threads';\nparentPort.postMessage(workerData * 2);\n");
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a program in a thread', () => {
  it('answers, also below a process that was begun with flags of V8', async () => {
    expect(await runInThread(program, 2, [])).toBe(4);
    expect(await runInThread(program, 3, ['--expose-gc'])).toBe(6);
  });

  it('that is not there is told by its name', async () => {
    await expect(runInThread('doubles', 1, [])).rejects.toThrow(
      'Could not run doubles beside Muster: The worker script or module filename',
    );
  });
});
