import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import { loadState } from '../../../src/main/runtime/load-state.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { State } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { livingProcesses } from '../../fixtures/living-processes.js';
import { isAtRest, makeSprintGround, pat, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

const top = mkdtempSync(join(tmpdir(), 'muster-small-disk-'));
const disk = join(top, 'disk');
mkdirSync(disk);
const mount = (...args: readonly string[]): string | null => {
  const run = spawnSync('mount', [...args], { encoding: 'utf8' });
  return run.status === 0 ? null : (run.error?.message ?? run.stderr.trim());
};
const mountSmall = (): string | null => mount('-t', 'tmpfs', '-o', 'size=12m', 'muster-test', disk);
const refusal = mountSmall();
if (refusal === null) spawnSync('umount', [disk]);
else console.warn(`Skipped: no small disk can be mounted here (${refusal}). These tests need root on Linux.`);
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Takes all space that is left. */
function fillDisk(): void {
  for (const bytes of [256 * 1024, 4096, 1]) {
    try {
      for (let n = 0; n < 200; n += 1) writeFileSync(join(disk, `ballast-${bytes}-${n}`), Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
function freeDisk(): void {
  for (const name of readdirSync(disk)) if (name.startsWith('ballast-')) rmSync(join(disk, name));
}

const title = 'Turn the sum around';
const add = (runtime: Runtime, name: string) =>
  runtime.dispatch({ type: 'add-backlog-item', fields: { title: name } }, { commandId: name, actor: pat });

/** Adds large items until one is refused: the journal has some room that was written ahead, which a full disk leaves it. */
async function firstRefused(runtime: Runtime) {
  const accepted: string[] = [];
  for (;;) {
    const name = `Large ${accepted.length}`;
    const answer = await runtime.dispatch(
      { type: 'add-backlog-item', fields: { title: name, summary: 'x'.repeat(15_000) } },
      { commandId: name, actor: pat },
    );
    if (!answer.ok) return { title: name, answer, accepted };
    accepted.push(name);
    expect(accepted.length).toBeLessThan(200);
  }
}
const titles = (state: State): readonly string[] => Object.values(state.backlog).map((item) => item.title);

describe.skipIf(refusal !== null || lacksJail)('a workspace on a disk that', () => {
  let ground: SprintGround;

  beforeEach(async () => {
    expect(mountSmall()).toBeNull();
    ground = await makeSprintGround({
      todos: [{ title, developer: { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] } }],
      files: temptingFiles,
      workspaceDir: join(disk, 'workspace'),
      limits: { turn_attempts: 3 },
    });
  });
  afterEach(async () => {
    mount('-o', 'remount,rw', disk);
    await ground.dispose();
    expect(spawnSync('umount', [disk]).status).toBe(0);
  });

  it('gets full while a sprint runs: work stops with a sentence, and goes on where it was when there is space again', async () => {
    const runtime = await ground.open();
    await ground.begin(runtime);
    await waitFor(runtime, (state) => Object.values(state.turns).some(({ role, status }) => role === 'developer' && status === 'running'));
    expect(await add(runtime, 'Accepted before')).toMatchObject({ ok: true });
    fillDisk();
    const refused = await firstRefused(runtime);
    await waitFor(runtime, (state) => state.halt !== null);
    await runtime.drain();
    const sentence = `Could not write to the journal ${workspaceLayout(ground.workspace).runtime.journal}/000000000001.jsonl: no space is left on the device (ENOSPC). Free some space and try again. Nothing that was accepted is lost.`;
    expect(ground.log).toContain(sentence);
    expect(refused.answer).toEqual({ ok: false, error: { id: 'journal-closed', message: sentence } });
    expect(runtime.state().halt).not.toBeNull();
    expect(Object.values(runtime.state().problems).map(({ reason }) => reason)).toContain(sentence);
    const during = titles(runtime.state());
    expect(during).toEqual(expect.arrayContaining(['Accepted before', ...refused.accepted]));
    expect(during).not.toContain(refused.title);
    expect(livingProcesses(disk)).toEqual([]);
    await runtime.stop();
    freeDisk();
    expect(titles((await loadState(ground.workspace)).state)).toEqual(during);
    const again = await ground.open();
    await again.start();
    expect(Object.values(again.state().problems)).toEqual([]);
    await again.dispatch({ type: 'resume-sprint' }, { commandId: 'resume', actor: pat });
    await waitFor(again, (state) => isAtRest(state) && todoNamed(state, title).status !== 'paused');
    expect(todoNamed(again.state(), title)).toMatchObject({ status: 'committed', blocker: null });
    expect(currentRevision(todoNamed(again.state(), title)).receipt?.badge).toBe('verified');
    expect(titles(again.state())).toContain('Accepted before');
  });

  it('has room again has its reserve again, and no problem, without a start', async () => {
    const runtime = await ground.open();
    await ground.begin(runtime);
    fillDisk();
    await firstRefused(runtime);
    await waitFor(runtime, ({ problems }) => problems['journal-cannot-be-written'] !== undefined);
    const reserve = join(workspaceLayout(ground.workspace).runtime.journal, 'reserve');
    expect(existsSync(reserve)).toBe(false);
    freeDisk();
    await waitFor(runtime, ({ problems }) => problems['journal-cannot-be-written'] === undefined);
    expect(statSync(reserve).size).toBe(1024 * 1024);
  });

  it('is read-only is not opened, with a sentence, and has all it had when it can be written again', async () => {
    const runtime = await ground.play();
    const before = JSON.stringify([runtime.state().todos, runtime.state().backlog]);
    await runtime.stop();
    expect(mount('-o', 'remount,ro', disk)).toBeNull();
    expect(await openRuntime({ workspaceDir: ground.workspace, work: true })).toEqual({
      ok: false,
      error: {
        kind: 'unreadable',
        message: `Could not lock the workspace with ${workspaceLayout(ground.workspace).runtime.ownerLock}: its file system is read-only (EROFS). Make it writable and try again. A workspace must be on a local disk that can be written.`,
      },
    });
    const { state } = await loadState(ground.workspace);
    expect(JSON.stringify([state.todos, state.backlog])).toBe(before);
    expect(mount('-o', 'remount,rw', disk)).toBeNull();
    const again = await ground.open({ work: false });
    expect(JSON.stringify([again.state().todos, again.state().backlog])).toBe(before);
  });
});
