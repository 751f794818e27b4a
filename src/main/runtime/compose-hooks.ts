import { join } from 'node:path';
import { commitIdentity, defaultConfiguration } from '../../shared/domain/configuration.js';
import type { Configuration } from '../../shared/domain/configuration.js';
import type { EffectServices } from './effects/effect-services.js';
import type { GitRepository } from './ports/git-repository.js';
import type { Jail } from './ports/jail.js';
import type { BlobStore } from './ports/journal.js';
import { createHookRunner } from './receipts/hook-runs.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import { trustedHooksPath } from './workspace/trust.js';

/** What the hooks of a workspace's project are run with. */
export interface HookParts {
  readonly layout: WorkspaceLayout;
  readonly places: WorkspaceState;
  readonly git: GitRepository | null;
  readonly jail: Jail;
  readonly blobs: BlobStore;
  readonly writeDurably: (path: string, text: string) => Promise<void>;
  /** As it holds now: a person may switch hooks off while a commit waits for it. */
  readonly configuration: () => Configuration;
  readonly isSetupAccepted: (key: string) => boolean;
}

/** The part of the effects' services that runs the project's own git hooks. */
export function composeHooks(parts: HookParts): Pick<EffectServices, 'runHooks' | 'hooksOf'> {
  const { git, jail, blobs, places, layout, writeDurably } = parts;
  if (git === null)
    return { runHooks: async () => ({ kind: 'passed', hooks: { runs: [], changedByWork: [] } }), hooksOf: async () => null };
  const hooks = createHookRunner({
    git,
    jail,
    blobs,
    paths: { checkoutsDir: places.checkouts, setupCacheDir: places.setupCache, runsDir: join(layout.runtime.root, 'runs') },
    nodeVersion: process.version,
    writeDurably,
  });
  return {
    hooksOf: (closeoutId) => hooks.passedFor(closeoutId),
    runHooks: async ({ sprint: { terms }, ...commit }, signal) => {
      // A state of before the setting existed has none.
      const settings = (parts.configuration().git as Partial<Configuration['git']>).hooks ?? defaultConfiguration.git.hooks;
      if (!settings.run) return { kind: 'passed', hooks: { runs: [], changedByWork: [] } };
      return hooks.run(
        {
          ...commit,
          identity: commitIdentity(parts.configuration()),
          setup: terms.setup,
          submodules: terms.submodules,
          mayRunSetup: parts.isSetupAccepted,
          setupTimeoutMs: terms.setupTimeoutSeconds * 1000,
          timeoutMs: settings.timeoutSeconds * 1000,
          trustedPath: await trustedHooksPath(places),
        },
        signal,
      );
    },
  };
}
