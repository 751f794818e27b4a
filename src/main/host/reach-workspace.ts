import { basename, join, sep } from 'node:path';
import { executingFields } from '../../shared/domain/configuration.js';
import { err, ok } from '../../shared/kernel/result.js';
import type { Result } from '../../shared/kernel/result.js';
import type { ApiContext } from '../api/api-context.js';
import { LiveHub } from '../api/live-hub.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { loadConfiguration } from '../runtime/workspace/configuration.js';
import { projectRoot } from '../runtime/workspace/find-workspace.js';
import { workspaceLayout } from '../runtime/workspace/layout.js';
import { stateHome, workspaceState } from '../runtime/workspace/state-folder.js';
import { answers, livingOwner } from './attach.js';
import { versionProblem } from './version-problem.js';
import type { Desk, DeskFacts } from './desk.js';
import type { HostOptions } from './host-options.js';
import { gateAddress, startLocalGate } from './local-gate.js';

/** What the configuration of a workspace says about it, or why it cannot be read, a sentence. */
export async function deskFacts(path: string): Promise<Result<DeskFacts, string>> {
  const loaded = await loadConfiguration(path);
  if (!loaded.ok) return err(loaded.error.message);
  const { project, runners } = executingFields(loaded.value.configuration);
  const projectDir = projectRoot(path, project);
  const isRehearsal = Object.values(runners).every(({ runner }) => runner === 'rehearsal');
  return ok({ path, project: projectDir, name: isSample(path) ? 'Muster sample' : basename(projectDir), isRehearsal });
}

/** Made by this program in its own folder, where the project is called `project`. */
function isSample(path: string): boolean {
  const home = stateHome();
  return [join(home, 'sample'), join(home, 'demo')].some((folder) => path.startsWith(`${folder}${sep}`));
}

/**
 * Sits down at a workspace: asks the living runtime that owns it, else becomes its owner and works on it. The error is a sentence.
 */
export async function reachWorkspace(facts: DeskFacts, options: HostOptions, isFresh: boolean): Promise<Result<Desk, string>> {
  const { path } = facts;
  const owner = await livingOwner(workspaceLayout(path).runtime.root);
  if (owner.kind === 'stopped')
    return err(
      `${path} is open in process ${owner.owner.pid}, which is stopped. Let it go on with \`kill -CONT ${owner.owner.pid}\`, or end it.`,
    );
  if (owner.kind === 'running' && owner.socketPath !== null && (await answers(owner.socketPath))) {
    const problem = versionProblem(path, owner.owner);
    if (problem?.isBar === true) return err(problem.message);
    return ok({ kind: 'attached', facts, socketPath: owner.socketPath, notice: problem?.message ?? '' });
  }
  const { controlSocket } = workspaceState(path);
  const opened = await options.openRuntime({
    workspaceDir: path,
    work: true,
    address: gateAddress(controlSocket),
    onLog: options.onLog,
    ...(isFresh ? { withoutCopies: true } : {}),
    ...(options.rehearsalSpeed === undefined ? {} : { rehearsalSpeed: options.rehearsalSpeed }),
  });
  if (opened.ok) return ok(await ownDesk(facts, opened.value, controlSocket, options));
  const { message: reason, readOnly } = opened.error;
  if (!readOnly) return err(reason);
  options.onLog(reason);
  return ok({ kind: 'shown', facts, context: await contextOf(facts, readOnly, options, false), reason });
}

async function contextOf(facts: DeskFacts, runtime: Runtime, options: HostOptions, isRunning: boolean): Promise<ApiContext> {
  const { clock, ids } = options;
  const person = await options.personName(facts.project);
  return {
    runtime,
    live: new LiveHub(runtime, clock, ids.hex(8)),
    clock,
    ids,
    isRunning,
    actorOf: (as) => ({ kind: 'person', id: as ?? person, via: 'cli' }),
  };
}

async function ownDesk(facts: DeskFacts, runtime: Runtime, socketPath: string, options: HostOptions): Promise<Desk> {
  try {
    const context = await contextOf(facts, runtime, options, true);
    const gate = await startLocalGate({ socketPath, context, onLog: options.onLog });
    await runtime.start();
    return { kind: 'own', facts, runtime, context, gate };
  } catch (error) {
    await runtime.stop();
    throw error;
  }
}
