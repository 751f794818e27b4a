import type { AppClient } from '../../shared/contract/app-contract.js';
import { protocolVersion } from '../../shared/contract/host-views.js';
import type { LiveEvent, LivePlace } from '../../shared/contract/live-events.js';
import { en } from '../i18n/en.js';
import { backoffMs } from './backoff.js';
import { ConnectionRefused } from './carrier.js';
import type { Carrier, Link } from './carrier.js';
import type { ConnectionListener, Surroundings } from './connection-state.js';
import { refusalOf } from './refusal-of.js';

/** How often a page without a workspace looks whether there is one. */
const workspaceLookMs = 2_000;

/** How often a page that was let in before looks again after it was turned away: for a while another program may have had the address. */
const refusedLookMs = 5_000;

class OtherVersion extends Error {
  readonly theirs: string;

  constructor(theirs: string) {
    super(theirs);
    this.theirs = theirs;
  }
}

/** Keeps one page at one runtime: opens the carrier, follows `live`, and after a loss comes back where it was. */
export class Connection {
  private link: Link | null = null;
  private place: LivePlace | null = null;
  private wake = new AbortController();
  private isStopped = false;
  private readonly carrier: Carrier;
  private readonly listener: ConnectionListener;
  private readonly surroundings: Surroundings;

  constructor(carrier: Carrier, listener: ConnectionListener, surroundings: Surroundings) {
    this.carrier = carrier;
    this.listener = listener;
    this.surroundings = surroundings;
  }

  /** The client of the open link; throws a sentence while there is none. */
  readonly client = (): AppClient => {
    if (this.link === null) throw new Error(en.connection.notNow);
    return this.link.client;
  };

  /** Follows until `stop`; resolves when it is over or trying again is of no use. */
  async run(): Promise<void> {
    this.listener.onState({ kind: 'connecting' });
    let attempt = 0;
    let wasLive = false;
    while (!this.isStopped) {
      attempt += 1;
      let reason: string = en.connection.lost;
      try {
        await this.follow(() => {
          attempt = 0;
          wasLive = true;
        });
      } catch (error) {
        if (error instanceof ConnectionRefused) {
          this.listener.onState({ kind: 'refused', reason: error.message });
          if (!wasLive) return;
          await this.pause(refusedLookMs);
          continue;
        }
        if (error instanceof OtherVersion) return this.listener.onState({ kind: 'version-mismatch', theirs: error.theirs });
        reason = error instanceof Error ? error.message : String(error);
      }
      if (this.isStopped) return;
      this.listener.onState({ kind: 'reconnecting', attempt: attempt + 1, reason });
      await this.pause(backoffMs(attempt + 1, this.surroundings.chance()));
    }
  }

  /** Looks again at once instead of waiting: the reader asked for it, or another workspace was opened. */
  retryNow(): void {
    this.wake.abort();
  }

  stop(): void {
    this.isStopped = true;
    this.wake.abort();
    this.link?.close();
  }

  private async pause(ms: number): Promise<void> {
    this.wake = new AbortController();
    await this.surroundings.wait(ms, this.wake.signal);
  }

  /** One link from its opening to its end. */
  private async follow(onLive: () => void): Promise<void> {
    const link = await this.carrier.open();
    if (this.isStopped) return link.close();
    this.link = link;
    let isOpen = true;
    const closed = link.closed.then(() => {
      isOpen = false;
      this.wake.abort();
    });
    try {
      const { protocol, version } = await link.client.host.version();
      if (protocol !== protocolVersion) throw new OtherVersion(version);
      while (isOpen && !this.isStopped) {
        await this.listener.loadHost(link.client);
        const stream = await this.openStream(link);
        if (stream === null) await this.pause(workspaceLookMs);
        else await Promise.race([this.hear(link.client, stream, onLive), closed]);
      }
    } finally {
      this.link = null;
      link.close();
    }
  }

  private async openStream({ client }: Link): Promise<AsyncIterable<LiveEvent> | null> {
    try {
      return await client.live(this.place === null ? {} : { after: this.place });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.id !== 'no-workspace' && refusal?.id !== 'runtime-gone') throw error;
      this.place = null;
      this.listener.onState({ kind: 'no-workspace', reason: refusal.message });
      return null;
    }
  }

  private async hear(client: AppClient, stream: AsyncIterable<LiveEvent>, onLive: () => void): Promise<void> {
    let isReady = false;
    for await (const event of stream) {
      if (event.kind === 'behind') {
        this.place = null;
        if (isReady) await this.listener.loadViews(client);
      } else if (event.kind === 'ready') {
        if (this.place?.epoch !== event.epoch) await this.listener.loadViews(client);
        // After a resume, what was missed follows; `ready` names where the stream is when it is all told.
        this.place ??= { epoch: event.epoch, seq: event.seq };
        if (this.place.epoch !== event.epoch) this.place = { epoch: event.epoch, seq: event.seq };
        isReady = true;
        this.listener.onState({ kind: 'live' });
        onLive();
      } else if (event.kind === 'change' && this.place !== null) {
        this.place = { ...this.place, seq: event.seq };
      }
      this.listener.onEvent(event);
    }
  }
}
