import { createRouterClient } from '@orpc/server';
import type { MusterClient } from '../../shared/contract/contract.js';
import type { ApiContext } from '../api/api-context.js';
import { router } from '../api/handlers.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { refused } from './app-session.js';
import { attach } from './attach.js';
import type { Caller } from './caller.js';
import type { LocalGate } from './local-gate.js';

/** What is known of a workspace without asking who works on it. */
export interface DeskFacts {
  readonly path: string;
  readonly project: string;
  readonly name: string;
  readonly isRehearsal: boolean;
}

/** The workspace that a host has before it: it works on it itself, only shows it, asks the process that works on it, or waits for one. */
export type Desk =
  | { readonly kind: 'own'; readonly facts: DeskFacts; readonly runtime: Runtime; readonly context: ApiContext; readonly gate: LocalGate }
  /** Its journal can be read only in part: it is shown as it was before that, and nobody works on it here. */
  | { readonly kind: 'shown'; readonly facts: DeskFacts; readonly context: ApiContext; readonly reason: string }
  | {
      readonly kind: 'attached';
      readonly facts: DeskFacts;
      readonly socketPath: string;
      /** What is to be said about the process that works on it; empty where nothing is. */
      readonly notice: string;
    }
  | { readonly kind: 'lost'; readonly facts: DeskFacts; readonly reason: string };

/** A client of the desk in a person's name. Throws the refusal where nothing can be asked. */
export function clientOfDesk(desk: Desk, caller: Caller): MusterClient {
  if (desk.kind === 'lost') throw refused('runtime-gone', desk.reason);
  if (desk.kind === 'attached') return attach(desk.socketPath, caller);
  const actorOf: ApiContext['actorOf'] = () => ({ kind: 'person', id: caller.name, via: caller.via });
  return createRouterClient(router, { context: { ...desk.context, actorOf } });
}

/** Gives the workspace up: nobody reaches it here any more, what runs ends in order. What others own goes on. */
export async function closeDesk(desk: Desk | null): Promise<void> {
  if (desk?.kind !== 'own') return;
  await desk.gate.stop();
  await desk.runtime.stop();
}
