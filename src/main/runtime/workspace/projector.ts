import { relative, resolve, sep } from 'node:path';
import type { Problem, State } from '../../../shared/domain/state.js';
import type { Event } from '../../../shared/domain/vocabulary.js';
import type { Cancel, Clock } from '../ports/clock.js';
import type { BlobStore } from '../ports/journal.js';
import { causeSentence } from './file-problem.js';
import type { WorkspaceLayout } from './layout.js';
import { workspaceLayout } from './layout.js';
import { lookAt, readPlain, sha256Of } from './projected-file.js';
import type { ProjectedEntry, ProjectedLog } from './projected-log.js';
import { affectedBy } from './projections/affected.js';
import { BlockCache } from './projections/block-cache.js';
import { OpenWork } from './projections/open-work.js';
import type { ProjectionRef } from './projections/projection-table.js';
import { kindOf, liveRefs, refKey } from './projections/projection-table.js';
import type { NotedDelta } from './projections/sprint-event-line.js';
import { SprintEventFiles } from './sprint-event-files.js';
import { SprintEventQueue } from './sprint-event-queue.js';

/** What settles a turn also begins the next, whose preparation takes some ten milliseconds and should have them to itself. */
const soonMs = 50;
const viewMs = 200;
/** A slow view takes at most this part of the time. */
const restFactor = 20;
const retryMs = 5_000;
const parallelWrites = 8;

/** What the projector works with. */
export interface ProjectorOptions {
  readonly workspaceDir: string;
  readonly blobs: BlobStore;
  readonly writer: { write(path: string, content: Uint8Array | string): Promise<void> };
  readonly log: ProjectedLog;
  readonly clock: Clock;
  readonly state: () => State;
  /** Durable records with seq > `seq`, so that event files that a kill left short are completed. */
  readonly deltasAfter?: (seq: number) => AsyncIterable<NotedDelta>;
  /** A file could not be written, or can be again (`reason` empty). */
  readonly report: (problem: Problem) => void;
}

/** How a projected file compares with what the runtime wrote. */
export type Found = 'same' | 'missing' | 'outdated' | 'foreign' | 'link';

interface Job {
  readonly ref: ProjectionRef;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Starts a projector; nothing is written before the first `note` or `rebuild`. */
export const createProjector = (options: ProjectorOptions): Projector => new Projector(options);

/** Keeps the readable files of a workspace equal to its state: each changed file once per flush, and nothing else. */
export class Projector {
  readonly layout: WorkspaceLayout;
  readonly #options: ProjectorOptions;
  readonly #blocks = new BlockCache();
  readonly #openWork = new OpenWork();
  readonly #events: SprintEventQueue;
  readonly #dirty = new Map<string, ProjectionRef>();
  readonly #refs = new Map<string, ProjectionRef>();
  /** Content and stamp of each file as it was last seen to be ours. */
  readonly #written = new Map<string, { readonly sha256: string; readonly stamp: string }>();
  readonly #failed = new Set<string>();
  /** Files whose edit is being taken in, and contents that were taken in and may be written over. */
  readonly #held = new Set<string>();
  readonly #taken = new Map<string, string>();
  #seq = 0;
  #timers = new Map<'soon' | 'view' | 'retry', Cancel>();
  #viewCostMs = 0;
  #tail: Promise<void> = Promise.resolve();
  #isStopped = false;
  #outsideEdit: ((path: string) => void) | null = null;

  constructor(options: ProjectorOptions) {
    this.#options = options;
    this.layout = workspaceLayout(options.workspaceDir);
    const { workspaceDir, state, deltasAfter } = options;
    this.#events = new SprintEventQueue({
      files: new SprintEventFiles({ workspaceDir, pathOf: (sprintId) => this.layout.runtime.sprintEvents(sprintId) }),
      state,
      ...(deltasAfter ? { deltasAfter } : {}),
      failed: (sprintId, error) => this.#fail(this.layout.runtime.sprintEvents(sprintId), error, null),
    });
  }

  /** From now on a content that is not ours is told to `handler` instead of being written over. */
  onOutsideEdit(handler: (path: string) => void): void {
    this.#outsideEdit = handler;
  }

  /** Takes in a durable record; the files that it changes are written soon. */
  note(delta: NotedDelta): void {
    const state = this.#options.state();
    this.#seq = Math.max(this.#seq, delta.seq);
    for (const event of delta.events) this.#noteEvent(event, state);
    this.#events.note(delta);
    this.#arm();
  }

  /** Compares every file that should be there with the disk and writes what is missing or outdated; at the start, before `note`. */
  async rebuild(): Promise<void> {
    const state = this.#options.state();
    this.#blocks.clear();
    this.#openWork.rebuild(state);
    this.#seq = Math.max(this.#seq, this.#options.log.eventsSeq);
    for (const ref of liveRefs(state)) this.#mark(ref);
    this.#seq = Math.max(this.#seq, await this.#events.complete(this.#options.log.eventsSeq));
    await this.drain();
  }

  /** Writes a file again even if it was not touched: it was deleted or replaced. */
  refresh(ref: ProjectionRef): void {
    const path = this.pathOf(ref);
    if (path !== null) this.#written.delete(path);
    // What could not be written has a time of its own; its absence is no reason to try at once and again.
    if (path !== null && this.#failed.has(path)) return;
    this.#mark(ref);
    this.#arm();
  }

  /** Leaves a file as it is until `release`, while what somebody wrote into it is taken in. */
  hold(path: string): void {
    this.#held.add(path);
  }

  /** Writes a held file again, also over the content with the hash `taken`, and over no other that is not ours. */
  release(ref: ProjectionRef, path: string, taken: string | null): void {
    this.#held.delete(path);
    if (taken !== null) this.#taken.set(path, taken);
    this.refresh(ref);
  }

  /** The projected file at an absolute path, or null when it is none of ours. */
  refAt(path: string): ProjectionRef | null {
    return this.#refs.get(resolve(path)) ?? null;
  }

  /** Every projected file that is known, absolute. */
  paths(): readonly string[] {
    return [...this.#refs.keys()];
  }

  /** Absolute path of a projected file. */
  pathOf(ref: ProjectionRef): string | null {
    const path = kindOf(ref.kind).path(this.layout, ref.id, this.#options.state());
    return path === null ? null : resolve(path);
  }

  /** Relative to the workspace, with `/`; how problems and the log name a file. */
  nameOf(path: string): string {
    return relative(this.#options.workspaceDir, path).split(sep).join('/');
  }

  /** Compares a file with what the runtime wrote there. */
  async inspect(path: string): Promise<Found> {
    const disk = await lookAt(path);
    if (disk.kind === 'missing') return 'missing';
    if (disk.kind !== 'file') return 'link';
    const written = this.#written.get(path);
    if (written?.stamp === disk.stamp) return 'same';
    const bytes = await readPlain(path);
    if (bytes === null) return 'missing';
    const sha256 = sha256Of(bytes);
    if (written?.sha256 === sha256) {
      this.#written.set(path, { sha256, stamp: disk.stamp });
      return 'same';
    }
    return this.#options.log.isOurs(this.nameOf(path), sha256) ? 'outdated' : 'foreign';
  }

  /** Makes a sprint's event file whole again from the durable records, after it was deleted or changed by others. */
  async remakeEvents(sprintId: string): Promise<void> {
    await this.#events.remake(sprintId);
    this.#arm();
  }

  /** Whether a sprint's event file is as the last append left it; one that this process did not append to is taken as it is. */
  inspectEvents(sprintId: string): Promise<Found> {
    return this.#events.inspect(sprintId);
  }

  /** Resolves when every file that was to be written is written, or could not be. */
  async drain(): Promise<void> {
    do {
      await this.#flush(() => true);
    } while (this.#hasWork());
  }

  /** Writes what is left and takes no more. */
  async stop(): Promise<void> {
    await this.drain();
    this.#isStopped = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await this.#options.log.close();
  }

  #noteEvent(event: Event, state: State): void {
    const { refs, entities } = affectedBy(event, state);
    for (const ref of refs) this.#mark(ref);
    for (const id of entities) {
      this.#blocks.drop(id);
      for (const role of this.#openWork.touch(id, state)) this.#mark({ kind: 'role-todo', id: role });
    }
    if (event.type === 'sprint-archived') this.#release(event.sprintId, state);
  }

  /** The files of an archived sprint stay on the disk and are nobody's to rewrite. */
  #release(sprintId: string, state: State): void {
    for (const todoId of state.sprints[sprintId]?.todoIds ?? []) this.#blocks.drop(todoId);
    for (const [path, ref] of this.#refs) {
      if (ref.id !== sprintId && !ref.id.startsWith(`${sprintId}/`)) continue;
      this.#refs.delete(path);
      this.#written.delete(path);
      this.#dirty.delete(refKey(ref));
    }
  }

  #mark(ref: ProjectionRef): void {
    const path = this.pathOf(ref);
    if (path === null) return;
    this.#refs.set(path, ref);
    this.#dirty.set(refKey(ref), ref);
  }

  #hasWork(): boolean {
    return this.#dirty.size > 0 || this.#events.hasLines;
  }

  #arm(): void {
    if (this.#isStopped || !this.#hasWork()) return;
    const dirty = [...this.#timers.keys()];
    const isDue = (pace: 'soon' | 'view'): boolean => {
      for (const ref of this.#dirty.values()) if (kindOf(ref.kind).pace === pace) return true;
      return pace === 'soon' && this.#events.hasLines;
    };
    if (!dirty.includes('soon') && isDue('soon')) this.#after('soon', soonMs, (pace) => pace === 'soon');
    if (!dirty.includes('view') && isDue('view')) this.#after('view', Math.max(viewMs, this.#viewCostMs * restFactor), () => true);
  }

  #after(name: 'soon' | 'view' | 'retry', ms: number, isDue: (pace: 'soon' | 'view') => boolean): void {
    this.#timers.set(
      name,
      this.#options.clock.after(ms, () => {
        this.#timers.delete(name);
        void this.#flush(isDue).then(() => this.#arm());
      }),
    );
  }

  /** One flush after the other; a failure is reported and never stops the next. */
  #flush(isDue: (pace: 'soon' | 'view') => boolean): Promise<void> {
    const run = this.#tail.then(() => this.#flushNow(isDue));
    this.#tail = run;
    return run;
  }

  async #flushNow(isDue: (pace: 'soon' | 'view') => boolean): Promise<void> {
    const startMs = this.#options.clock.monotonicMs();
    const due = [...this.#dirty].filter(([, ref]) => isDue(kindOf(ref.kind).pace));
    for (const [key] of due) this.#dirty.delete(key);
    const seq = this.#seq;
    const eventsSeq = (await this.#events.append()) ? seq : this.#options.log.eventsSeq;
    const jobs: Job[] = [];
    await eachOf(
      due.map(([, ref]) => ref),
      async (ref) => {
        const job = await this.#prepare(ref);
        if (job) jobs.push(job);
      },
    );
    try {
      await this.#options.log.append(
        jobs.map((job): ProjectedEntry => ({ path: this.nameOf(job.path), sha256: job.sha256, seq: this.#seq })),
        eventsSeq,
      );
    } catch (error) {
      for (const job of jobs) this.#fail(job.path, error, job.ref);
      return;
    }
    await eachOf(jobs, (job) => this.#write(job));
    if (due.some(([, ref]) => kindOf(ref.kind).pace === 'view')) this.#viewCostMs = this.#options.clock.monotonicMs() - startMs;
  }

  /** What has to be written for a file; null when it holds that already, or holds what is not ours to write over. */
  async #prepare(ref: ProjectionRef): Promise<Job | null> {
    const path = this.pathOf(ref);
    if (path === null || this.#held.has(path)) return null;
    try {
      const bytes = await this.#render(ref);
      if (bytes === null) return null;
      const sha256 = sha256Of(bytes);
      const disk = await lookAt(path);
      const written = this.#written.get(path);
      if (disk.kind !== 'file') return { ref, path, bytes, sha256 };
      if (written?.sha256 === sha256 && written.stamp === disk.stamp) return null;
      if (written?.stamp !== disk.stamp) {
        const there = await readPlain(path);
        if (there !== null && !this.#mayReplace(ref, path, sha256Of(there), sha256, disk.stamp)) return null;
      }
      return { ref, path, bytes, sha256 };
    } catch (error) {
      this.#fail(path, error, ref);
      return null;
    }
  }

  #mayReplace(ref: ProjectionRef, path: string, there: string, wanted: string, stamp: string): boolean {
    const isOurs = this.#options.log.isOurs(this.nameOf(path), there);
    if (there === wanted || (isOurs && kindOf(ref.kind).once && !this.#options.state().sprints[ref.id]?.documents['kickoff.md'])) {
      this.#written.set(path, { sha256: there, stamp });
      return false;
    }
    if (isOurs || this.#outsideEdit === null || this.#taken.get(path) === there) return true;
    this.#outsideEdit(path);
    return false;
  }

  async #render(ref: ProjectionRef): Promise<Uint8Array | null> {
    const content = kindOf(ref.kind).content(ref.id, {
      state: this.#options.state(),
      block: this.#blocks.source,
      openWork: this.#openWork,
    });
    if (content === null) return null;
    if ('text' in content) return Buffer.from(content.text, 'utf8');
    const bytes = await this.#options.blobs.get(content.blob);
    if (bytes === null) throw new Error(`its content, blob ${content.blob}, is missing`);
    return bytes;
  }

  async #write(job: Job): Promise<void> {
    try {
      await this.#options.writer.write(job.path, job.bytes);
      const disk = await lookAt(job.path);
      if (disk.kind === 'file') this.#written.set(job.path, { sha256: job.sha256, stamp: disk.stamp });
      this.#taken.delete(job.path);
      const isKnown = this.#options.state().problems[`projection:${this.nameOf(job.path)}`] !== undefined;
      if (this.#failed.delete(job.path) || isKnown) this.#report(job.path, '');
    } catch (error) {
      this.#fail(job.path, error, job.ref);
    }
  }

  #fail(path: string, error: unknown, ref: ProjectionRef | null): void {
    const reason =
      error instanceof Error && error.message.startsWith('Could not') ? error.message : `Could not write ${path}: ${causeSentence(error)}`;
    this.#failed.add(path);
    this.#report(path, reason);
    if (ref === null || this.#isStopped || this.#timers.has('retry')) return;
    this.#timers.set(
      'retry',
      this.#options.clock.after(retryMs, () => {
        this.#timers.delete('retry');
        for (const failed of this.#failed) {
          const again = this.#refs.get(failed);
          if (again) this.#mark(again);
        }
        this.#arm();
      }),
    );
  }

  #report(path: string, reason: string): void {
    const name = this.nameOf(path);
    this.#options.report({ problemId: `projection:${name}`, path: name, reason, at: this.#options.clock.now() });
  }
}

/** Runs `task` for each, a few at a time, in order of start. */
async function eachOf<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallelWrites, items.length) }, worker));
}
