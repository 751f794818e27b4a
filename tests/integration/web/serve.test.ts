import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveEvent, LivePlace } from '../../../src/shared/contract/live-events.js';
import { shim } from '../../fixtures/built-program.js';
import { connectPage, enter, LastingCommand, servedAt } from '../../fixtures/served-board.js';

const run = promisify(execFile);

let folder = '';
const started: LastingCommand[] = [];

const env = (): Record<string, string> => ({ MUSTER_STATE_HOME: join(folder, 'state'), GIT_AUTHOR_NAME: 'Ann' });
const project = (): string => join(folder, 'project');

const lasting = (...words: readonly string[]): LastingCommand => {
  const command = new LastingCommand(words, env(), project());
  started.push(command);
  return command;
};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function muster(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [shim, ...words], {
      cwd: project(),
      env: { ...process.env, ...env(), ...more },
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'));
  await mkdir(project());
  await run('git', ['init', '-q', '-b', 'main', project()]);
  await run('git', ['-C', project(), 'config', 'user.name', 'Ann Example']);
  expect((await muster(['init'])).code).toBe(0);
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

/** Events of a stream until one fits. */
async function until(stream: AsyncIterable<LiveEvent>, isLast: (event: LiveEvent) => boolean): Promise<LiveEvent[]> {
  const events: LiveEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (isLast(event)) break;
  }
  return events;
}

const killed = async (pid: number, command: LastingCommand): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await command.ended;
};

describe('muster serve', () => {
  it('says first where it is, lets its link in once under the name that git knows, and ends in order', async () => {
    const command = lasting('serve', '--json');
    const { url, base, pid } = await servedAt(command);
    expect(command.lines[0]).toBe(JSON.stringify({ url, pid }));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{22}$/);
    const cookie = await enter(url);
    await expect(enter(url)).rejects.toThrow('403: This link is not valid');
    const { client, socket } = await connectPage(base, cookie);
    expect(await client.people.me()).toEqual({ name: 'Ann Example', role: 'lead', via: 'web' });
    expect(await client.host.workspaces()).toMatchObject({ current: { name: 'project', isAttached: false }, problem: '' });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    process.kill(pid, 'SIGTERM');
    await closed;
    expect(await command.ended).toEqual({ code: 0, signal: null });
    await expect(fetch(base)).rejects.toThrow('fetch failed');
  });

  it('is at the same address after a kill -9, takes the same cookie, and has everything that was accepted', async () => {
    const first = lasting('serve', '--json');
    const before = await servedAt(first);
    const cookie = await enter(before.url);
    const page = await connectPage(before.base, cookie);
    const [ready] = await until(await page.client.live({}), ({ kind }) => kind === 'ready');
    await page.client.backlog.add({ fields: { title: 'Accepted before the kill' } });
    await killed(before.pid, first);

    const again = await servedAt(lasting('serve', '--json'));
    expect(again.base).toBe(before.base);
    const { client, socket } = await connectPage(again.base, cookie);
    const after = ready?.kind === 'ready' ? { epoch: ready.epoch, seq: ready.seq } : { epoch: '', seq: 0 };
    const events = await until(await client.live({ after }), ({ kind }) => kind === 'ready');
    expect(events.map(({ kind }) => kind)).toEqual(['behind', 'ready']);
    expect((await client.backlog.list()).items.map(({ title }) => title)).toEqual(['Accepted before the kill']);
    socket.close();
  });

  it('before a runtime of another process: a page that was cut off by a kill -9 gets exactly what it missed', async () => {
    const runtime = lasting('run');
    await runtime.line(/^Muster works on /);
    const first = lasting('serve', '--json');
    const before = await servedAt(first);
    const cookie = await enter(before.url);
    const page = await connectPage(before.base, cookie);
    expect(await page.client.host.workspaces()).toMatchObject({ current: { isAttached: true } });
    await page.client.backlog.add({ fields: { title: 'Seen' } });
    let place: LivePlace = { epoch: '', seq: 0 };
    const following = await page.client.live({});
    const seen = until(following, (event) => {
      if (event.kind === 'ready') place = { epoch: event.epoch, seq: event.seq };
      if (event.kind === 'change') place = { ...place, seq: event.seq };
      return event.kind === 'change' && event.backlogItems.some(({ title }) => title === 'Heard');
    });
    await expect.poll(() => place.epoch).not.toBe('');
    await page.client.backlog.add({ fields: { title: 'Heard' } });
    await seen;
    await killed(before.pid, first);
    expect((await muster(['backlog', 'add', 'Missed', '--as', 'Beth'])).code).toBe(0);

    const again = await servedAt(lasting('serve', '--json'));
    const { client, socket } = await connectPage(again.base, cookie);
    const events = await until(
      await client.live({ after: place }),
      (event) => event.kind === 'change' && event.backlogItems.some(({ title }) => title === 'Missed'),
    );
    expect(events[0]).toMatchObject({ kind: 'ready', epoch: place.epoch });
    const titles = events.flatMap((event) => (event.kind === 'change' ? event.backlogItems.map(({ title }) => title) : []));
    expect(titles).toEqual(['Missed']);
    expect(JSON.stringify(events)).toContain('Beth (cli) added');
    socket.close();
  });

  it('says so when its port is taken', async () => {
    const { base } = await servedAt(lasting('serve', '--json'));
    const port = new URL(base).port;
    const second = await muster(['serve', '--port', port]);
    expect([second.code, second.stderr]).toEqual([
      1,
      `Could not serve the page: another program uses port ${port} of 127.0.0.1. Name another with --port, or end that program.\n`,
    ]);
  });
});

describe('muster link', () => {
  it('lets one more person in, with the rights and the name that it was made for', async () => {
    const { base } = await servedAt(lasting('serve', '--json'));
    const made = await muster(['link', '--role', 'viewer', '--name', 'Vera', '--json']);
    const { url, role } = JSON.parse(made.stdout) as { readonly url: string; readonly role: string };
    expect([role, url.startsWith(`${base}/#code=`)]).toEqual(['viewer', true]);
    const { client, socket } = await connectPage(base, await enter(url));
    expect(await client.people.me()).toEqual({ name: 'Vera', role: 'viewer', via: 'web' });
    await expect(client.stopAll({})).rejects.toThrow('A viewer may not do this (stopAll).');
    socket.close();
  });

  it('says how to begin where nobody serves', async () => {
    const { code, stderr } = await muster(['link']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Nobody serves the board of .*teams_generated now\. Start it with `muster serve`, which prints a link\.\n$/);
  });

  it.each(['link', 'serve', 'start'])('gives no way in from below a turn: muster %s', async (command) => {
    const { code, stderr } = await muster([command], { MUSTER_PROCESS_TAG: 'turn-000000000001' });
    expect(code).toBe(1);
    expect(stderr).toContain('This was asked from below a turn (MUSTER_PROCESS_TAG=turn-000000000001), and a turn is never a person');
  });
});

describe('muster start', () => {
  it('opens the page of a first run, later the workspace that was open last, and says why it is a page', async () => {
    const first = lasting('start', '--because', 'No window opens: there is no display.');
    await first.line(/^The board is at http:/);
    expect(first.lines.slice(0, 2)).toEqual([
      'No window opens: there is no display.',
      'No workspace was open before: the page offers the sample and your own repositories.',
    ]);
    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });

    const serve = lasting('serve', '--json');
    process.kill((await servedAt(serve)).pid, 'SIGTERM');
    await serve.ended;
    const second = lasting('start');
    expect(await second.line(/^Muster works on /)).toMatch(/teams_generated\.$/);
  });
});
