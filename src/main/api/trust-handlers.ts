import type { TrustView } from '../../shared/contract/work-views.js';
import type { ExecutingFields } from '../../shared/domain/configuration.js';
import type { Clock } from '../runtime/ports/clock.js';
import type { Runtime } from '../runtime/runtime-api.js';
import { whatWouldRun } from '../runtime/what-would-run.js';
import { loadConfiguration } from '../runtime/workspace/configuration.js';
import { workspaceState } from '../runtime/workspace/state-folder.js';
import { grantTrust, readTrust } from '../runtime/workspace/trust.js';
import { NotShown } from './work-handlers.js';

async function look(runtime: Runtime, clock: Clock) {
  const loaded = await loadConfiguration(runtime.workspaceDir);
  if (!loaded.ok) throw new NotShown('bad-input', loaded.error.message);
  const fields = await whatWouldRun(runtime.workspaceDir, loaded.value.configuration, clock);
  const places = workspaceState(runtime.workspaceDir);
  return { fields, places, trust: await readTrust(places, fields) };
}

/** What the workspace would run, and whether a person accepted exactly that. Throws `NotShown`. */
export async function showTrust(runtime: Runtime, clock: Clock): Promise<TrustView> {
  const { fields, trust } = await look(runtime, clock);
  return {
    workspace: runtime.workspaceDir,
    project: runtime.projectDir,
    isTrusted: trust.kind === 'trusted',
    hash: trust.sha256,
    reasons: trust.kind === 'trusted' ? [] : [...trust.reasons],
    ...runsOf(fields),
  };
}

/** Accepts what was shown, by its hash; what changed since is refused. The runtime goes on at once. Throws `NotShown`. */
export async function acceptTrust(runtime: Runtime, clock: Clock, hash: string): Promise<TrustView> {
  const { fields, places, trust } = await look(runtime, clock);
  if (trust.sha256 !== hash)
    throw new NotShown('stale', 'What the workspace would run changed since you looked. Look at it again before you accept it.');
  if (trust.kind === 'restricted') await grantTrust(places, fields, clock);
  const loaded = await runtime.loadConfiguration();
  if (!loaded.ok) throw new NotShown('bad-input', loaded.error);
  return showTrust(runtime, clock);
}

function runsOf(fields: ExecutingFields): Omit<TrustView, 'workspace' | 'project' | 'isTrusted' | 'hash' | 'reasons'> {
  const groups = new Map<string, TrustView['runners'][number]>();
  for (const [role, { runner, network }] of Object.entries(fields.runners)) {
    const key = `${runner} ${network}`;
    const known = groups.get(key) ?? { runner, network, roles: [] };
    groups.set(key, { ...known, roles: [...known.roles, role] });
  }
  return {
    isolation: fields.isolation,
    setup: fields.setup.map((argv) => [...argv]),
    copy: [...fields.copy],
    verify: fields.verify.map(({ name, command, timeoutSeconds, network }) => ({ name, command: [...command], timeoutSeconds, network })),
    actions: Object.entries(fields.actions).map(([name, { command, network }]) => ({ name, command: [...command], network })),
    runners: [...groups.values()],
    hooks: fields.hooksPath ?? '',
    rehearsal: fields.rehearsal ?? '',
  };
}
