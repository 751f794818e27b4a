import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appContract } from '../../../src/shared/contract/app-contract.js';
import { MemoryRuntime } from '../../fakes/memory-runtime.js';
import { landedTodo, stateWith } from '../../fakes/sample-todo.js';
import { HostStage } from '../../fixtures/host-stage.js';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly requestBody?: { readonly content: Json };
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const done = 'todo-090000-000001';
let stage: HostStage;
let cookie = '';

beforeEach(async () => {
  stage = await HostStage.make(new MemoryRuntime(stateWith(landedTodo())));
  await stage.open();
  await stage.serve();
  cookie = await stage.cookie();
});

afterEach(() => stage.close());

const get = (path: string): Promise<Response> => fetch(`${stage.base}/api${path}`, { headers: { cookie } });
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${stage.base}/api${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const methodPaths = (node: object, prefix = ''): string[] =>
  Object.entries(node).flatMap(([key, value]: [string, object]) =>
    '~orpc' in value ? [`${prefix}/${key}`] : methodPaths(value, `${prefix}/${key}`),
  );

/** Every value of `$ref` in a document. */
const refs = (node: unknown): string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) => (key === '$ref' && typeof value === 'string' ? [value] : refs(value)));

const at = (document: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Json | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);

describe('the OpenAPI document', () => {
  it('has every method of the contract once, each with a summary, its input and its answer', async () => {
    const document = (await (await get('/openapi.json')).json()) as Document;
    expect(document.openapi).toBe('3.1.1');
    expect(Object.keys(document.paths).sort()).toEqual(methodPaths(appContract).sort());
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, method, operation } of operations) {
      expect(operation.summary, path).toMatch(/\w/);
      expect(Object.keys(operation.responses['200']?.content ?? {}), path).not.toEqual([]);
      expect(operation.responses['409'], path).toBeDefined();
      if (method === 'get') expect(operation.requestBody, path).toBeUndefined();
    }
    expect(refs(document).filter((ref) => at(document, ref) === undefined)).toEqual([]);
    expect(JSON.stringify(document.paths['/review/approve']?.['post']?.requestBody)).toContain(
      '"required":["todoId","revision","comment"]',
    );
  });

  it('is answered as it says: reads by GET, commands by POST, refusals with their id', async () => {
    expect(await (await get('/people/me')).json()).toEqual({ name: 'Ann', role: 'lead', via: 'web' });
    expect(await (await get('/board')).json()).toMatchObject({ columns: [{ id: 'todo' }, {}, {}, { cards: [{ id: done }] }, {}] });
    expect(await (await post('/show', { id: done })).json()).toMatchObject({ kind: 'todo', card: { title: 'Parse weeks' } });
    const refused = await post('/review/approve', { todoId: done, revision: 7, comment: '' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'REFUSED', data: { id: 'card-changed' } });
    const accepted = await post('/cards/move', { todoId: done, revision: 1, to: 'approved', comment: '', isConfirmed: false });
    expect([accepted.status, await accepted.json()]).toMatchObject([
      200,
      { seq: 1, events: ['verdict-given', 'sprint-changed'], createdIds: [] },
    ]);
    expect((await post('/cards/move', { todoId: done })).status).toBe(400);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('can be followed live by anything that reads server-sent events', async () => {
    const end = new AbortController();
    const answer = await fetch(`${stage.base}/api/live`, { method: 'POST', headers: { cookie }, signal: end.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const text = Buffer.from((await reader.read()).value ?? []).toString('utf8');
    expect(text).toContain('"kind":"ready"');
    end.abort();
  });
});
