import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { AppClient } from '../../shared/contract/app-contract.js';
import { en } from '../i18n/en.js';
import { ConnectionRefused } from './carrier.js';
import type { Carrier, Link } from './carrier.js';
import { exchangeCode } from './web-session.js';

/** The WebSocket `/socket` of the server that this page came from. */
export class WebCarrier implements Carrier {
  private hasExchanged = false;

  async open(): Promise<Link> {
    if (!this.hasExchanged) {
      await exchangeCode();
      this.hasExchanged = true;
    }
    const address = new URL('/socket', location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.hash = '';
    const socket = new WebSocket(address);
    const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve(), { once: true }));
    await opened(socket);
    const client: AppClient = createORPCClient(new RPCLink({ websocket: socket }));
    return { client, closed, close: () => socket.close() };
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener(
      'error',
      () => {
        whyRefused().then(
          (sentence) => reject(sentence === null ? new Error(en.connection.unreachable) : new ConnectionRefused(sentence)),
          () => reject(new Error(en.connection.unreachable)),
        );
      },
      { once: true },
    );
  });
}

/** A browser does not tell why a socket was refused; the server's own answer to the session does. Null where nobody answers. */
async function whyRefused(): Promise<string | null> {
  const answer = await fetch('/session', { credentials: 'same-origin' });
  if (answer.status !== 401 && answer.status !== 403) return null;
  return en.connection.noSession;
}
