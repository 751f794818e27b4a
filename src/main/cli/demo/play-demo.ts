import { resolve } from 'node:path';
import type { RunnerId } from '../../../shared/domain/configuration.js';
import type { State } from '../../../shared/domain/state.js';
import { loadState } from '../../runtime/load-state.js';
import { openRuntime } from '../../runtime/runtime.js';
import type { OpenRuntimeOptions } from '../../runtime/runtime-parts.js';
import type { Delta, Runtime } from '../../runtime/runtime-api.js';
import { onInterruption } from '../on-interruption.js';
import { isAtRest, newestSprint, waitFor } from './at-rest.js';
import { demoActor, partsToPlay, playPerson } from './demo-person.js';
import { demoResult } from './demo-result.js';
import type { DemoResult } from './demo-result.js';
import { sampleKickoff, sampleSettings } from '../../host/sample-sprint.js';
import { demoPlace, makeDemo, nextDemoFolder } from '../../host/demo-workspace.js';
import type { DemoPlace } from '../../host/demo-workspace.js';

/** How a demo is played. */
export interface DemoOptions {
  /** null: the newest unfinished one in the user's state folder, else a new one. */
  readonly dir: string | null;
  /** The person's part is played as well. */
  readonly headless: boolean;
  /** 1: as the rehearsal says; 0: without waiting. */
  readonly speed: number;
  /** Name of a shipped rehearsal. */
  readonly rehearsal: string;
  /** What runs the turns of all roles. Default: rehearsal, or what the folder was made for. */
  readonly runner?: RunnerId | null;
  readonly settings?: readonly (readonly [keys: readonly string[], value: string | number | boolean])[];
  readonly seams?: OpenRuntimeOptions['seams'];
  /** Where other commands reach this demo; without it they do not. */
  readonly addressOf?: (place: DemoPlace) => string;
}

/** Who watches a demo. */
export interface DemoWatcher {
  opened(runtime: Runtime, place: DemoPlace): void;
  changed(state: State, delta: Delta): void;
  said(line: string): void;
  /** Asked when only a person can go on, in a demo that a person plays; resolves when it is worth looking again. */
  needsPerson(state: State): Promise<void>;
}

/** What became of it. `isDone`: the sprint is completed and every card approved. */
export interface DemoEnd {
  readonly place: DemoPlace;
  readonly result: DemoResult;
  readonly isDone: boolean;
  /** A sentence for a demo that could not be finished. */
  readonly reason: string;
}

/** Whether nothing is left to play in a demo's folder. */
async function isFinished(dir: string): Promise<boolean> {
  try {
    const { state } = await loadState(demoPlace(dir).workspace);
    return newestSprint(state)?.endedAt != null && partsToPlay(state).length === 0;
  } catch {
    return true;
  }
}

async function begin(runtime: Runtime, place: DemoPlace): Promise<void> {
  if (newestSprint(runtime.state())) return;
  const started = await runtime.startSprint(sampleKickoff, { commandId: `demo-start-${place.workspace}`, actor: demoActor });
  if (!started.ok) throw new Error(started.error.message);
}

/** Lifts a pause that only protects against a crash loop; any other waits for a real person. */
async function liftHalt(runtime: Runtime, watcher: DemoWatcher): Promise<boolean> {
  const { halt } = runtime.state();
  if (!halt) return false;
  watcher.said(`The demo's person resumes: ${halt.reason}`);
  return (await runtime.dispatch({ type: 'resume-sprint' }, { commandId: `demo-resume-${halt.at}`, actor: demoActor })).ok;
}

async function playOn(runtime: Runtime, options: DemoOptions, watcher: DemoWatcher): Promise<void> {
  for (;;) {
    await waitFor(runtime, isAtRest);
    if (options.headless) {
      if (await liftHalt(runtime, watcher)) continue;
      for (const line of await playPerson(runtime)) watcher.said(line);
      if (isAtRest(runtime.state()) && partsToPlay(runtime.state()).length === 0) return;
    } else {
      const open = partsToPlay(runtime.state()).length;
      if (open === 0 && newestSprint(runtime.state())?.endedAt != null) return;
      await watcher.needsPerson(runtime.state());
    }
  }
}

/** Plays the sample sprint on a real repository; an interrupted one goes on where it was. Rejects with a sentence when it cannot begin. */
export async function playDemo(options: DemoOptions, watcher: DemoWatcher): Promise<DemoEnd> {
  const { rehearsal, runner = null, settings = sampleSettings } = options;
  const dir = resolve(options.dir ?? (await nextDemoFolder(runner ?? 'rehearsal', isFinished)));
  const place = await makeDemo({ dir, rehearsal, runner, settings });
  const opened = await openRuntime({
    workspaceDir: place.workspace,
    work: true,
    ...(options.addressOf ? { address: options.addressOf(place) } : {}),
    withoutCopies: place.isFresh,
    rehearsalSpeed: options.speed,
    onLog: (line) => watcher.said(line),
    ...(options.seams ? { seams: options.seams } : {}),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const runtime = opened.value;
  const interrupted = listenForSignals();
  try {
    watcher.opened(runtime, place);
    await begin(runtime, place);
    let talking = Promise.resolve();
    const speak = async (): Promise<void> => {
      for (const line of await playPerson(runtime)) watcher.said(line);
    };
    runtime.subscribe((delta) => {
      watcher.changed(runtime.state(), delta);
      if (options.headless && delta.events.some(({ type }) => type === 'todo-committed' || type === 'todo-ended'))
        talking = talking.then(speak);
    });
    if (options.headless) await speak();
    await runtime.start();
    await Promise.race([playOn(runtime, options, watcher), interrupted.happened]);
    await talking;
    const state = runtime.state();
    const result = demoResult(place, state);
    const isDone = result.status === 'completed' && result.todos.length > 0 && result.todos.every(({ column }) => column === 'approved');
    return { place, result, isDone, reason: isDone ? '' : endReason(state, interrupted.signal()) };
  } finally {
    // A signal that comes again while it ends in order is still the same one.
    await runtime.stop().finally(() => interrupted.forget());
  }
}

function endReason(state: State, signal: string | null): string {
  if (signal) return `Stopped by ${signal}. Run the same command again to go on from here.`;
  const sprint = newestSprint(state);
  return state.halt?.reason ?? (sprint?.pausedReason || `The sprint is ${sprint?.status ?? 'missing'}.`);
}

/** Ctrl-C and the like end the work in order; the second time the program goes at once. */
function listenForSignals(): {
  readonly happened: Promise<void>;
  readonly signal: () => string | null;
  readonly forget: () => void;
} {
  let signal: string | null = null;
  const { promise: happened, resolve: tell } = Promise.withResolvers<undefined>();
  const forget = onInterruption((name) => {
    signal = name;
    tell(undefined);
  });
  return { happened, signal: () => signal, forget };
}
