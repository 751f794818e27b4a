import { basename } from 'node:path';
import type { IdSource } from '../../shared/kernel/ids.js';
import { roster } from '../../shared/domain/roster.js';
import { upcastEvent } from '../../shared/domain/upcast.js';
import type { Refusal } from '../../shared/domain/vocabulary.js';
import type { CommitLoop } from './commit-loop.js';
import { commandRecord } from './journal-entry.js';
import type { CommandEntry } from './journal-entry.js';
import type { Clock } from './ports/clock.js';
import type { BlobStore, Journal } from './ports/journal.js';
import { createInternalRelay } from './relay/internal-relay.js';
import type { InternalRelay } from './relay/internal-relay.js';
import type { Delta } from './runtime-api.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import type { OutsideCommand } from './workspace/outside-edits.js';
import { ProjectedLog } from './workspace/projected-log.js';
import { ProjectionWriter } from './workspace/projection-writer.js';
import { createProjector } from './workspace/projector.js';
import type { Projector } from './workspace/projector.js';
import { RelayFolder } from './workspace/relay-folder.js';
import { readManifest } from './workspace/scaffold-write.js';
import { createWatcher } from './workspace/watcher.js';
import type { Watcher } from './workspace/watcher.js';

/** What the files of a workspace are kept from. */
export interface WorkspaceFilesParts {
  readonly layout: WorkspaceLayout;
  readonly loop: CommitLoop;
  readonly journal: Journal;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Whether this process still owns the workspace; nothing is written in somebody else's. */
  readonly isOurs: () => boolean;
  /** Told when `team_runtime.yaml` was edited. */
  readonly onConfigurationEdit: () => void;
  /** True when the project's HEAD was moved since the last call, and not by the runtime. */
  readonly headMovedOutside: () => Promise<boolean>;
}

/** Everything that people and agents read and edit as files: projections, relay folder, edits from outside. */
export class WorkspaceFiles {
  readonly #projector: Projector;
  readonly #relay: InternalRelay;
  readonly #watcher: Watcher;

  private constructor(projector: Projector, relay: InternalRelay, watcher: Watcher) {
    this.#projector = projector;
    this.#relay = relay;
    this.#watcher = watcher;
  }

  static async open(parts: WorkspaceFilesParts): Promise<WorkspaceFiles> {
    const { layout, loop, journal, blobs, clock } = parts;
    const writer = new ProjectionWriter(layout.root, parts.isOurs);
    const state = () => loop.state;
    const projector = createProjector({
      workspaceDir: layout.root,
      blobs,
      clock,
      state,
      writer,
      log: await ProjectedLog.open({
        path: layout.runtime.projectedLog,
        clock,
        scaffold: (await readManifest(layout.runtime.scaffoldManifest)).files,
      }),
      deltasAfter: (seq) => deltasAfter(journal, seq),
      report: (found) =>
        void loop.tell(
          found.reason === '' ? { type: 'clear-problem', problemId: found.problemId } : { type: 'report-problem', problem: found },
        ),
    });
    const relay = createInternalRelay({
      files: new RelayFolder({ workspaceDir: layout.root, writer }),
      clock,
      state,
      dispatch: async (command) => refusalOf(await loop.tell(command)),
    });
    const inboxes = roster.map(({ role }) => ({ folder: layout.runtime.relayInbox(role), changed: () => relay.changed() }));
    const settings = {
      folder: layout.root,
      changed: (path: string) => path.endsWith(basename(layout.configuration)) && parts.onConfigurationEdit(),
    };
    const watcher = createWatcher({
      workspaceDir: layout.root,
      projector,
      blobs,
      clock,
      state,
      headMovedOutside: parts.headMovedOutside,
      isOurs: parts.isOurs,
      dispatch: (command) => dispatchEdit(parts, command),
      others: [...inboxes, settings],
    });
    return new WorkspaceFiles(projector, relay, watcher);
  }

  /** Writes what is missing or outdated, and takes in what was edited while nothing ran. */
  async catchUp(): Promise<void> {
    await this.#watcher.compareAtStart();
    await this.#relay.rebuild();
  }

  /** Sees edits from outside from now on. */
  watch(): Promise<void> {
    return this.#watcher.start();
  }

  note(delta: Delta): void {
    this.#projector.note(delta);
    this.#relay.note(delta);
  }

  async drain(): Promise<void> {
    await this.#relay.drain();
    await this.#projector.drain();
  }

  async stop(): Promise<void> {
    await this.#watcher.stop();
    await this.#relay.stop();
    await this.#projector.stop();
  }
}

const refusalOf = (answer: { readonly ok: true } | { readonly ok: false; readonly error: Refusal }): Refusal | null =>
  answer.ok ? null : answer.error;

async function* deltasAfter(journal: Journal, after: number): AsyncGenerator<Delta> {
  for await (const record of journal.read(after)) {
    if (record.kind !== commandRecord.kind) continue;
    yield { seq: record.seq, at: record.time, events: (record.body as CommandEntry).events.map(upcastEvent) };
  }
}

async function dispatchEdit({ loop, ids, layout }: WorkspaceFilesParts, command: OutsideCommand): Promise<Refusal | null> {
  if (command.type !== 'reorder') return refusalOf(await loop.tell(command));
  const actor = { kind: 'file-edit', id: layout.runtime.sprints } as const;
  return refusalOf(await loop.dispatch(command, { commandId: `file-edit-${ids.hex(16)}`, actor }));
}
