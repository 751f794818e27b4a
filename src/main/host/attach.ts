import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { MusterClient } from '../../shared/contract/contract.js';
import { readOwner, ownerState } from '../runtime/workspace/owner-record.js';
import type { OwnerRecord } from '../runtime/workspace/owner-record.js';
import { callerHeaders } from './caller.js';
import type { Caller } from './caller.js';
import { socketOf } from './local-gate.js';

/** Who owns the workspace at this moment, as far as a client can see. */
export type LivingOwner =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'running'; readonly owner: OwnerRecord; readonly socketPath: string | null }
  /** Halted by a signal: it keeps the workspace and answers nothing. */
  | { readonly kind: 'stopped'; readonly owner: OwnerRecord };

/** Looks at `owner.json` below `.teams_runtime`. A runtime that gave the workspace up has no address. */
export async function livingOwner(runtimeDir: string): Promise<LivingOwner> {
  const owner = await readOwner(runtimeDir);
  if (owner === null) return { kind: 'nobody' };
  const state = ownerState(owner);
  if (state === 'gone') return { kind: 'nobody' };
  if (state === 'stopped') return { kind: 'stopped', owner };
  return { kind: 'running', owner, socketPath: owner.address === null ? null : socketOf(owner.address) };
}

/**
 * A client of the runtime that listens at `socketPath`, in the name of the commands or of a host's caller. Calls reject with the
 * system's error when nothing answers there.
 */
export function attach(socketPath: string, caller?: Caller): MusterClient {
  const headers = caller ? callerHeaders(caller) : {};
  const link = new RPCLink({ url: 'http://muster.local/', headers, fetch: (request) => fetchOverSocket(socketPath, request) });
  return createORPCClient(link);
}

/** Whether something listens there. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(socketPath);
    const done = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function fetchOverSocket(socketPath: string, request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(
      { socketPath, path: `${pathname}${search}`, method: request.method, headers, signal: request.signal, agent: false },
      resolve,
    );
    sent.once('error', reject);
    sent.end(body);
  });
  return new Response(Readable.toWeb(answer) as NodeReadableStream<Uint8Array> as ReadableStream<Uint8Array>, {
    status: answer.statusCode ?? 502,
    headers: headersOf(answer),
  });
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headersDistinct)) for (const each of value ?? []) headers.append(name, each);
  return headers;
}
