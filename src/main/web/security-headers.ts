import type { ServerResponse } from 'node:http';
import { hostsOf } from './request-gate.js';

/** The content security policy of the page: nothing from elsewhere, nothing inline, nothing in a frame; `connects` is where it may ask. */
export const pagePolicy = (connects: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connects}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What every answer tells the browser: nothing from elsewhere, nothing in a frame, no guess at a type, no address passed on. */
export function setSecurityHeaders(response: ServerResponse, port: number): void {
  // A policy has no way to name an address of IPv6: a browser complains about it, and there 'self' stands for the socket too.
  const sockets = hostsOf(port).flatMap((host) => (host.startsWith('[') ? [] : [`ws://${host}`]));
  response.setHeader('content-security-policy', pagePolicy(`'self' ${sockets.join(' ')}`));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}
