import type { LiveEvent } from '../../shared/contract/live-events.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { liveActivity, liveChange } from '../runtime/views-live.js';

/** Most that waits for one slow reader; then it is told to ask for the views again. */
const longestQueue = 2_000;

/** `ready`, then every change and live output of turns until the reader goes away. */
export async function* liveStream(runtime: Runtime, signal: AbortSignal | undefined): AsyncGenerator<LiveEvent, void> {
  let waiting: LiveEvent[] = [{ kind: 'ready', epoch: String(runtime.epoch), seq: 0 }];
  let wake = (): void => undefined;
  const push = (event: LiveEvent): void => {
    if (waiting.length >= longestQueue) waiting = [{ kind: 'behind' }];
    waiting.push(event);
    wake();
  };
  const onAbort = (): void => wake();
  const stopChanges = runtime.subscribe((delta) => push(liveChange(delta, runtime.state())));
  const stopActivity = runtime.onTurnActivity((activity) => push(liveActivity(activity, runtime.state())));
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      const next = waiting.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stopChanges();
    stopActivity();
  }
}
