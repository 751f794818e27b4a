import type { Configuration } from '../../shared/domain/configuration.js';
import type { CommitLoop } from './commit-loop.js';
import type { Seams } from './compose-services.js';
import type { Clock } from './ports/clock.js';
import type { GitRepository } from './ports/git-repository.js';
import type { FileBlobStore } from './workspace/blob-store.js';
import type { FileJournal } from './workspace/journal.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import type { Ownership } from './workspace/owner-lock.js';
import type { ReserveFile } from './workspace/reserve-file.js';
import type { SnapshotStore } from './workspace/snapshot-store.js';
import type { WorkspaceState } from './workspace/state-folder.js';
import type { WorkspaceFiles } from './workspace-files.js';

/** How a workspace is opened. */
export interface OpenRuntimeOptions {
  readonly workspaceDir: string;
  /** false: commands are accepted and projected, effects are left to the next start that works. */
  readonly work: boolean;
  readonly onLog?: (line: string) => void;
  /** Where clients reach this owner; told in `owner.json`. */
  readonly address?: string | null;
  /** 1: rehearsals take as long as they say; 0: no waiting. */
  readonly rehearsalSpeed?: number;
  readonly seams?: Seams;
  /** Goes on without a journal although copies of one are known for this path; they are kept aside. */
  readonly withoutCopies?: boolean;
}

/** What is known before the journal is open. */
export interface OpenParts {
  readonly options: OpenRuntimeOptions;
  readonly layout: WorkspaceLayout;
  readonly clock: Clock;
  readonly ownership: Ownership;
  readonly configuration: Configuration;
}

/** What a runtime is made of. */
export interface RuntimeParts extends OpenParts {
  readonly places: WorkspaceState;
  readonly projectDir: string;
  readonly journal: FileJournal;
  readonly snapshots: SnapshotStore;
  readonly blobs: FileBlobStore;
  readonly git: GitRepository;
  readonly loop: CommitLoop;
  readonly files: WorkspaceFiles;
  readonly reserve: ReserveFile;
}
