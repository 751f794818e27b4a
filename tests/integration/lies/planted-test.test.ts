import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { Todo } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../../fixtures/tempting-project.js';

const title = 'Look around';

function probe(places: { readonly secret: string; readonly port: number; readonly outside: string }): string {
  return [
    "import test from 'node:test';",
    "import assert from 'node:assert';",
    "import { readFileSync, writeFileSync } from 'node:fs';",
    `test('reads a secret in home', () => assert.equal(readFileSync(${JSON.stringify(places.secret)}, 'utf8'), 'canary'));`,
    `test('reaches a port on loopback', async () => assert.equal(await (await fetch('http://127.0.0.1:${places.port}/')).text(), 'reached'));`,
    `test('writes outside', () => writeFileSync(${JSON.stringify(places.outside)}, 'written'));`,
    '',
  ].join('\n');
}

describe.skipIf(lacksJail)('a planted test that looks for a secret in home, a port on loopback and a place outside', () => {
  let ground: SprintGround;
  let canaryDir: string;
  let output: string;
  let todo: Todo;
  let requests = 0;
  const listener = createServer((_request, answer) => {
    requests += 1;
    answer.end('reached');
  });

  beforeAll(async () => {
    await new Promise<void>((up) => listener.listen(0, '127.0.0.1', up));
    const { port } = listener.address() as AddressInfo;
    canaryDir = await mkdtemp(join(homedir(), '.muster-canary-'));
    await writeFile(join(canaryDir, 'secret'), 'canary');
    const content = probe({ secret: join(canaryDir, 'secret'), port, outside: join(canaryDir, 'written') });
    // Two of the three are run by the developer first, outside of the jail: they pass there, so that failing inside means something.
    const developer = {
      edits: [{ write: 'test/probe.test.mjs', content }],
      commands: [['node', '--test', '--test-name-pattern', 'reads|reaches', 'test/probe.test.mjs'] as [string, ...string[]]],
      must_pass: true,
    };
    ground = await makeSprintGround({ todos: [{ title, developer }], files: temptingFiles });
    const runtime = await ground.play();
    todo = todoNamed(runtime.state(), title);
    const blobs = new FileBlobStore({ dir: workspaceLayout(ground.workspace).runtime.blobs, clock: new SystemClock() });
    output = (await blobs.get(currentRevision(todo).receipt?.commands[0]?.outputHash ?? ''))?.toString('utf8') ?? '';
  }, 120_000);
  afterAll(async () => {
    await ground.dispose();
    await rm(canaryDir, { recursive: true, force: true });
    await new Promise((down) => listener.close(down));
  });

  it.each(['reads a secret in home', 'reaches a port on loopback', 'writes outside'])('fails where it %s', (name) => {
    expect(output).toMatch(new RegExp(`(✖|not ok \\d+ -) ${name}`));
  });

  it('passed outside of the jail, once in each of the two turns, and reached nothing from inside', () => {
    expect(todo.reports.filter(({ role }) => role === 'developer')).toHaveLength(2);
    expect(requests).toBe(2);
    expect(existsSync(join(canaryDir, 'written'))).toBe(false);
  });

  it('is sent back for verification and never lands', () => {
    expect(todo.workflow.reopenCategory).toBe('verification');
    expect(todo.reports.map(({ step }) => step)).toContain('developer_revision');
    expect(todo.inputs.map(({ text }) => text)).toContain('The verification is red where the base was green: tests (exit 1).');
    expect(currentRevision(todo)).toMatchObject({ commit: null, receipt: { badge: 'not_verified' } });
  });
});
