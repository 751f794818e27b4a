import { ipcRenderer } from 'electron';
import type { MenuActionMessage } from '../../shared/contract/window-messages.js';
import { isMenuActionId, portOffer, portWanted, windowChannels } from '../../shared/contract/window-messages.js';

/** What this script uses of the window that it runs in; no part of the program for Node has the types of a page. */
interface PageWindow {
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: { readonly source: unknown; readonly data: unknown }) => void): void;
  postMessage(message: unknown, targetOrigin: string, transfer?: readonly unknown[]): void;
}

const page = globalThis as unknown as PageWindow;

// The page gets a port and names of actions, and no function of this process.
page.addEventListener('message', ({ source, data }) => {
  if (source === page && data === portWanted) ipcRenderer.send(windowChannels.portWanted);
});

ipcRenderer.on(windowChannels.port, ({ ports }) => page.postMessage(portOffer, page.location.origin, ports));

ipcRenderer.on(windowChannels.menuAction, (_event, action: unknown) => {
  if (!isMenuActionId(action)) return;
  page.postMessage({ kind: 'muster-menu-action', action } satisfies MenuActionMessage, page.location.origin);
});
