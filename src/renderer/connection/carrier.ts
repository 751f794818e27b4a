import type { AppClient } from '../../shared/contract/app-contract.js';

/** An open way to the runtime. */
export interface Link {
  readonly client: AppClient;
  /** Resolves when the way is gone, whoever closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The runtime said no to this page: trying again does not help until a person does something. */
export class ConnectionRefused extends Error {}

/** What carries the contract: a WebSocket in a browser, a message port in the window. */
export interface Carrier {
  /** Opens a way, or rejects: with `ConnectionRefused` where trying again is of no use. */
  open(): Promise<Link>;
}
