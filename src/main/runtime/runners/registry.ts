import type { Runner } from '../ports/runner.js';

/** The runners of this runtime by their id. */
export interface RunnerRegistry {
  get(id: string): Runner | undefined;
  /** In the order in which they were given. */
  list(): readonly Runner[];
}

/** Puts runners into a registry; throws if two have the same id. */
export function createRunnerRegistry(runners: readonly Runner[]): RunnerRegistry {
  const byId = new Map<string, Runner>();
  for (const runner of runners) {
    if (byId.has(runner.id)) throw new Error(`Two runners have the id ${runner.id}.`);
    byId.set(runner.id, runner);
  }
  return { get: (id) => byId.get(id), list: () => [...byId.values()] };
}
