import { join } from 'node:path';
import { openGitRepository } from './git/git-repository-adapter.js';
import { keptWorkOf, turnLogsOf } from './kept-work.js';
import type { Clock } from './ports/clock.js';
import type { KeptWork } from './runtime-api.js';
import { FileBlobStore } from './workspace/blob-store.js';
import { workspaceLayout } from './workspace/layout.js';
import { workspaceState } from './workspace/state-folder.js';

/** What work left behind in a workspace that nobody has open; takes no lock. */
export function openKeptWork(workspaceDir: string, projectDir: string, clock: Clock): KeptWork {
  const layout = workspaceLayout(workspaceDir);
  return keptWorkOf({
    blobs: new FileBlobStore({ dir: layout.runtime.blobs, clock }),
    git: openGitRepository({ projectPath: projectDir, clock, emptyHooksDir: join(workspaceState(workspaceDir).root, 'no-hooks') }),
    logs: turnLogsOf(layout),
  });
}
