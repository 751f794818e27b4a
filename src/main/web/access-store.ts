import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { accessRoles } from '../../shared/contract/rights.js';
import type { AccessRole } from '../../shared/contract/rights.js';
import type { Clock } from '../runtime/ports/clock.js';
import { durableReplace } from '../runtime/workspace/durable-replace.js';

const codeLifeMs = 10 * 60_000;
const sessionLifeMs = 30 * 86_400_000;

const recordSchema = z.object({ role: z.enum(accessRoles), name: z.string(), expiresAt: z.string() });

/** What a code or a session stands for; `name` empty: as git says. */
export type AccessRecord = z.infer<typeof recordSchema>;

/** A session's record under the hash of its token. */
export interface StoredSession extends AccessRecord {
  readonly key: string;
}

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * One-time codes and sessions of one port, in the user's state folder: only hashes of the secrets are kept, in files of mode 0600 in
 * folders of mode 0700. Codes may be made by another process of this user (`muster link`).
 */
export class AccessStore {
  readonly #codes: string;
  readonly #sessions: string;
  readonly #clock: Clock;

  constructor(dir: string, clock: Clock) {
    this.#codes = join(dir, 'codes');
    this.#sessions = join(dir, 'sessions');
    this.#clock = clock;
  }

  /** A fresh code of 128 bits that is good for one use within ten minutes. */
  async newCode(role: AccessRole, name: string): Promise<string> {
    const code = randomBytes(16).toString('base64url');
    await this.#write(this.#codes, keyOf(code), { role, name, expiresAt: this.#in(codeLifeMs) });
    return code;
  }

  /** Takes a code away and says what it stood for; null when it is unknown, used or too old. Of two who bring it, one gets it. */
  async useCode(code: string): Promise<AccessRecord | null> {
    const path = join(this.#codes, `${keyOf(code)}.json`);
    const taken = join(this.#codes, `.${keyOf(code)}.${randomBytes(4).toString('hex')}`);
    try {
      await rename(path, taken);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
    const record = await this.#read(taken);
    await rm(taken, { force: true });
    return record;
  }

  /** Opens a session of 30 days and gives its token, which is kept nowhere. */
  async openSession(role: AccessRole, name: string): Promise<{ readonly token: string; readonly session: StoredSession }> {
    const token = randomBytes(32).toString('base64url');
    const record = { role, name, expiresAt: this.#in(sessionLifeMs) };
    await this.#write(this.#sessions, keyOf(token), record);
    return { token, session: { key: keyOf(token), ...record } };
  }

  /** The session of a token; null when there is none, or it is over. */
  async sessionOf(token: string): Promise<StoredSession | null> {
    const key = keyOf(token);
    const record = await this.#read(join(this.#sessions, `${key}.json`));
    return record && { key, ...record };
  }

  async rename({ key, ...record }: StoredSession, name: string): Promise<StoredSession> {
    const changed = { ...record, name };
    await this.#write(this.#sessions, key, changed);
    return { key, ...changed };
  }

  async endSession(key: string): Promise<void> {
    await rm(join(this.#sessions, `${key}.json`), { force: true });
  }

  /** Removes what is over. */
  async sweep(): Promise<void> {
    for (const folder of [this.#codes, this.#sessions]) {
      const names = await readdir(folder).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error as Error)));
      for (const name of names) if ((await this.#read(join(folder, name))) === null) await rm(join(folder, name), { force: true });
    }
  }

  async #write(folder: string, key: string, record: AccessRecord): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await durableReplace(join(folder, `${key}.json`), JSON.stringify(record), { clock: this.#clock, mode: 0o600 });
  }

  async #read(path: string): Promise<AccessRecord | null> {
    try {
      const { data } = recordSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
      return data && data.expiresAt > this.#clock.now() ? data : null;
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #in(ms: number): string {
    return new Date(Date.parse(this.#clock.now()) + ms).toISOString();
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
