import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultConfiguration } from '../../shared/domain/configuration.js';
import { diskText } from '../../shared/domain/disk-text.js';
import { endedWorktrees } from '../../shared/domain/ended-worktrees.js';
import type { EndedWorktree } from '../../shared/domain/ended-worktrees.js';
import { roster } from '../../shared/domain/roster.js';
import type { State, TurnSubject } from '../../shared/domain/state.js';
import type { RuntimeCommand } from '../../shared/domain/vocabulary.js';
import type { Cancel, Clock } from './ports/clock.js';
import type { CleanUp } from './retention/clean-up.js';
import { remove, tallyOf, tallyText, whatGoes } from './retention/clean-up.js';
import { measure } from './retention/disk-entries.js';
import { namedBlobs } from './retention/named-blobs.js';
import { notePruned } from './retention/pruned-blobs.js';
import { wasteIn } from './retention/waste.js';
import type { Needed, Waste, WastePlaces } from './retention/waste.js';
import { sessionFolderName } from './roles/session-folder.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import type { WorkspaceState } from './workspace/state-folder.js';

/** What the retention works with. */
export interface RetentionParts {
  readonly layout: WorkspaceLayout;
  readonly places: WorkspaceState;
  readonly clock: Clock;
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<unknown>;
  /** Types of the effects under way; what they may be using stays. */
  readonly underWay: () => readonly string[];
  readonly log: (line: string) => void;
}

const dayMs = 86_400_000;
const bytesPerGb = 1_000_000_000;
const capProblemId = 'disk-cap';
const users: readonly string[] = ['verify', 'gather-evidence', 'add-worktree', 'run-action', 'run-turn'];
const sharedPlaces: readonly Waste['kind'][] = ['set-up caches', 'checkouts', 'verification records'];

/** Keeps what ended work left on the disk as long as it is wanted, and never more than the cap allows (rules 4). */
export class Retention {
  readonly #parts: RetentionParts;
  #timer: Cancel | null = null;
  #cleaning: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Cleans up now, and once a day from now on. Never rejects. */
  start(): Promise<unknown> {
    if (this.#stopping.signal.aborted) return this.#cleaning;
    this.#timer = this.#parts.clock.after(dayMs, () => void this.start());
    return this.cleanUp(false).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted)
        this.#parts.log(`Could not clean up the disk: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  async stop(): Promise<void> {
    this.#timer?.();
    this.#stopping.abort(new Error('Muster stops.'));
    await this.#cleaning;
  }

  /** `isDry`: says what would go, and removes nothing. One at a time. */
  cleanUp(isDry: boolean): Promise<CleanUp> {
    const done = this.#cleaning.then(() => this.#clean(isDry));
    this.#cleaning = done.catch(() => undefined);
    return done;
  }

  async #clean(isDry: boolean): Promise<CleanUp> {
    const { state, clock, tell, layout, log } = this.#parts;
    const { signal } = this.#stopping;
    const retention = state().configuration?.retention ?? defaultConfiguration.retention;
    const capBytes = retention.diskGb * bytesPerGb;
    const usedBytes = await this.#used();
    const waste = await wasteIn(
      this.#places(),
      neededBy(state()),
      await namedBlobs(await this.#namers(), signal),
      { days: retention.days, asideDays: retention.checkpointDays },
      Date.parse(clock.now()),
      signal,
    );
    const isUsed = this.#parts.underWay().some((type) => users.includes(type));
    const going = whatGoes(
      waste.filter(({ kind }) => !isUsed || !sharedPlaces.includes(kind)),
      usedBytes,
      capBytes,
    );
    const planned = { usedBytes, capBytes, failed: [], removed: tallyOf(going), freedBytes: bytesOf(going) };
    if (isDry) return planned;
    signal.throwIfAborted();
    const { gone, failed } = await remove(going, (sha256) => notePruned(prunedPath(layout), sha256, clock.now()));
    const removed = tallyOf(gone);
    const freedBytes = bytesOf(gone);
    if (gone.length > 0) {
      log(`${diskText(freedBytes)} of the disk were freed: ${tallyText(removed)}.`);
      await tell({ type: 'note-disk-freed', bytes: freedBytes, what: tallyText(removed) });
    }
    for (const line of failed) log(line);
    await this.#afterwards(usedBytes - freedBytes, capBytes, retention.days);
    return { usedBytes, capBytes, failed, removed, freedBytes };
  }

  /** Worktrees go by effects, which look at what is in them; what is still over the cap is for a person to see. */
  async #afterwards(leftBytes: number, capBytes: number, days: number): Promise<void> {
    const { tell, layout, clock } = this.#parts;
    await tell({ type: 'tidy-worktrees', afterDays: days });
    const { only, left } = await this.#earlyWorktrees(leftBytes, capBytes);
    if (only.length > 0) await tell({ type: 'tidy-worktrees', afterDays: 0, only });
    if (left <= capBytes) return void (await tell({ type: 'clear-problem', problemId: capProblemId }));
    const reason = `Muster takes more of the disk than the ${diskText(capBytes)} of retention.disk_gb, and what is left is the journal or needed by open work. End work, or raise retention.disk_gb; \`muster doctor\` says how much it is.`;
    await tell({ type: 'report-problem', problem: { problemId: capProblemId, path: layout.runtime.root, reason, at: clock.now() } });
  }

  /** As long as more than the cap is used: worktrees of ended work before their time, the one that ended first before the others. */
  async #earlyWorktrees(leftBytes: number, capBytes: number): Promise<{ readonly only: readonly string[]; readonly left: number }> {
    const { state, clock } = this.#parts;
    const bytesIn = async ({ path }: EndedWorktree): Promise<number> => (await measure(path, '', this.#stopping.signal))?.bytes ?? 0;
    const ended = leftBytes > capBytes ? endedWorktrees(state(), clock.now(), 0).filter(({ isOwn }) => isOwn) : [];
    let left = leftBytes;
    for (const each of ended.filter(({ isAsked }) => isAsked)) left -= await bytesIn(each);
    const only: string[] = [];
    for (const each of ended.filter(({ isAsked }) => !isAsked)) {
      if (left <= capBytes) break;
      left -= await bytesIn(each);
      only.push(each.path);
    }
    return { only, left };
  }

  async #used(): Promise<number> {
    const { layout, places } = this.#parts;
    const roots = [layout.runtime.root, places.root, ...sessionFolders(layout)];
    let bytes = 0;
    for (const root of roots) bytes += (await measure(root, '', this.#stopping.signal))?.bytes ?? 0;
    return bytes;
  }

  #places(): WastePlaces {
    const { layout, places } = this.#parts;
    const { runtime, shared } = layout;
    return {
      turns: runtime.turns,
      sessions: sessionFolders(layout),
      runs: join(runtime.root, 'runs'),
      setupCache: places.setupCache,
      checkouts: places.checkouts,
      blobs: runtime.blobs,
      asides: [runtime.root, runtime.backlog, runtime.requests, runtime.sprints, runtime.snapshots, runtime.journal, shared.root],
    };
  }

  /** Files in which blobs are named: all of the journal, and what was archived. */
  async #namers(): Promise<string[]> {
    const { runtime } = this.#parts.layout;
    const files: string[] = [];
    for (const folder of [runtime.journal, runtime.archive])
      for (const name of await readdir(folder).catch(() => [])) if (/\.jsonl?$/.test(name)) files.push(join(folder, name));
    return files;
  }
}

/** Where it is written down which outputs were removed at the cap. */
export const prunedPath = (layout: Pick<WorkspaceLayout, 'runtime'>): string => join(layout.runtime.root, 'pruned.jsonl');

const bytesOf = (waste: readonly Waste[]): number => waste.reduce((sum, { entry }) => sum + entry.bytes, 0);

const sessionFolders = (layout: WorkspaceLayout): string[] => roster.map(({ role }) => dirname(layout.role.session(role, 'any')));

const ended: readonly string[] = ['completed', 'failed', 'cancelled'];

/** Whether somebody may still go on with it by itself: todos of a sprint that runs, and requests that wait. */
function isOpen(subjectId: string, state: State): boolean {
  const todo = state.todos[subjectId];
  if (todo) return todo.endedAt === null || state.sprints[todo.sprintId]?.endedAt === null;
  const request = state.requests[subjectId];
  if (request) return !ended.includes(request.status);
  return state.sprints[subjectId]?.endedAt === null;
}

function subjectOf(subject: TurnSubject): string {
  if (subject.kind === 'todo') return subject.todoId;
  return subject.kind === 'sprint' ? subject.sprintId : subject.requestId;
}

/** What open work needs, from the state alone. */
export function neededBy(state: State): Needed {
  const turns = Object.values(state.turns).filter((turn) => turn.status !== 'ended' || isOpen(subjectOf(turn.subject), state));
  const keys = Object.keys(state.sessions).filter((key) => isOpen(key.slice(0, key.indexOf('/')), state));
  const records: unknown[] = [...turns, ...Object.values(state.effects), ...Object.values(state.operations)];
  for (const group of [state.todos, state.requests, state.sprints])
    for (const [id, record] of Object.entries<unknown>(group)) if (isOpen(id, state)) records.push(record);
  const blobs = new Set<string>();
  for (const record of records) for (const [hash] of JSON.stringify(record).matchAll(/[0-9a-f]{64}/g)) blobs.add(hash);
  return {
    turnIds: new Set(turns.map(({ turnId }) => turnId)),
    sessionNames: new Set([...keys, ...turns.map(({ sessionKey }) => sessionKey)].map(sessionFolderName)),
    blobs,
  };
}
