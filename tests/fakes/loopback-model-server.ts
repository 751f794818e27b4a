import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a tool of the agent's program. */
export interface ModelCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model is to say to one request: text, then tool calls; or an error; or nothing, ever. */
export interface ModelReply {
  readonly think?: string;
  readonly say?: string;
  readonly calls?: readonly ModelCall[];
  readonly error?: { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };
  readonly never?: boolean;
}

/** One request to the model as it arrived. */
export interface ModelRequest {
  /** From 1. */
  readonly nth: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  /** What the tools of the last reply gave; empty where a person spoke last. */
  readonly toolOutputs: readonly string[];
}

export type Play = (request: ModelRequest) => ModelReply | Promise<ModelReply>;

const defaultMaxRequests = 60;
const maxBodyBytes = 64 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A model's service on loopback that says what a test wants; subclasses speak a protocol. */
export abstract class LoopbackModelServer {
  /** In order of arrival. */
  readonly requests: ModelRequest[] = [];
  readonly #play: Play;
  readonly #server: Server;
  readonly #maxRequests: number;
  #port = 0;

  protected constructor(play: Play, maxRequests = defaultMaxRequests) {
    this.#play = play;
    this.#maxRequests = maxRequests;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  protected async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Whether this path is the one at which the model is asked. */
  protected abstract isModelPath(path: string): boolean;
  protected abstract toolOutputs(body: Readonly<Record<string, unknown>>): readonly string[];
  /** The events of a reply. */
  protected abstract events(reply: ModelReply, request: ModelRequest): readonly { readonly type: string }[];

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const text = await readBody(request);
      if (request.method !== 'POST' || !this.isModelPath(request.url ?? '')) {
        response.writeHead(request.method === 'HEAD' ? 200 : 404).end();
        return;
      }
      if (this.requests.length >= this.#maxRequests) throw new Error('The model was asked too often.');
      const body = JSON.parse(text) as Record<string, unknown>;
      const asked = { nth: this.requests.length + 1, headers: request.headers, body, toolOutputs: this.toolOutputs(body) };
      this.requests.push(asked);
      this.#answer(await this.#play(asked), asked, response);
    } catch (error) {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #answer(reply: ModelReply, asked: ModelRequest, response: ServerResponse): void {
    if (reply.error) {
      response.writeHead(reply.error.status, { 'content-type': 'application/json', ...reply.error.headers });
      response.end(JSON.stringify(reply.error.body));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (reply.never) {
      response.flushHeaders();
      return;
    }
    for (const event of this.events(reply, asked)) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  }
}
