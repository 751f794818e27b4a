import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import type { MusterClient } from '../../shared/contract/contract.js';
import { router } from '../api/handlers.js';
import type { ApiContext } from '../api/api-context.js';
import { LiveHub } from '../api/live-hub.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { workspaceLayout } from '../runtime/workspace/layout.js';
import { answers, attach, livingOwner } from '../host/attach.js';
import { versionProblem } from '../host/version-problem.js';
import type { OwnerRecord } from '../runtime/workspace/owner-record.js';
import { CliError } from './cli-error.js';
import type { CliPlaces } from './cli-places.js';
import { readOnlyRuntime } from '../runtime/read-only-runtime.js';

/** A way to a workspace: its living runtime, or this process for as long as the command takes. */
export interface Connection {
  readonly client: MusterClient;
  /** A runtime works on the workspace now, so what is accepted is worked on at once. */
  readonly isLive: boolean;
  /** Oddities to tell the person, each a sentence. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** How long a command waits for another one that has the workspace for a moment. */
const patienceMs = 10_000;
const retryMs = 50;

/** A client over a runtime in this process. */
export const clientOver = (context: ApiContext): MusterClient => createRouterClient(router, { context });

/** What the handlers get for a person at this machine; to be made once for a runtime. */
export const contextOver = (
  runtime: Runtime,
  places: Pick<CliPlaces, 'clock' | 'ids'>,
  isRunning: boolean,
  person: string,
): ApiContext => ({
  runtime,
  live: new LiveHub(runtime, places.clock, places.ids.hex(8)),
  clock: places.clock,
  ids: places.ids,
  isRunning,
  actorOf: (as) => ({ kind: 'person', id: as ?? person, via: 'cli' }),
});

/** For reading: asks the living runtime, else folds the journal. Takes no lock. */
export async function openForReading(workspaceDir: string, places: CliPlaces, person: string): Promise<Connection> {
  const owner = await livingOwner(workspaceLayout(workspaceDir).runtime.root);
  if (owner.kind === 'running' && owner.socketPath !== null && (await answers(owner.socketPath)))
    return attached(workspaceDir, owner.owner, owner.socketPath);
  const { state, notices } = await places.loadState(workspaceDir);
  const stopped = owner.kind === 'stopped' ? [`Muster is stopped in process ${owner.owner.pid}; this is what is on the disk.`] : [];
  const client = clientOver(contextOver(readOnlyRuntime(workspaceDir, state, places.clock), places, false, person));
  return { client, isLive: false, notices: [...stopped, ...notices], close: () => Promise.resolve() };
}

/** For writing: the living runtime takes the command, else this process opens the workspace and leaves the work to the next start. */
export async function openForWriting(workspaceDir: string, places: CliPlaces, person: string): Promise<Connection> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const owner = await livingOwner(workspaceLayout(workspaceDir).runtime.root);
    if (owner.kind === 'stopped') throw new CliError(stoppedOwner(workspaceDir, owner.owner.pid));
    if (owner.kind === 'running' && owner.socketPath !== null && (await answers(owner.socketPath)))
      return attached(workspaceDir, owner.owner, owner.socketPath);
    const notices: string[] = [];
    const opened = await places.openRuntime({ workspaceDir, work: false, address: null, onLog: (line) => void notices.push(line) });
    if (opened.ok) {
      const runtime = opened.value;
      return { client: clientOver(contextOver(runtime, places, false, person)), isLive: false, notices, close: () => runtime.stop() };
    }
    if (opened.error.kind !== 'owned' || performance.now() > until) throw new CliError(opened.error.message);
    await sleep(retryMs);
  }
}

/** A living runtime; one of another version is told before it is asked, or not asked at all. */
function attached(workspaceDir: string, owner: OwnerRecord, socketPath: string): Connection {
  const problem = versionProblem(workspaceDir, owner);
  if (problem?.isBar) throw new CliError(problem.message);
  return { client: attach(socketPath), isLive: true, notices: problem ? [problem.message] : [], close: () => Promise.resolve() };
}

/** The sentence on an owner that was halted by a signal. */
export const stoppedOwner = (workspaceDir: string, pid: number): string =>
  `Could not change the workspace ${workspaceDir}: it is open in process ${pid}, which is stopped. Let it go on with \`kill -CONT ${pid}\`, or end it.`;
