import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { pagePolicy } from '../web/security-headers.js';
import { pageAnswer } from '../web/static-page.js';

const scheme = 'muster';
const host = 'app';

/** The origin of the window's page, as Chromium writes it. */
export const appOrigin = `${scheme}://${host}`;

/** The address of the window's page. */
export const pageAddress = `${appOrigin}/`;

/** Whether an address is the page itself, with whatever fragment: the only place that the window goes to. */
export function isPageAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.protocol === `${scheme}:` && url.host === host && ['', '/', '/index.html'].includes(url.pathname);
}

/** Whether an address is served by the window's own scheme. */
export const isOwnAddress = (address: string): boolean => address.startsWith(pageAddress);

/** Makes the scheme a standard and secure one, so that it has an origin. Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

const safety: Readonly<Record<string, string>> = {
  // The page asks over its port only.
  'content-security-policy': pagePolicy("'none'"),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Serves the built page at `muster://app/`, and nothing else of this machine. */
export function serveAppScheme(webRoot: string): void {
  protocol.handle(scheme, (request) => answer(webRoot, request));
}

async function answer(webRoot: string, { method, url }: { readonly method: string; readonly url: string }): Promise<Response> {
  if (!isOwnAddress(url)) return new Response('There is no such place.\n', { status: 404, headers: safety });
  const { status, headers, file, text } = await pageAnswer(webRoot, method, url);
  const body = file === undefined ? text : new Uint8Array(await readFile(file));
  return new Response(method === 'HEAD' ? null : body, { status, headers: { ...headers, ...safety } });
}
