import type { RunnerEvent } from '../../ports/runner.js';

/** Hands events on in order, each after the one before was recorded. */
export interface EventQueue {
  push(event: RunnerEvent): void;
  /** Nothing is handed on before this; `first` goes ahead of all that was pushed. */
  open(first: RunnerEvent): void;
  /** Resolves when all that was pushed is recorded; rejects with the first failure. */
  drained(): Promise<void>;
}

/** Makes a closed queue in front of `onEvent`; `onFailure` is called when an event could not be recorded. */
export function createEventQueue(onEvent: (event: RunnerEvent) => Promise<void> | void, onFailure: () => void): EventQueue {
  const gate = Promise.withResolvers<RunnerEvent>();
  let tail: Promise<void> = gate.promise.then(onEvent);
  tail.catch(onFailure);
  return {
    push(event) {
      tail = tail.then(() => onEvent(event));
      tail.catch(onFailure);
    },
    open: gate.resolve,
    drained: () => tail,
  };
}
