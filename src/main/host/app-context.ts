import type { AppSession } from './app-session.js';
import type { WorkspaceHost } from './workspace-host.js';

/** What a carrier gives to the handlers of a window or page for each call. */
export interface AppContext {
  readonly host: WorkspaceHost;
  readonly session: AppSession;
}
