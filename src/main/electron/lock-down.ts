import { shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { appOrigin, isOwnAddress, isPageAddress } from './app-scheme.js';
import { externalAddress } from './external-address.js';

/** What the page may do beyond drawing: put text that a person copies into the clipboard. */
const granted: readonly string[] = ['clipboard-sanitized-write'];

const isOwnOrigin = (address: string): boolean => address === appOrigin || isOwnAddress(address);

/** Denies the page every permission and device but the clipboard, every download, and every address that is not its own. */
export function lockSession(session: Session, isDev: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) =>
    answer(granted.includes(permission) && isMainFrame && isOwnOrigin(requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => granted.includes(permission) && isOwnOrigin(origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.on('will-download', (event) => event.preventDefault());
  for (const event of ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const)
    session.on(event as 'select-usb-device', (asked, _details, choose) => {
      asked.preventDefault();
      choose('');
    });
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOwnAddress(url) && !isDrawn(url, isDev) }));
}

/** What comes from no server: pictures within the page, and the developer tools. */
const isDrawn = (address: string, isDev: boolean): boolean =>
  address.startsWith('data:') || (isDev && (address.startsWith('devtools:') || address.startsWith('chrome-extension:')));

/** Keeps a page where it is: no other address, no second window, no page within it. Links to the web open in the person's browser. */
export function lockContents(contents: WebContents, onLog: (line: string) => void): void {
  const openOutside = (address: string): void => {
    const outside = externalAddress(address);
    if (outside === null) return onLog(`A link was not followed: ${JSON.stringify(address.slice(0, 200))} is no https address.`);
    shell.openExternal(outside).catch((error: unknown) => onLog(`Could not open ${outside}: ${String(error)}`));
  };
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isPageAddress(details.url)) return;
    details.preventDefault();
    if (details.isMainFrame) openOutside(details.url);
  });
  contents.on('will-redirect', (details) => {
    if (!isPageAddress(details.url)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
}
