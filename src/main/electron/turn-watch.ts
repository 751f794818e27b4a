import { ORPCError } from '@orpc/server';
import type { MusterClient } from '../../shared/contract/contract.js';
import type { AppSession } from '../host/app-session.js';
import { untilChange } from '../host/until-change.js';
import type { WorkspaceHost } from '../host/workspace-host.js';

const againMs = 1_000;

/** Counts the turns that run in the open workspace, here or in the process that works on it, and tells when the number changes. */
export class TurnWatch {
  readonly #host: WorkspaceHost;
  readonly #session: AppSession;
  readonly #onCount: (count: number) => void;
  readonly #stopped = new AbortController();
  #count = 0;

  constructor(host: WorkspaceHost, session: AppSession, onCount: (count: number) => void) {
    this.#host = host;
    this.#session = session;
    this.#onCount = onCount;
  }

  get count(): number {
    return this.#count;
  }

  /** Follows until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const over = AbortSignal.any([this.#host.changeSignal, this.#stopped.signal]);
      const isFollowed = this.#host.current !== null && (await this.#follow(over));
      this.#tell(0);
      await (isFollowed ? this.#pause(over) : until(over));
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** False where there is nobody to ask until the workspace changes. */
  async #follow(over: AbortSignal): Promise<boolean> {
    const { name, via } = this.#session;
    try {
      const client = this.#host.clientFor({ name, via });
      for await (const event of untilChange(await client.live({}, { signal: over }), over, (error) => this.#lost(error))) {
        if (event.kind === 'ready' || event.kind === 'behind') this.#tell(await atWork(client));
        else if (event.kind === 'change' && event.turns !== null) this.#tell(event.turns.length);
      }
      return true;
    } catch (error) {
      if (over.aborted || error instanceof ORPCError) return false;
      this.#lost(error);
      return true;
    }
  }

  #lost(error: unknown): void {
    this.#host.options.onLog(`Running turns cannot be counted now: ${error instanceof Error ? error.message : String(error)}`);
  }

  #tell(count: number): void {
    if (count === this.#count) return;
    this.#count = count;
    this.#onCount(count);
  }

  #pause(over: AbortSignal): Promise<void> {
    return new Promise((done) => {
      if (over.aborted) return done();
      const cancel = this.#host.options.clock.after(againMs, done);
      over.addEventListener('abort', () => (cancel(), done()), { once: true });
    });
  }
}

const atWork = async (client: MusterClient): Promise<number> =>
  (await client.status()).roles.filter(({ status }) => status === 'working').length;

const until = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));
