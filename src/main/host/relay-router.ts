import { ORPCError } from '@orpc/server';
import type { AnyRouter } from '@orpc/server';
import { contract } from '../../shared/contract/contract.js';
import type { MusterClient } from '../../shared/contract/contract.js';
import { refused } from './app-session.js';
import type { AppContext } from './app-context.js';
import { untilChange } from './until-change.js';

interface Call {
  readonly input: unknown;
  readonly context: AppContext;
  readonly signal?: AbortSignal | undefined;
}

interface Builder {
  handler(handle: (call: Call) => Promise<unknown>): AnyRouter;
}

type Tree = { readonly [key: string]: Tree };

const isMethod = (node: object): boolean => '~orpc' in node;

/** Asks the open workspace, in the name of the session. */
async function relay(path: readonly string[], { input, context, signal }: Call): Promise<unknown> {
  const { host, session } = context;
  const client = host.clientFor({ name: session.name, via: session.via });
  const method = path.reduce<unknown>((node, key) => (node as Tree)[key], client) as (
    input: unknown,
    options: { readonly signal?: AbortSignal },
  ) => Promise<unknown>;
  try {
    return await method(input, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof ORPCError || signal?.aborted === true) throw error;
    host.options.onLog(`A call of ${path.join('.')} failed: ${error instanceof Error ? error.message : String(error)}`);
    throw refused('runtime-gone', 'The process that works on this workspace cannot be reached now. Try again in a moment.');
  }
}

/** The stream of the workspace that is open now; it ends, without an error, when another one is, or it is reached in another way. */
async function relayLive({ input, context, signal }: Call): Promise<unknown> {
  const change = context.host.changeSignal;
  const ended = signal ? AbortSignal.any([signal, change]) : change;
  const stream = await relay(['live'], { input, context, signal: ended });
  return untilChange(stream as Awaited<ReturnType<MusterClient['live']>>, change, (error) => {
    if (signal?.aborted !== true) context.host.options.onLog(`A stream ended: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function relayed(node: object, builders: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).map(([key, child]: [string, object]) => {
      const at = [...path, key];
      const builder = builders[key];
      if (!isMethod(child)) return [key, relayed(child, builder as Record<string, unknown>, at)];
      const handle = at.join('.') === 'live' ? relayLive : (call: Call) => relay(at, call);
      return [key, (builder as Builder).handler(handle)];
    }),
  );
}

/**
 * Handlers of every method of a workspace that ask the host's. `builders`: the implementers of the app's contract. Those of the
 * contract that are handled otherwise replace what they are given here.
 */
export const relayRouter = (builders: object): Record<keyof typeof contract, never> =>
  relayed(contract, builders as Record<string, unknown>, []) as Record<keyof typeof contract, never>;
