import { watch as watchFolder } from 'node:fs';
import type { FSWatcher as FolderWatcher } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { watch as watchTree } from 'chokidar';
import { roster } from '../../../shared/domain/roster.js';
import type { Cancel } from '../ports/clock.js';
import { makeFolder, systemFiles } from './durable-files.js';
import { causeSentence } from './file-problem.js';
import type { OutsideEditOptions } from './outside-edits.js';
import { OutsideEdits } from './outside-edits.js';
import type { ProjectionRef } from './projections/projection-table.js';

/** Changes are gathered for so long before they are looked at, so that a mass replacement is known as one. */
const gatherMs = 1_000;
const mostEdits = 20;
const eventsSuffix = '.events.jsonl';

/** What the watcher works with. */
export interface WatcherOptions extends OutsideEditOptions {
  /** True when the project's HEAD was moved since the last call, and not by the runtime. */
  readonly headMovedOutside?: () => Promise<boolean>;
  /** False once somebody else owns the workspace: what changes in it is then no edit of ours to judge. Default: always true. */
  readonly isOurs?: () => boolean;
  /** Further folders, made if missing, and who is told at once that something in one of them changed: the relay's inboxes. */
  readonly others?: readonly { readonly folder: string; readonly changed: (path: string) => void }[];
}

/** Makes a watcher; nothing is watched before `start`. */
export const createWatcher = (options: WatcherOptions): Watcher => new Watcher(options);

/** Sees edits, deletions and replacements of projected files by others, and has each of them taken in or put back. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #edits: OutsideEdits;
  readonly #pending = new Set<string>();
  readonly #folders: FolderWatcher[] = [];
  #tree: FSWatcher | null = null;
  #timer: Cancel | null = null;
  #tail: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#edits = new OutsideEdits(options);
    options.projector.onOutsideEdit((path) => this.#see(path));
  }

  /** Watches; resolves when every change from now on is seen. */
  async start(): Promise<void> {
    const { layout } = this.#options.projector;
    const flat = [layout.runtime.backlog, layout.runtime.requests, layout.runtime.sprints];
    const others = this.#options.others ?? [];
    const trees = [layout.shared.root, dirname(layout.runtime.roleSession('any'))];
    for (const folder of [...flat, ...trees, ...others.map((other) => other.folder)]) await makeFolder(folder, systemFiles);
    for (const folder of flat) this.#watchFolder(folder, (path) => this.#see(path));
    for (const { folder, changed } of others) this.#watchFolder(folder, changed);
    await this.#watchTree([...trees, ...roster.map(({ role }) => layout.role.todo(role))]);
  }

  /** The comparison at the start: everything that was edited, deleted or replaced while nothing ran. */
  async compareAtStart(): Promise<void> {
    await this.#options.projector.rebuild();
    await this.#settle();
  }

  /** Looks at every projected file now, and resolves when all that was found is taken in and written. */
  async drain(): Promise<void> {
    for (const path of this.#options.projector.paths()) this.#pending.add(path);
    for (const sprint of Object.values(this.#options.state().sprints))
      if (!sprint.isArchived) this.#pending.add(resolve(this.#options.projector.layout.runtime.sprintEvents(sprint.sprintId)));
    await this.#settle();
  }

  /** Ends the watching; what was seen and not yet taken in is found at the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.();
    this.#timer = null;
    for (const folder of this.#folders) folder.close();
    await this.#tree?.close();
    await this.#tail;
  }

  /** One kernel watch for a folder of thousands of records: the tree watcher reads a folder anew with each change in it. */
  #watchFolder(folder: string, changed: (path: string) => void): void {
    try {
      const watcher = watchFolder(folder, { persistent: false }, (_event, name) => {
        if (name !== null) changed(join(folder, name));
      });
      watcher.on('error', (error) => this.#cannotWatch(folder, error));
      this.#folders.push(watcher);
      this.#canWatch(folder);
    } catch (error) {
      this.#cannotWatch(folder, error);
    }
  }

  async #watchTree(paths: readonly string[]): Promise<void> {
    const attachments = `${sep}attachments`;
    const tree = watchTree([...paths], { ignoreInitial: true, followSymlinks: false, ignored: (path) => path.includes(attachments) });
    this.#tree = tree;
    tree.on('all', (_event, path) => this.#see(path));
    tree.on('error', (error) => this.#cannotWatch(this.#options.projector.layout.shared.root, error));
    await new Promise<void>((ready) => tree.once('ready', ready));
    this.#canWatch(this.#options.projector.layout.shared.root);
  }

  #canWatch(folder: string): void {
    void this.#enqueue(() => this.#edits.mended(`watch:${this.#options.projector.nameOf(folder)}`));
  }

  #cannotWatch(folder: string, error: unknown): void {
    const name = this.#options.projector.nameOf(folder);
    void this.#enqueue(() =>
      this.#edits.report(
        `watch:${name}`,
        name,
        `Could not watch ${folder}: ${causeSentence(error)} Until then edits in it are seen at the next start only.`,
      ),
    );
  }

  #see(path: string): void {
    if (this.#isStopped) return;
    const full = resolve(path);
    if (this.#options.projector.refAt(full) === null && this.#sprintOfEvents(full) === null) return;
    this.#pending.add(full);
    this.#timer ??= this.#options.clock.after(gatherMs, () => {
      this.#timer = null;
      void this.#enqueue(() => this.#handleBatch());
    });
  }

  /** Handles what is pending and has the results written, until nothing new turns up. */
  async #settle(): Promise<void> {
    do {
      await this.#enqueue(() => this.#handleBatch());
      await this.#options.projector.drain();
    } while (this.#pending.size > 0);
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(task).catch((error: unknown) => this.#edits.failed(this.#options.workspaceDir, error));
    return this.#tail;
  }

  async #handleBatch(): Promise<void> {
    const paths = [...this.#pending];
    this.#pending.clear();
    if (this.#options.isOurs?.() === false) return;
    const edited: { ref: ProjectionRef; path: string }[] = [];
    for (const path of paths) {
      const ref = this.#options.projector.refAt(path);
      if (ref === null) await this.#guarded(path, () => this.#lookAtEvents(path));
      else
        await this.#guarded(path, async () => {
          if (await this.#isEdited(ref, path)) edited.push({ ref, path });
        });
    }
    if (edited.length === 0) return;
    const headMoved = (await this.#options.headMovedOutside?.()) ?? false;
    if (edited.length > mostEdits) return this.#edits.putBack(edited, `${edited.length} of them changed within a second`);
    if (headMoved) return this.#edits.putBack(edited, `the project's HEAD moved, and ${edited.length} of them changed with it`);
    for (const { ref, path } of edited) await this.#guarded(path, () => this.#edits.take(ref, path));
  }

  async #guarded(path: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      await this.#edits.failed(path, error);
    }
  }

  async #isEdited(ref: ProjectionRef, path: string): Promise<boolean> {
    const found = await this.#options.projector.inspect(path);
    if (found === 'missing' || found === 'outdated') this.#options.projector.refresh(ref);
    if (found === 'link') await this.#edits.reportLink(path);
    return found === 'foreign';
  }

  #sprintOfEvents(path: string): string | null {
    if (!path.endsWith(eventsSuffix) || dirname(path) !== resolve(this.#options.projector.layout.runtime.sprints)) return null;
    const sprintId = basename(path, eventsSuffix);
    const sprint = this.#options.state().sprints[sprintId];
    return sprint && !sprint.isArchived ? sprintId : null;
  }

  async #lookAtEvents(path: string): Promise<void> {
    const sprintId = this.#sprintOfEvents(path);
    if (sprintId === null) return;
    const found = await this.#options.projector.inspectEvents(sprintId);
    if (found === 'missing') await this.#options.projector.remakeEvents(sprintId);
    if (found === 'foreign') await this.#edits.putBackEvents(sprintId, path);
    if (found === 'link') await this.#edits.reportLink(path);
  }
}
