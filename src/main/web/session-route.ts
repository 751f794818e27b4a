import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { SessionGate } from './session-gate.js';

const maxCodeBytes = 4_096;

const bodySchema = z.object({ code: z.string().min(1).max(200) });

/**
 * `POST /session` {code}: 200 {name, role} and a cookie, or 403 and a sentence; `GET`: 200 {name, role}, or 401 and a sentence;
 * `DELETE` ends the session.
 */
export async function serveSession(gate: SessionGate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') return exchange(gate, request, response);
  const session = await gate.sessionOf(request);
  if (!session) return sentence(response, 401, 'There is no session. Open a link of `muster link` in this browser.');
  if (request.method === 'GET') return json(response, 200, { name: session.name, role: session.role });
  if (request.method !== 'DELETE') return sentence(response, 405, 'A session is opened, looked at or ended.');
  response.setHeader('set-cookie', await gate.end(session));
  return json(response, 200, {});
}

async function exchange(gate: SessionGate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Another site's form can send text, but not this type.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return sentence(response, 415, 'A code is sent as JSON: {"code": "…"}.');
  const body = bodySchema.safeParse(await jsonBody(request));
  if (!body.success) return sentence(response, 400, 'A code is sent as JSON: {"code": "…"}.');
  const exchanged = await gate.exchange(body.data.code);
  if (!exchanged.ok) return sentence(response, exchanged.status, exchanged.message);
  response.setHeader('set-cookie', exchanged.cookie);
  return json(response, 200, { name: exchanged.session.name, role: exchanged.session.role });
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxCodeBytes) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(value));
}

function sentence(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${text}\n`);
}
