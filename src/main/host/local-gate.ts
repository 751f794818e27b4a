import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ORPCError, onError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { processTagVariable } from '../runtime/platform/proc-table.js';
import type { ApiContext } from '../api/api-context.js';
import { router } from '../api/handlers.js';
import { callerOf } from './caller.js';
import type { Caller } from './caller.js';
import { closeSocketToOthers, prepareSocketPlace } from './socket-place.js';

/** A client below a turn says so here; a command from there is never a person's. */
export const processTagHeader = 'x-muster-process-tag';

/** Largest body of a command. */
const maxBodyBytes = 4 * 1024 * 1024;

/** A gate that answers; `address` is what `owner.json` says. */
export interface LocalGate {
  readonly address: string;
  /** Ends open streams and takes the socket away. */
  stop(): Promise<void>;
}

/** `unix:/…/control.sock`, or `pipe:\\.\pipe\…` on Windows. */
export const gateAddress = (socketPath: string): string => `${socketPath.startsWith('\\\\.\\pipe\\') ? 'pipe' : 'unix'}:${socketPath}`;

/** The socket of an address that a local gate published; null for another kind of address. */
export function socketOf(address: string): string | null {
  const match = /^(?:unix|pipe):(.+)$/.exec(address);
  return match?.[1] ?? null;
}

/** Why a request is turned away at the gate, or null: browsers send an Origin, and turns carry a tag. */
export function refusalAtGate(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
  if (headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined) return 'This socket takes no requests of web pages.';
  if (headers[processTagHeader] !== undefined) return `A command from below a turn (${processTagVariable}) is never a person's.`;
  return null;
}

/** Serves the contract to this user's own programs on a socket in the user's state folder, mode 0600 in a folder of mode 0700. */
export async function startLocalGate(options: {
  readonly socketPath: string;
  readonly context: ApiContext;
  readonly onLog?: (line: string) => void;
}): Promise<LocalGate> {
  const { socketPath, context, onLog } = options;
  const handler = new RPCHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: maxBodyBytes })],
    interceptors: [
      onError((error) =>
        isAnswer(error) ? undefined : onLog?.(`A call failed: ${error instanceof Error ? error.message : String(error)}`),
      ),
    ],
  });
  const server = createServer((request, response) => {
    serve(handler, context, request, response).catch((error: unknown) => {
      onLog?.(`A call could not be answered: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  });
  await prepareSocketPlace(socketPath);
  await listen(server, socketPath);
  await closeSocketToOthers(socketPath);
  return { address: gateAddress(socketPath), stop: () => close(server) };
}

/** Refusals and wrong questions are answers, told to who asked, and no failures of the program. */
const isAnswer = (error: unknown): boolean => error instanceof ORPCError && error.status < 500;

async function serve(
  handler: RPCHandler<ApiContext>,
  context: ApiContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = refusalAtGate(request.headers);
  if (refusal !== null) {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${refusal}\n`);
    return;
  }
  const caller = callerOf(request.headers);
  if (caller === 'unknown') {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end('For whom this is asked was not said properly.\n');
    return;
  }
  const { matched } = await handler.handle(request, response, { context: caller ? inTheNameOf(caller, context) : context });
  if (!matched) response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such method.\n');
}

/** A host of this user asks in the name of the person who sits there; only this user's programs can reach the socket. */
const inTheNameOf = ({ name, via }: Caller, context: ApiContext): ApiContext => ({
  ...context,
  actorOf: () => ({ kind: 'person', id: name, via }),
});

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
