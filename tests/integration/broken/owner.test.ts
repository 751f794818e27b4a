import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { ProjectionWriter } from '../../../src/main/runtime/workspace/projection-writer.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { strayProcesses, untilTrue } from '../../fixtures/living-processes.js';
import { makeSprintGround } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const NODE_24 = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

/** Every file with its content; directories are followed, the lock is left out. */
async function snapshotOf(dir: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== 'owner.db').map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(names.toSorted().map(async (name) => [name, (await readFile(name)).toString('base64')] as const));
}

interface Said {
  readonly kind: string;
  readonly role?: string;
  readonly message?: string;
  readonly epoch?: number;
}

describe.skipIf(lacksJail || process.platform !== 'linux')('a workspace that another process has open', () => {
  let ground: SprintGround;
  let owner: ChildProcessWithoutNullStreams | undefined;
  let next: (kind: string) => Promise<Said>;

  const start = (...more: readonly string[]): void => {
    const child = spawn(NODE_24, ['--import', fixture('js-to-ts.mjs'), fixture('runtime-owner.ts'), ground.workspace, ...more]);
    owner = child;
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    next = async (kind) => {
      for (;;) {
        const { value, done } = (await lines.next()) as IteratorResult<string>;
        if (done === true) throw new Error(`The owner ended before it said "${kind}".`);
        const said = JSON.parse(value) as Said;
        if (said.kind === kind) return said;
      }
    };
  };
  const running = (): ChildProcessWithoutNullStreams => {
    if (!owner) throw new Error('No owner was started.');
    return owner;
  };
  const say = (title: string): boolean => running().stdin.write(`${title}\n`);
  const openHere = () => openRuntime({ workspaceDir: ground.workspace, work: false });
  const journalFile = (): string => join(workspaceLayout(ground.workspace).runtime.journal, '000000000001.jsonl');

  beforeEach(async () => {
    ground = await makeSprintGround({ todos: [{ title: 'Wait for ever', developer: { never_ends: true } }], files: temptingFiles });
  });
  afterEach(async () => {
    owner?.kill('SIGKILL');
    owner = undefined;
    await ground.dispose();
  });

  it('is not taken from a stopped owner, which is named with the way to let it go on', async () => {
    start();
    await next('open');
    running().kill('SIGSTOP');
    await untilTrue(() => / T /.test(readFileSync(`/proc/${running().pid ?? 0}/stat`, 'utf8')), 5_000);
    const before = await readFile(journalFile());
    const opened = await openHere();
    expect(opened).toEqual({
      ok: false,
      error: {
        kind: 'owner-stopped',
        message: `Could not open the workspace of ${workspaceLayout(ground.workspace).runtime.root}: it is open in process ${running().pid ?? 0} on ${hostname()}. That process is stopped; let it go on with \`kill -CONT ${running().pid ?? 0}\` or end it.`,
      },
    });
    expect(await readFile(journalFile())).toEqual(before);
    running().kill('SIGCONT');
    say('After the pause');
    await next('accepted');
  });

  it('is taken at once from a killed owner, with everything that was accepted and nothing left running', async () => {
    start('start-sprint');
    while ((await next('turn')).role !== 'developer');
    say('Accepted before the kill');
    await next('accepted');
    running().kill('SIGKILL');
    await once(running(), 'exit');
    const runtime = await ground.open({ work: false });
    expect(runtime.epoch).toBe(2);
    const state = runtime.state();
    expect(Object.values(state.backlog).map(({ title }) => title)).toEqual(['Wait for ever', 'Accepted before the kill']);
    expect(Object.values(state.todos)).toMatchObject([
      { title: 'Wait for ever', status: 'running', workflow: { step: 'developer_build' } },
    ]);
    expect(await strayProcesses(ground.dir)).toEqual([]);
  });

  it('gets nothing more from an owner whose lock file was deleted, and the next one goes on with all that was accepted', async () => {
    start();
    await next('open');
    say('Accepted while it owned');
    await next('accepted');
    await rm(workspaceLayout(ground.workspace).runtime.ownerLock);
    const before = await readFile(journalFile());
    say('Too late');
    const late = await next('refused');
    expect(late.message).toContain('another Muster has taken over this workspace');
    expect(await readFile(journalFile())).toEqual(before);
    const runtime = await ground.open({ work: false });
    expect(Object.values(runtime.state().backlog).map(({ title }) => title)).toEqual(['Accepted while it owned']);
    const everything = async () => (await snapshotOf(ground.workspace)).filter(([name]) => !name.endsWith('owner.db-journal'));
    const after = await everything();
    say('Still too late');
    expect((await next('refused')).message).toContain('another Muster has taken over this workspace');
    running().stdin.end();
    await next('stopped');
    expect(await everything()).toEqual(after);
  });

  it('is written by no projection of an owner who lost it', async () => {
    const path = join(ground.workspace, 'backlog.md');
    await writeFile(path, 'of the new owner');
    await expect(new ProjectionWriter(ground.workspace, () => false).write(path, 'of the old one')).rejects.toThrow(
      `Could not write ${path}: another Muster has taken over this workspace. Attach to that one, or stop it and start again.`,
    );
    expect(await readFile(path, 'utf8')).toBe('of the new owner');
  });
});
