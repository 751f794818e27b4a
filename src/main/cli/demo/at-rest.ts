import type { Sprint, State } from '../../../shared/domain/state.js';
import type { Runtime } from '../../runtime/runtime-api.js';

export const newestSprint = (state: State): Sprint | undefined =>
  Object.values(state.sprints)
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);

/** Resolves at the next durable record after which `isReached` holds, or at once. */
export function waitFor(runtime: Runtime, isReached: (state: State) => boolean): Promise<void> {
  return new Promise((done) => {
    if (isReached(runtime.state())) return done();
    const stop = runtime.subscribe(() => {
      if (!isReached(runtime.state())) return;
      stop();
      done();
    });
  });
}

/** Nothing goes on by itself any more: ended, paused, or waiting for verdicts. */
export function isAtRest(state: State): boolean {
  const sprint = newestSprint(state);
  if (!sprint) return false;
  if (state.halt || sprint.status === 'paused') return true;
  return sprint.endedAt !== null && Object.keys(state.effects).length === 0;
}
