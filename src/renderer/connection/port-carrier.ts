import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { AppClient } from '../../shared/contract/app-contract.js';
import { portOffer, portWanted } from '../../shared/contract/window-messages.js';
import type { Carrier, Link } from './carrier.js';

/** The message port that the window's preload hands over. The page asks for one; a new one replaces one that was closed. */
export class PortCarrier implements Carrier {
  open(): Promise<Link> {
    return new Promise((resolve) => {
      const onMessage = (event: MessageEvent): void => {
        const port = event.ports[0];
        if (event.source !== window || event.data !== portOffer || port === undefined) return;
        window.removeEventListener('message', onMessage);
        resolve(linkOver(port));
      };
      window.addEventListener('message', onMessage);
      window.postMessage(portWanted, location.origin === 'null' ? '*' : location.origin);
    });
  }
}

function linkOver(port: MessagePort): Link {
  const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve(), { once: true }));
  const client: AppClient = createORPCClient(new RPCLink({ port }));
  port.start();
  return { client, closed, close: () => port.close() };
}
