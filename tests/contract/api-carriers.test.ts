import { request } from 'node:http';
import { mkdtemp, rm, stat, writeFile, mkdir, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORPCError, createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../src/main/api/handlers.js';
import type { ApiContext } from '../../src/main/api/api-context.js';
import { LiveHub } from '../../src/main/api/live-hub.js';
import { attach } from '../../src/main/host/attach.js';
import { startLocalGate } from '../../src/main/host/local-gate.js';
import type { LocalGate } from '../../src/main/host/local-gate.js';
import type { MusterClient } from '../../src/shared/contract/contract.js';
import type { LiveEvent } from '../../src/shared/contract/live-events.js';
import type { Caller } from '../../src/main/host/caller.js';
import { whoWords } from '../../src/main/runtime/views-parts.js';
import type { Actor } from '../../src/shared/domain/state.js';
import { appCarriers } from '../fixtures/app-carriers.js';
import { HostStage } from '../fixtures/host-stage.js';
import { FixedIds } from '../fakes/fixed-ids.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { MemoryRuntime } from '../fakes/memory-runtime.js';
import { landedTodo, sampleTodo, sampleTurn, stateWith } from '../fakes/sample-todo.js';

let folder = '';
let runtime: MemoryRuntime;
let gate: LocalGate | null = null;
let hub: LiveHub;

const contextOf = (of: MemoryRuntime): ApiContext => ({
  runtime: of,
  live: (hub = new LiveHub(of, new ManualClock(), 'one')),
  clock: new ManualClock(),
  ids: new FixedIds(),
  isRunning: true,
  actorOf: (as) => ({ kind: 'person', id: as ?? 'Ann', via: 'cli' }),
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-'));
  runtime = new MemoryRuntime(
    stateWith(landedTodo(), sampleTodo({ todoId: 'todo-090001-000002', title: 'Format weeks', priorityRank: 2, isHeld: true })),
  );
});

afterEach(async () => {
  await gate?.stop();
  gate = null;
  await rm(folder, { recursive: true, force: true });
});

const socketPath = (): string => join(folder, 'state', 'control.sock');

interface Opened {
  readonly client: MusterClient;
  readonly readers: () => number;
  readonly end: () => Promise<void> | void;
}

/** What a client gives as `as`, and who it is then taken for. */
interface Carrier {
  readonly name: string;
  readonly actorAs: (as: string) => Actor;
  readonly open: () => Promise<Opened>;
}

const asNamed: Carrier['actorAs'] = (as) => ({ kind: 'person', id: as, via: 'cli' });

const openGate = async (caller?: Caller): Promise<Opened> => {
  gate = await startLocalGate({ socketPath: socketPath(), context: contextOf(runtime) });
  return { client: attach(socketPath(), caller), readers: () => hub.readerCount, end: () => undefined };
};

const carriers: readonly Carrier[] = [
  {
    name: 'in this process',
    actorAs: asNamed,
    open: () =>
      Promise.resolve({
        client: createRouterClient(router, { context: contextOf(runtime) }),
        readers: () => hub.readerCount,
        end: () => undefined,
      }),
  },
  { name: 'over the local socket', actorAs: asNamed, open: () => openGate() },
  {
    name: 'over the local socket for a page of another process',
    actorAs: () => ({ kind: 'person', id: 'Ännchen', via: 'web' }),
    open: () => openGate({ name: 'Ännchen', via: 'web' }),
  },
  ...appCarriers.map(({ name, via, open }): Carrier => ({
    name,
    actorAs: () => ({ kind: 'person', id: 'Ann', via }),
    open: async () => {
      const stage = await HostStage.make(runtime);
      await stage.open();
      const { client, end } = await open(stage);
      return {
        client,
        readers: () => stage.host.readerCount,
        end: async () => {
          end();
          await stage.close();
        },
      };
    },
  })),
];

const refusalOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error instanceof ORPCError ? { code: error.code, data: error.data as unknown } : error;
  }
  return 'accepted';
};

describe.each(carriers)('the contract $name', ({ open, actorAs }) => {
  let opened: Opened | null = null;

  const client = async (): Promise<MusterClient> => {
    opened = await open();
    return opened.client;
  };

  afterEach(async () => {
    await opened?.end();
    opened = null;
  });

  it('gives the board in columns with badges and who acts next', async () => {
    const board = await (await client()).board();
    expect(board.columns.map(({ id }) => id)).toEqual(['todo', 'in_progress', 'review', 'done', 'approved']);
    expect(board.columns[3]?.cards).toMatchObject([
      { id: 'todo-090000-000001', title: 'Parse weeks', badges: ['with_gaps'], waitingFor: 'waits for you: approve it or request changes' },
    ]);
  });

  it('accepts a verdict in the name of who is at the other end and moves the card', async () => {
    const api = await client();
    const accepted = await api.review.approve({ todoId: 'todo-090000-000001', revision: 1, comment: 'fine', as: 'Beth' });
    expect(accepted.events).toContain('verdict-given');
    expect(runtime.origins[0]?.actor).toEqual(actorAs('Beth'));
    expect((await api.board()).columns[4]?.cards.map(({ id }) => id)).toEqual(['todo-090000-000001']);
  });

  it('refuses with the id and sentence of the rule', async () => {
    const refusal = await refusalOf((await client()).review.approve({ todoId: 'todo-090000-000001', revision: 7, comment: '' }));
    expect(refusal).toEqual({
      code: 'REFUSED',
      data: {
        id: 'card-changed',
        message: 'The card changed since you looked: todo-090000-000001 "Parse weeks" is at revision 1, not 7. Look at it again.',
      },
    });
  });

  it('gives a repeated command its first answer', async () => {
    const api = await client();
    const once = await api.backlog.add({ fields: { title: 'Round' }, commandId: 'command-0001' });
    const twice = await api.backlog.add({ fields: { title: 'Round' }, commandId: 'command-0001' });
    expect(twice).toEqual(once);
    expect((await api.backlog.list()).items).toHaveLength(1);
  });

  it('turns away fields that no command has', async () => {
    const refusal = await refusalOf((await client()).todos.requeue({ todoId: 'x', force: true } as never));
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it.each(['__proto__', 'constructor'])('does not take %s for an id', async (id) => {
    expect(await refusalOf((await client()).show({ id }))).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('looks up the terms of a sprint instead of taking them from the client', async () => {
    runtime = new MemoryRuntime();
    const api = await client();
    await api.sprint.start({ milestone: 'Durations', brief: '', requirements: [], sourceRequestId: '' });
    expect(await api.sprint.status()).toMatchObject({ milestone: 'Durations', status: 'planning', isActive: true });
    const withTerms = { milestone: 'M', brief: '', requirements: [], sourceRequestId: '', terms: { kind: 'repository' } };
    expect(await refusalOf(api.sprint.start(withTerms as never))).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('streams each change with the cards that it changed, and what turns say', async () => {
    const turn = sampleTurn();
    runtime.state().turns[turn.turnId] = turn;
    const api = await client();
    const end = new AbortController();
    const seen: LiveEvent[] = [];
    const stream = await api.live(undefined, { signal: end.signal });
    for await (const event of stream) {
      seen.push(event);
      if (event.kind === 'ready') await api.review.approve({ todoId: 'todo-090000-000001', revision: 1, comment: '' });
      if (event.kind === 'change') runtime.speak({ turnId: turn.turnId, kind: 'text', text: 'building' });
      if (event.kind === 'activity') break;
    }
    end.abort();
    expect(seen.map(({ kind }) => kind)).toEqual(['ready', 'change', 'activity']);
    expect(seen[1]).toMatchObject({
      cards: [{ id: 'todo-090000-000001', column: 'approved' }],
      lines: expect.arrayContaining([
        { text: `todo-090000-000001 "Parse weeks", revision 1: approved by ${whoWords(actorAs('Ann'))}`, subjectId: 'todo-090000-000001' },
      ]) as unknown,
    });
    expect(seen[2]).toMatchObject({ member: 'developer', isRehearsal: true, subjectId: 'todo-090000-000001', text: 'building' });
  });

  it('forgets a reader when the reader goes away', async () => {
    const api = await client();
    const end = new AbortController();
    const stream = await api.live(undefined, { signal: end.signal });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    expect(opened?.readers()).toBe(1);
    const next = iterator.next().catch(() => 'ended');
    end.abort();
    await next;
    await expect.poll(() => opened?.readers()).toBe(0);
  });
});

const askPlainly = (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { socketPath: socketPath(), path: '/stopAll', method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.once('error', reject);
    sent.end('{"json":{}}');
  });

describe('the local socket', () => {
  const open = async (): Promise<void> => {
    gate = await startLocalGate({ socketPath: socketPath(), context: contextOf(runtime) });
  };

  it('can be reached by its own user only', async () => {
    await open();
    expect((await stat(socketPath())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
  });

  it('closes a folder that others could enter', async () => {
    await mkdir(join(folder, 'state'));
    await chmod(join(folder, 'state'), 0o755);
    await open();
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['an Origin', { origin: 'http://evil.example' }],
    ['a tag of a turn', { 'x-muster-process-tag': 'turn-000000000001' }],
  ])('refuses a request with %s and does nothing', async (_what, headers) => {
    await open();
    expect(await askPlainly(headers)).toBe(403);
    expect(runtime.state().halt).toBeNull();
    expect(await askPlainly({})).toBe(200);
    expect(runtime.state().halt).not.toBeNull();
  });

  it('takes the place of a socket that a killed runtime left behind', async () => {
    await open();
    await gate?.stop();
    const dead = await startLocalGate({ socketPath: socketPath(), context: contextOf(runtime) });
    await open();
    expect((await attach(socketPath()).status()).isRunning).toBe(true);
    await dead.stop();
  });

  it('leaves a file that is no socket alone and says so', async () => {
    await mkdir(join(folder, 'state'));
    await writeFile(socketPath(), 'mine');
    await expect(open()).rejects.toThrow(
      `Could not listen at ${socketPath()}: a file that is no socket stands there. Move it away and try again.`,
    );
  });
});
