import type { State } from '../../shared/domain/state.js';
import type { Refusal } from '../../shared/domain/vocabulary.js';
import { err, ok } from '../../shared/kernel/result.js';
import type { Result } from '../../shared/kernel/result.js';
import { openKeptWork } from './open-kept-work.js';
import type { Clock } from './ports/clock.js';
import type { Accepted, Runtime } from './runtime-api.js';
import { Retention } from './retention.js';
import { projectRoot } from './workspace/find-workspace.js';
import { workspaceLayout } from './workspace/layout.js';
import { workspaceState } from './workspace/state-folder.js';

/** Says what would go; nothing is removed without the workspace in hand. */
const lookingOnly = (workspaceDir: string, state: State, clock: Clock): Retention =>
  new Retention({
    layout: workspaceLayout(workspaceDir),
    places: workspaceState(workspaceDir),
    clock,
    state: () => state,
    tell: () => Promise.resolve({ ok: false }),
    underWay: () => [],
    log: () => undefined,
  });

/** A state that was read from disk, as a runtime in which nothing happens. `problem`: the sentence on why it can only be read, where that is one. */
export function readOnlyRuntime(workspaceDir: string, state: State, clock: Clock, problem: string | null = null): Runtime {
  const message = problem ?? 'This workspace was opened for reading only, so nothing can be changed in it.';
  const refused = (): Promise<Result<Accepted, Refusal>> => Promise.resolve(err({ id: 'journal-closed', message }));
  const nothing = (): Promise<void> => Promise.resolve();
  const projectDir = projectRoot(workspaceDir, state.configuration?.project ?? null);
  return {
    workspaceDir,
    projectDir,
    kept: openKeptWork(workspaceDir, projectDir, clock),
    loadConfiguration: () => Promise.resolve(ok(null)),
    epoch: 0,
    state: () => state,
    dispatch: refused,
    startSprint: refused,
    subscribe: () => () => undefined,
    onTurnActivity: () => () => undefined,
    start: nothing,
    drain: nothing,
    stop: nothing,
    cleanUp: () => lookingOnly(workspaceDir, state, clock).cleanUp(true),
    running: () => [],
    writeProblem: () => problem,
  };
}
