import { refusalBelowTurn } from './refusal-below-turn.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Names under which a page of this machine reaches the port. */
export const hostsOf = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];

/**
 * Why a request is turned away before anything is looked at, or null (rules 6): another Host is a rebound name, another Origin a
 * foreign page, and a command from below a turn is never a person's. An upgrade has to name its Origin.
 */
export function refusalOfRequest(headers: Headers, port: number, isUpgrade = false): string | null {
  const hosts = hostsOf(port);
  const host = headers['host'];
  if (typeof host !== 'string' || !hosts.includes(host.toLowerCase()))
    return `This server answers to ${hosts.join(', ')} only, not to ${typeof host === 'string' ? shown(host) : 'a request without a Host'}.`;
  const origin = headers['origin'];
  if (origin === undefined && isUpgrade) return 'A socket is opened by a page of this server only; this request names no Origin.';
  if (origin !== undefined && !isOwn(origin, hosts)) return `Pages of ${shown(String(origin))} may not ask here.`;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' && !isNavigation(headers)) return 'Pages of other sites may not ask here.';
  return refusalBelowTurn(headers);
}

const isOwn = (origin: string | string[], hosts: readonly string[]): boolean =>
  typeof origin === 'string' && hosts.some((host) => origin.toLowerCase() === `http://${host}`);

/** Somebody followed a link to the page itself, which holds no data. */
const isNavigation = (headers: Headers): boolean => headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

const shown = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
