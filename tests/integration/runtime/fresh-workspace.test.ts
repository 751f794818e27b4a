import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import { initWorkspace } from '../../../src/main/runtime/workspace/scaffold.js';
import { SprintEventFiles } from '../../../src/main/runtime/workspace/sprint-event-files.js';

let folder = '';
const before = process.env['MUSTER_STATE_HOME'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-fresh-'));
  process.env['MUSTER_STATE_HOME'] = join(folder, 'state');
});

afterEach(async () => {
  if (before === undefined) delete process.env['MUSTER_STATE_HOME'];
  else process.env['MUSTER_STATE_HOME'] = before;
  await rm(folder, { recursive: true, force: true });
});

describe('a workspace that init has just made', () => {
  it('opens without a problem: what init wrote is not taken for an edit by somebody else', async () => {
    const workspaceDir = join(folder, 'workspace');
    const made = await initWorkspace({ workspaceDir, project: null, clock: new SystemClock(), isDiscordOn: false });
    expect(made.ok).toBe(true);
    const opened = await openRuntime({ workspaceDir, work: false });
    if (!opened.ok) throw new Error(opened.error.message);
    await opened.value.drain();
    expect(Object.values(opened.value.state().problems)).toEqual([]);
    await opened.value.stop();
  });
});

describe('the event file of a sprint', () => {
  it('is never taken for edited while its own lines are being appended', async () => {
    const files = new SprintEventFiles({ workspaceDir: folder, pathOf: (sprintId) => join(folder, `${sprintId}.events.jsonl`) });
    const looks: Promise<string>[] = [];
    const appends: Promise<void>[] = [];
    for (let seq = 1; seq <= 200; seq += 1) {
      appends.push(files.append('s', [{ sprintId: 's', seq, n: 0, text: JSON.stringify({ seq, n: 0, type: 'started' }) }]));
      looks.push(files.inspect('s'));
    }
    await Promise.all(appends);
    expect(new Set(await Promise.all(looks))).toEqual(new Set(['same']));
  });
});
