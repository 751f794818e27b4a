import { request } from 'node:http';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppClient } from '../../../src/shared/contract/app-contract.js';
import type { AccessRole } from '../../../src/shared/contract/rights.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { MemoryRuntime } from '../../fakes/memory-runtime.js';
import { landedTodo, sampleTodo, stateWith } from '../../fakes/sample-todo.js';
import { openSocket } from '../../fixtures/app-carriers.js';
import { HostStage } from '../../fixtures/host-stage.js';

const done = 'todo-090000-000001';
const queued = 'todo-090001-000002';

let stage: HostStage;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  const runtime = new MemoryRuntime(stateWith(landedTodo(), sampleTodo({ todoId: queued, title: 'Format weeks', isHeld: true })));
  stage = await HostStage.make(runtime, clock);
  await stage.open();
  await stage.serve();
});

afterEach(() => stage.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A request with exactly these headers, as no browser would send it. */
const askPlainly = (path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: stage.server.port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.once('error', reject);
    sent.end(body);
  });

const clientOf = (cookie: string): AppClient => createORPCClient(new RPCLink({ url: `${stage.base}/rpc`, headers: { cookie } }));
const clientAs = async (role: AccessRole, name = ''): Promise<AppClient> => clientOf(await stage.cookie(role, name));

const refusalOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error instanceof ORPCError ? (error.data as unknown) : error;
  }
  return 'accepted';
};

const everyFile = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe('a one-time code', () => {
  it('opens one session, in a cookie that no script and no other site gets', async () => {
    const answer = await stage.exchange(await stage.code('lead', 'Ann Example'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ name: 'Ann Example', role: 'lead' });
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^muster-${stage.server.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000$`),
    );
  });

  it('has 128 bits behind the # of its link, which no server is sent', async () => {
    expect(await stage.server.link('lead', '')).toMatch(new RegExp(`^${stage.base}/#code=[\\w-]{22}$`));
  });

  it('is taken once, even when two bring it at the same moment', async () => {
    const code = await stage.code();
    const answers = await Promise.all([1, 2, 3, 4].map(() => stage.exchange(code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    const late = await stage.exchange(code);
    expect([late.status, await late.text()]).toEqual([
      403,
      'This link is not valid: a link is good for one use within ten minutes. Get a fresh one with `muster link`.\n',
    ]);
  });

  it('is not taken after ten minutes', async () => {
    const code = await stage.code();
    clock.advance(10 * 60_000);
    expect((await stage.exchange(code)).status).toBe(403);
  });

  it('cannot be guessed: after ten wrong ones within a minute even the right one waits', async () => {
    const code = await stage.code();
    for (let nth = 0; nth < 10; nth += 1) expect((await stage.exchange(`wrong-${nth}`)).status).toBe(403);
    const refused = await stage.exchange(code);
    expect([refused.status, await refused.text()]).toEqual([
      429,
      'Too many wrong codes were given. Wait a minute, then use a fresh link (`muster link`).\n',
    ]);
    clock.advance(60_000);
    expect((await stage.exchange(code)).status).toBe(200);
  });

  it('comes as JSON only, which a form of another site cannot send', async () => {
    const answer = await fetch(`${stage.base}/session`, { method: 'POST', body: JSON.stringify({ code: await stage.code() }) });
    expect([answer.status, await answer.text()]).toEqual([415, 'A code is sent as JSON: {"code": "…"}.\n']);
  });

  it('and its session are kept as hashes, for this user only', async () => {
    const code = await stage.code();
    const cookie = await stage.cookie();
    const files = await everyFile(join(stage.dir, 'state', 'web'));
    for (const path of files) {
      expect((await stat(path)).mode & 0o077, path).toBe(0);
      const text = path + (await readFile(path, 'utf8'));
      expect(text).not.toContain(code);
      expect(text).not.toContain(cookie.split('=')[1]);
    }
    expect(files.filter((path) => path.includes('sessions'))).toHaveLength(1);
  });
});

describe('a request', () => {
  const own = (): Record<string, string> => ({ host: `127.0.0.1:${stage.server.port}` });

  it.each([
    ['another Host', { host: 'evil.example' }, 'This server answers to '],
    ['a rebound Host at this port', { host: 'evil.example:47100' }, 'This server answers to '],
    ['a foreign Origin', { origin: 'http://evil.example' }, 'Pages of "http://evil.example" may not ask here.'],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }, 'Pages of "http://127.0.0.1:1" may not ask here.'],
    ['the Origin null', { origin: 'null' }, 'Pages of "null" may not ask here.'],
    ['the word of the browser that another site asks', { 'sec-fetch-site': 'cross-site' }, 'Pages of other sites may not ask here.'],
    [
      'the tag of a turn',
      { 'x-muster-process-tag': 'turn-000000000001' },
      "A command from below a turn (MUSTER_PROCESS_TAG) is never a person's.",
    ],
  ])('with %s is refused, with a good cookie as well, and does nothing', async (_what, headers, sentence) => {
    const cookie = await stage.cookie();
    const all = { ...own(), cookie, 'content-type': 'application/json', ...headers };
    for (const [path, method] of [
      ['/', 'GET'],
      ['/session', 'POST'],
      ['/api/stopAll', 'POST'],
      ['/rpc/stopAll', 'POST'],
    ] as const) {
      const answer = await askPlainly(path, all, method, method === 'POST' ? '{}' : '');
      expect([answer.status, answer.text.startsWith(sentence)], `${method} ${path}: ${answer.text}`).toEqual([403, true]);
    }
    expect(stage.runtime.state().halt).toBeNull();
  });

  it.each(['localhost', '[::1]', '127.0.0.1'])('to %s is answered', async (name) => {
    const cookie = await stage.cookie();
    const host = `${name}:${stage.server.port}`;
    expect((await askPlainly('/api/status', { host, cookie, origin: `http://${host}` })).status).toBe(200);
  });

  it('that follows a link from another site gets the page, which holds no data', async () => {
    const answer = await askPlainly('/', {
      ...own(),
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    });
    expect(answer).toEqual({ status: 200, text: '<!doctype html><title>The page</title>' });
  });

  it.each(['/api/board', '/api/openapi.json', '/rpc/board', '/rpc/host/workspaces'])('for %s needs a session', async (path) => {
    const answer = await askPlainly(path, own());
    expect([answer.status, answer.text]).toEqual([401, 'There is no session. Open a link of `muster link` in this browser first.\n']);
  });

  it.each(['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/link.txt', '/assets/..%2f..%2fsecret.txt', '/%00.txt'])(
    'for %s gets no file from outside of the page',
    async (path) => {
      await writeFile(join(stage.dir, 'secret.txt'), 'secret');
      await symlink(join(stage.dir, 'secret.txt'), join(stage.webRoot, 'link.txt'));
      const answer = await askPlainly(path, own());
      expect(answer.text).not.toContain('secret');
      expect(answer.status).toBe(404);
    },
  );

  it('is answered with headers that keep the page to itself', async () => {
    const { headers } = await fetch(stage.base);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect([headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual(['nosniff', 'no-referrer']);
  });
});

describe('a socket', () => {
  const refused = (headers: Record<string, string>): Promise<string> =>
    openSocket(stage, headers).then(
      (socket) => (socket.close(), 'opened'),
      (error: unknown) => String(error),
    );

  it.each([
    ['without an Origin', {}, 403],
    ['of a foreign page', { origin: 'http://evil.example' }, 403],
    ['from below a turn', { origin: 'own', 'x-muster-process-tag': 'turn-000000000001' }, 403],
  ])('%s is refused, with a good cookie as well', async (_what, headers, status) => {
    const given: Record<string, string> = { ...headers, cookie: await stage.cookie() };
    if (given['origin'] === 'own') given['origin'] = stage.base;
    expect(await refused(given)).toContain(`Unexpected server response: ${status}`);
  });

  it('without a session is refused', async () => {
    expect(await refused({ origin: stage.base })).toContain('Unexpected server response: 401');
    expect(await refused({ origin: stage.base, cookie: `muster-${stage.server.port}=guess` })).toContain('401');
  });

  it('is closed at the next beats after its session was ended, and no other is', async () => {
    const cookies = [await stage.cookie(), await stage.cookie()];
    const [ended, going] = await Promise.all(cookies.map((cookie) => openSocket(stage, { origin: stage.base, cookie })));
    const closed = new Promise((resolve) => ended?.once('close', resolve));
    await fetch(`${stage.base}/session`, { method: 'DELETE', headers: { cookie: cookies[0] ?? '' } });
    for (let beat = 0; beat < 2; beat += 1) {
      clock.advance(30_000);
      // Two answers later the server has the answers to its pings.
      for (let nth = 0; nth < 2; nth += 1) await (await fetch(stage.base)).text();
    }
    await closed;
    expect(going?.readyState).toBe(going?.OPEN);
  });

  it('of a page with a session is opened, and closed when the session is over', async () => {
    const socket = await openSocket(stage, { origin: stage.base, cookie: await stage.cookie() });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    clock.advance(30_000);
    await new Promise((resolve) => socket.once('ping', resolve));
    expect(socket.readyState).toBe(socket.OPEN);
    clock.jumpWallClock(31 * 86_400_000);
    for (let beat = 0; beat < 3; beat += 1) {
      await new Promise((done) => setImmediate(done));
      clock.advance(30_000);
    }
    await closed;
  });
});

describe('a session', () => {
  const notAllowed = (role: string, what: string) => ({
    id: 'not-allowed',
    message: `A ${role} may not do this (${what}). Ask a lead of this workspace for a link that may.`,
  });

  it('of a viewer sees everything and changes nothing', async () => {
    const api = await clientAs('viewer');
    expect((await api.board()).columns[3]?.cards).toHaveLength(1);
    expect(await refusalOf(api.review.approve({ todoId: done, revision: 1, comment: '' }))).toEqual(notAllowed('viewer', 'review.approve'));
    expect(await refusalOf(api.cards.move({ todoId: done, revision: 1, to: 'approved', comment: '', isConfirmed: false }))).toEqual(
      notAllowed('viewer', 'cards.move'),
    );
    expect(await refusalOf(api.stopAll({}))).toEqual(notAllowed('viewer', 'stopAll'));
    expect(await refusalOf(api.host.open({ path: stage.workspace }))).toEqual(notAllowed('viewer', 'host.open'));
    expect(stage.runtime.origins).toEqual([]);
  });

  it('of a reviewer gives verdicts by button and by drag, and starts and stops nothing', async () => {
    const api = await clientAs('reviewer', 'Rita');
    const move = { todoId: done, revision: 1, comment: 'See the test.', isConfirmed: true };
    expect(await refusalOf(api.cards.move({ ...move, to: 'in_progress' }))).toEqual(
      notAllowed('reviewer', 'this move starts or stops work'),
    );
    expect(await refusalOf(api.cards.move({ ...move, todoId: queued, to: 'in_progress' }))).toEqual(
      notAllowed('reviewer', 'this move starts or stops work'),
    );
    expect(await refusalOf(api.todos.startNext({ todoId: queued }))).toEqual(notAllowed('reviewer', 'todos.startNext'));
    expect(stage.runtime.origins).toEqual([]);
    expect((await api.cards.move({ ...move, to: 'approved' })).events).toContain('verdict-given');
    expect((await api.review.takeBack({ todoId: done, revision: 1 })).events).toContain('verdict-given');
    expect(stage.runtime.origins.map(({ actor }) => actor)).toEqual(Array(2).fill({ kind: 'person', id: 'Rita', via: 'web' }));
  });

  it('acts under its own name whatever a command claims, and under the new one after it was changed', async () => {
    const cookie = await stage.cookie();
    const api = clientOf(cookie);
    expect(await api.people.me()).toEqual({ name: 'Ann', role: 'lead', via: 'web' });
    await api.review.approve({ todoId: done, revision: 1, comment: '', as: 'The boss' });
    await api.people.rename({ name: '  Ann-Sofie ' });
    await api.review.takeBack({ todoId: done, revision: 1 });
    expect(stage.runtime.origins.map(({ actor }) => actor.id)).toEqual(['Ann', 'Ann-Sofie']);
    expect(await (await fetch(`${stage.base}/session`, { headers: { cookie } })).json()).toEqual({ name: 'Ann-Sofie', role: 'lead' });
  });

  it('survives a restart of the server, at the same address', async () => {
    const cookie = await stage.cookie('reviewer', 'Rita');
    const { base } = stage;
    await stage.stopServer();
    await stage.serve();
    expect(stage.base).toBe(base);
    expect(await clientOf(cookie).people.me()).toEqual({ name: 'Rita', role: 'reviewer', via: 'web' });
  });

  it('is over after thirty days, and when it is ended', async () => {
    const [first, second] = [await stage.cookie(), await stage.cookie()];
    await fetch(`${stage.base}/session`, { method: 'DELETE', headers: { cookie: first } });
    const statusOf = async (cookie: string): Promise<number> => (await fetch(`${stage.base}/session`, { headers: { cookie } })).status;
    expect(await statusOf(first)).toBe(401);
    expect(await statusOf(second)).toBe(200);
    clock.advance(30 * 86_400_000);
    expect(await statusOf(second)).toBe(401);
  });
});
