import type { MusterClient } from '../../shared/contract/contract.js';
import type { Result } from '../../shared/kernel/result.js';
import type { OpenWorkspaceView } from '../../shared/contract/host-views.js';
import { refused } from './app-session.js';
import { makeDemo } from './demo-workspace.js';
import { newestSample, nextSample } from './sample-place.js';
import type { SamplePlace } from './sample-place.js';
import { sampleKickoff, sampleSettings } from './sample-sprint.js';
import type { WorkspaceHost } from './workspace-host.js';

async function openAt(host: WorkspaceHost, place: SamplePlace): Promise<void> {
  const { isFresh, workspace } = await makeDemo({ dir: place.dir, rehearsal: 'sample', runner: 'rehearsal', settings: sampleSettings });
  orThrow(await host.open(workspace, isFresh));
}

function orThrow(opened: Result<OpenWorkspaceView, string>): void {
  if (!opened.ok) throw refused('no-workspace', opened.error);
}

/** Makes the sample where it is missing and opens it. Throws a refusal. */
export const openSample = async (host: WorkspaceHost): Promise<void> => openAt(host, await newestSample(host.options.stateHome));

/**
 * Opens the sample and starts its sprint, where none was started. After one that has ended a fresh sample is made, as the old one's
 * work is done.
 */
export async function runSample(host: WorkspaceHost, client: () => MusterClient): Promise<void> {
  await openSample(host);
  const sprint = await client().sprint.status();
  if (sprint?.isActive === true) return;
  if (sprint) await openAt(host, await nextSample(host.options.stateHome));
  await client().sprint.start(sampleKickoff);
}
