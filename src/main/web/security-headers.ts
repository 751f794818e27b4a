import type { ServerResponse } from 'node:http';
import { hostsOf } from './request-gate.js';

/** What every answer tells the browser: nothing from elsewhere, nothing in a frame, no guess at a type, no address passed on. */
export function setSecurityHeaders(response: ServerResponse, port: number): void {
  const sockets = hostsOf(port).map((host) => `ws://${host}`);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${sockets.join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader('content-security-policy', policy.join('; '));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}
