import type { IncomingMessage } from 'node:http';
import type { AppSession } from '../host/app-session.js';
import type { AccessStore, StoredSession } from './access-store.js';

/** Wrong codes that are taken within `triesWindowMs` before all are turned away. */
const mostTries = 10;
const triesWindowMs = 60_000;

/** What a code was exchanged for, or why not, with the status of the answer. */
export type Exchange =
  | { readonly ok: true; readonly cookie: string; readonly session: StoredSession }
  | { readonly ok: false; readonly status: 403 | 429; readonly message: string };

/** Sessions of the pages of one port: exchanges codes for cookies and finds the session of a request. */
export class SessionGate {
  readonly #store: AccessStore;
  readonly #cookieName: string;
  readonly #monotonicMs: () => number;
  readonly #personName: () => Promise<string>;
  readonly #live = new Map<string, WebSession>();
  #wrongAt: number[] = [];

  constructor(options: {
    readonly store: AccessStore;
    readonly port: number;
    readonly monotonicMs: () => number;
    readonly personName: () => Promise<string>;
  }) {
    this.#store = options.store;
    // Cookies ignore ports.
    this.#cookieName = `muster-${options.port}`;
    this.#monotonicMs = options.monotonicMs;
    this.#personName = options.personName;
  }

  async exchange(code: string): Promise<Exchange> {
    const now = this.#monotonicMs();
    this.#wrongAt = this.#wrongAt.filter((at) => now - at < triesWindowMs);
    if (this.#wrongAt.length >= mostTries)
      return { ok: false, status: 429, message: 'Too many wrong codes were given. Wait a minute, then use a fresh link (`muster link`).' };
    const access = await this.#store.useCode(code);
    if (access === null) {
      this.#wrongAt.push(now);
      const message = 'This link is not valid: a link is good for one use within ten minutes. Get a fresh one with `muster link`.';
      return { ok: false, status: 403, message };
    }
    const { token, session } = await this.#store.openSession(access.role, access.name || (await this.#personName()));
    const cookie = `${this.#cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${30 * 86_400}`;
    return { ok: true, cookie, session };
  }

  /** The session of a request's cookie, or null. */
  async sessionOf(request: IncomingMessage): Promise<WebSession | null> {
    const token = cookieOf(request.headers.cookie ?? '', this.#cookieName);
    if (token === null) return null;
    const stored = await this.#store.sessionOf(token);
    if (stored === null) return null;
    const known = this.#live.get(stored.key) ?? new WebSession(stored, this.#store);
    this.#live.set(stored.key, known);
    return known;
  }

  /** Ends a session; the answer's cookie takes it from the browser. */
  async end(session: WebSession): Promise<string> {
    this.#live.delete(session.key);
    session.isEnded = true;
    await this.#store.endSession(session.key);
    return `${this.#cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`;
  }
}

/** The session of a browser, the same for all its pages. */
export class WebSession implements AppSession {
  readonly via = 'web';
  /** Its sockets are closed at the next beat. */
  isEnded = false;
  readonly #store: AccessStore;
  #stored: StoredSession;

  constructor(stored: StoredSession, store: AccessStore) {
    this.#stored = stored;
    this.#store = store;
  }

  get key(): string {
    return this.#stored.key;
  }

  get name(): string {
    return this.#stored.name;
  }

  get role(): StoredSession['role'] {
    return this.#stored.role;
  }

  get expiresAt(): string {
    return this.#stored.expiresAt;
  }

  async rename(name: string): Promise<void> {
    this.#stored = await this.#store.rename(this.#stored, name);
  }
}

function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return null;
}
