import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { AccessRole } from '../../shared/contract/rights.js';
import type { WorkspaceHost } from '../host/workspace-host.js';
import { AccessStore } from './access-store.js';
import { listenOnFirstFree } from './listen.js';
import { refusalOfRequest } from './request-gate.js';
import { setSecurityHeaders } from './security-headers.js';
import { ServedPorts } from './served-port.js';
import { SessionGate } from './session-gate.js';
import type { WebSession } from './session-gate.js';
import { serveSession } from './session-route.js';
import { servePage } from './static-page.js';
import { maxBodyBytes, WebCarriers } from './web-carriers.js';

/** How a page is served. */
export interface WebServerOptions {
  readonly host: WorkspaceHost;
  /** The workspace to remember the port for; empty while none is open. */
  readonly workspace: string;
  /** A port that was asked for; null: the workspace's own, else the first that is free. */
  readonly port: number | null;
  /** The built page. */
  readonly webRoot: string;
  readonly onLog: (line: string) => void;
}

/** Time between two looks at whether a socket's other end is there, and its session still good. */
const heartbeatMs = 30_000;

const apiPath = /^\/(rpc|api)\//;

/** Serves a host to browsers of this machine: on 127.0.0.1, behind sessions. `start` is the way to one. */
export class WebServer {
  readonly #options: WebServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes, perMessageDeflate: false });
  readonly #carriers: WebCarriers;
  readonly #ports: ServedPorts;
  readonly #alive = new WeakSet<WebSocket>();
  #port = 0;
  #store: AccessStore | null = null;
  #gate: SessionGate | null = null;
  #forgetHost = (): void => undefined;
  #stopHeart = (): void => undefined;

  private constructor(options: WebServerOptions) {
    const { host, onLog } = options;
    this.#options = options;
    this.#ports = new ServedPorts(host.options.stateHome, host.options.clock);
    this.#carriers = new WebCarriers(host.options.version, onLog);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        onLog(`A request could not be answered: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        onLog(`A socket could not be opened: ${error instanceof Error ? error.message : String(error)}`);
        socket.destroy();
      });
    });
  }

  /** Listens and remembers the port. Rejects with a sentence when no port is to be had. */
  static async start(options: WebServerOptions): Promise<WebServer> {
    const server = new WebServer(options);
    await server.#start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** A link that lets one person in once: the page's address with a one-time code behind `#`, which no server log sees. */
  async link(role: AccessRole, name: string): Promise<string> {
    return linkOf(this.#port, (await this.#store?.newCode(role, name)) ?? '');
  }

  /** Ends all sockets and streams; nobody is answered any more. */
  async stop(): Promise<void> {
    this.#forgetHost();
    this.#stopHeart();
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  async #start(): Promise<void> {
    const { host, port, workspace } = this.#options;
    const { clock } = host.options;
    const candidates = port === null ? await this.#ports.candidates(workspace) : [port];
    this.#port = await listenOnFirstFree(this.#server, candidates);
    this.#store = new AccessStore(this.#ports.accessDir(this.#port), clock);
    await this.#store.sweep();
    this.#gate = new SessionGate({
      store: this.#store,
      port: this.#port,
      monotonicMs: () => clock.monotonicMs(),
      personName: () => host.personName(),
    });
    await this.#ports.note(host.current?.path ?? workspace, this.#port);
    this.#forgetHost = host.subscribe(() => this.#noteWorkspace());
    this.#beat();
  }

  #noteWorkspace(): void {
    const { host, onLog } = this.#options;
    if (!host.current) return;
    this.#ports
      .note(host.current.path, this.#port)
      .catch((error: unknown) => onLog(`Could not remember the port: ${error instanceof Error ? error.message : String(error)}`));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response, this.#port);
    const refusal = refusalOfRequest(request.headers, this.#port);
    if (refusal !== null) return plain(response, 403, refusal);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/session') return serveSession(this.#gate as SessionGate, request, response);
    if (!apiPath.test(path)) return servePage(this.#options.webRoot, request, response);
    response.setHeader('cache-control', 'no-store');
    const session = await this.#gate?.sessionOf(request);
    if (!session) return plain(response, 401, 'There is no session. Open a link of `muster link` in this browser first.');
    const isMethod = await this.#carriers.serve(path, request, response, { host: this.#options.host, session });
    if (!isMethod) plain(response, 404, 'There is no such method.');
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refusal = refusalOfRequest(request.headers, this.#port, true);
    if (refusal !== null) return refuseUpgrade(socket, 403, refusal);
    if ((request.url ?? '').split('?', 1)[0] !== '/socket') return refuseUpgrade(socket, 404, 'There is no such socket.');
    const session = await this.#gate?.sessionOf(request);
    if (!session) return refuseUpgrade(socket, 401, 'There is no session.');
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#take(opened, session));
  }

  #take(socket: WebSocket, session: WebSession): void {
    this.#alive.add(socket);
    socket.on('pong', () => {
      if (!session.isEnded && session.expiresAt > this.#options.host.options.clock.now()) this.#alive.add(socket);
    });
    socket.on('error', () => socket.terminate());
    this.#carriers.take(socket, { host: this.#options.host, session });
  }

  #beat(): void {
    this.#stopHeart = this.#options.host.options.clock.after(heartbeatMs, () => {
      for (const socket of this.#sockets.clients) {
        if (!this.#alive.delete(socket)) socket.terminate();
        else socket.ping();
      }
      this.#beat();
    });
  }
}

/** The address of a page with a one-time code. */
export const linkOf = (port: number, code: string): string => `http://127.0.0.1:${port}/#code=${code}`;

function plain(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${sentence}\n`);
}

function refuseUpgrade(socket: Duplex, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
