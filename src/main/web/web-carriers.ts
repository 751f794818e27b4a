import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { onError, ORPCError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { AppContext } from '../host/app-context.js';
import { appRouter } from '../host/app-router.js';
import { openApiDocument } from './open-api.js';

/** Largest body of a call. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** The ways in which a page's calls arrive, over one router. */
export class WebCarriers {
  readonly #rpc: RPCHandler<AppContext>;
  readonly #api: OpenAPIHandler<AppContext>;
  readonly #socket: SocketHandler<AppContext>;
  readonly #version: string;
  #document: Promise<object> | null = null;

  constructor(version: string, onLog: (line: string) => void) {
    const report = (error: unknown): void => {
      const isExpected = error instanceof ORPCError || (error instanceof Error && error.name === 'AbortError');
      if (!isExpected) onLog(`A call failed: ${error instanceof Error ? error.message : String(error)}`);
    };
    const plugins = [new BodyLimitPlugin<AppContext>({ maxBodySize: maxBodyBytes })];
    this.#rpc = new RPCHandler(appRouter, { plugins, interceptors: [onError(report)] });
    this.#api = new OpenAPIHandler(appRouter, { plugins, interceptors: [onError(report)] });
    this.#socket = new SocketHandler(appRouter, { interceptors: [onError(report)] });
    this.#version = version;
  }

  /** Answers a call under `/rpc` or `/api`; false for a path that is no method. */
  async serve(path: string, request: IncomingMessage, response: ServerResponse, context: AppContext): Promise<boolean> {
    if (path === '/api/openapi.json') {
      this.#document ??= openApiDocument(this.#version);
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(await this.#document));
      return true;
    }
    const isRpc = path.startsWith('/rpc/');
    const { matched } = await (isRpc
      ? this.#rpc.handle(request, response, { prefix: '/rpc', context })
      : this.#api.handle(request, response, { prefix: '/api', context }));
    return matched;
  }

  /** Serves the calls of one socket until it closes. */
  take(socket: WebSocket, context: AppContext): void {
    void this.#socket.upgrade(socket, { context });
  }
}
