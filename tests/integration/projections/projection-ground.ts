import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newBacklogItem } from '../../../src/shared/domain/backlog.js';
import { evolve } from '../../../src/shared/domain/evolve/evolve.js';
import type { BacklogItem, Envelope, Sprint, State, Todo, Turn } from '../../../src/shared/domain/state.js';
import { emptyState } from '../../../src/shared/domain/state.js';
import { transact } from '../../../src/shared/domain/transact.js';
import type { Command, Event, Refusal } from '../../../src/shared/domain/vocabulary.js';
import { newWorkflow } from '../../../src/shared/domain/workflow.js';
import { FileBlobStore } from '../../../src/main/runtime/workspace/blob-store.js';
import { ProjectedLog } from '../../../src/main/runtime/workspace/projected-log.js';
import { ProjectionWriter } from '../../../src/main/runtime/workspace/projection-writer.js';
import type { NotedDelta } from '../../../src/main/runtime/workspace/projections/sprint-event-line.js';
import { Projector } from '../../../src/main/runtime/workspace/projector.js';
import { Watcher } from '../../../src/main/runtime/workspace/watcher.js';
import { FixedIds } from '../../fakes/fixed-ids.js';
import { ManualClock } from '../../fakes/manual-clock.js';

/** The time at which everything begins here. */
export const AT = '2026-03-24T09:00:00.000Z';

/** A pending backlog item. */
export const item = (n: number, title = `Item ${n}`): BacklogItem =>
  newBacklogItem({ title }, 'user', { now: AT, backlogId: `backlog-20260324-${String(n).padStart(8, '0')}` });

/** A paused sprint without todos, in which nothing goes on by itself. */
export const sprint = (changes: Partial<Sprint> = {}): Sprint => ({
  sprintId: '260324-Sprint-09-00',
  name: '2026-03-24-Login cleanup',
  folder: '260324-Sprint-09-00',
  requestedMilestone: 'Login cleanup',
  milestoneTitle: 'Login cleanup',
  brief: 'Make the login boring.',
  requirements: ['No new dependency'],
  sourceRequestId: '',
  startedBy: { kind: 'person', id: 'Ada', via: 'cli' },
  status: 'paused',
  phase: 'ongoing',
  terms: {
    kind: 'repository',
    isolation: 'worktree',
    integrate: 'on_completion',
    targetRef: 'refs/heads/main',
    baseCommit: 'b'.repeat(40),
    verify: [],
    verifyHash: '',
    protect: [],
    setup: [],
    setupTimeoutSeconds: 600,
    copy: [],
    submodules: false,
  },
  planning: { iteration: 1, step: 'milestone_refinement', visit: 1, contractReturns: 0, activeTurnId: null },
  pausedReason: '',
  countedFrom: '2026-03-24T09:00:00.000Z',
  stopRequestedAt: null,
  closeoutStatus: '',
  selectedBacklogIds: [],
  todoIds: [],
  reports: [],
  documents: {},
  activity: [],
  turnsSpent: 0,
  tokensSpent: 0,
  startedAt: AT,
  endedAt: null,
  updatedAt: AT,
  isArchived: false,
  tally: {},
  ...changes,
});

/** A queued todo of that sprint. */
export const todo = (n: number, changes: Partial<Todo> = {}): Todo => ({
  todoId: `todo-090000-${String(n).padStart(6, '0')}`,
  backlogId: item(n).backlogId,
  sprintId: sprint().sprintId,
  title: `Item ${n}`,
  summary: '',
  scope: '',
  acceptanceCriteria: ['It works'],
  priorityRank: 0,
  dependsOn: [],
  order: 0,
  workflowId: 'sprint-chain',
  status: 'queued',
  workflow: newWorkflow(),
  activity: { kind: 'idle' },
  revision: 1,
  revisions: [
    {
      number: 1,
      branch: '',
      base: '',
      worktreePath: '',
      gitFileSha256: null,
      request: '',
      closeout: null,
      receipt: null,
      commit: null,
      isIntegrated: false,
      isApproved: false,
      isReviewOpen: false,
      verdicts: [],
      makers: [],
      changedBy: [],
    },
  ],
  needsFix: false,
  isHeld: false,
  members: {},
  blocker: null,
  turnsSpent: 0,
  tokensSpent: 0,
  reports: [],
  evidence: null,
  inputs: [],
  createdAt: AT,
  startedAt: null,
  endedAt: null,
  stepSince: AT,
  updatedAt: AT,
  ...changes,
});

/** A turn of the planner on a todo. */
export const turn = (todoId: string, turnId = 'turn-000000000001'): Turn => ({
  turnId,
  subject: { kind: 'todo', todoId, revision: 1 },
  role: 'planner',
  member: 'planner',
  step: 'planner_draft',
  visit: 1,
  purpose: 'work',
  problems: [],
  status: 'waiting',
  attempts: 0,
  runner: '',
  isRehearsal: false,
  promptSha256: '',
  promptVersion: '',
  promptBytes: 0,
  checkpointTree: '',
  sessionKey: '',
  sessionId: '',
  outcome: '',
  outputTree: '',
  reportSha256: '',
  tokens: { input: 0, cachedInput: 0, output: 0 },
  failures: [],
  preparedAt: null,
  startedAt: null,
  endedAt: null,
});

/** An envelope that hands a todo to the planner. */
export const envelope = (ordinal: number, subjectId: string, turnId = 'turn-000000000001'): Envelope => ({
  relayId: `${String(ordinal).padStart(10, '0')}-0000000a`,
  from: 'orchestrator',
  to: 'planner',
  kind: 'delegate',
  subjectId,
  turnId,
  intent: 'plan',
  body: 'Plan it.',
  createdAt: AT,
  consumedAt: null,
});

/** A workspace with a state, its durable records, a projector and a watcher that is only asked, never started. */
export class Ground {
  readonly dir: string;
  readonly clock = new ManualClock(AT);
  readonly state: State = emptyState();
  readonly records: NotedDelta[] = [];
  readonly refusals: Refusal[] = [];
  readonly writes: string[] = [];
  readonly listeners: ((delta: NotedDelta) => void)[] = [];
  readonly blobs: FileBlobStore;
  readonly ids = new FixedIds();
  /** Paths whose writing dies without having done anything, as if the process was killed there. */
  failing: (path: string) => boolean = () => false;
  headMoved = false;
  projector!: Projector;
  watcher!: Watcher;

  private constructor(dir: string) {
    this.dir = dir;
    this.blobs = new FileBlobStore({ dir: join(dir, '.teams_runtime', 'blobs'), clock: this.clock });
  }

  static async with<T>(run: (ground: Ground) => Promise<T>): Promise<T> {
    const dir = await mkdtemp(join(tmpdir(), 'muster-projections-'));
    const ground = new Ground(dir);
    try {
      await ground.begin();
      return await run(ground);
    } finally {
      await ground.watcher.stop();
      await ground.projector.stop();
      await rm(dir, { recursive: true, force: true });
    }
  }

  /** A new process on the same workspace: nothing of the old projector is left. */
  async begin(): Promise<void> {
    const writer = new ProjectionWriter(this.dir);
    this.projector = new Projector({
      workspaceDir: this.dir,
      blobs: this.blobs,
      clock: this.clock,
      state: () => this.state,
      log: await ProjectedLog.open({ path: join(this.dir, '.teams_runtime', 'projected.log'), clock: this.clock }),
      writer: {
        write: async (path, content) => {
          if (this.failing(path)) throw Object.assign(new Error('ENOSPC: planned'), { code: 'ENOSPC' });
          this.writes.push(this.projector.nameOf(path));
          await writer.write(path, content);
        },
      },
      deltasAfter: (seq) => this.deltasAfter(seq),
      report: (problem) =>
        void this.dispatch(
          problem.reason === '' ? { type: 'clear-problem', problemId: problem.problemId } : { type: 'report-problem', problem },
        ),
    });
    this.watcher = new Watcher({
      workspaceDir: this.dir,
      projector: this.projector,
      blobs: this.blobs,
      clock: this.clock,
      state: () => this.state,
      dispatch: (command) => this.dispatch(command),
      headMovedOutside: () => Promise.resolve(this.headMoved),
    });
  }

  private async *deltasAfter(seq: number): AsyncIterable<NotedDelta> {
    for (const record of this.records) if (record.seq > seq) yield await Promise.resolve(record);
  }

  /** Puts events into the durable record and the state, and tells the projector. */
  record(...events: Event[]): void {
    for (const event of events) evolve(this.state, event, this.clock.now());
    this.publish(events);
  }

  dispatch(command: Command): Promise<Refusal | null> {
    const result = transact(this.state, command, { now: this.clock.now(), ids: this.ids, actor: { kind: 'file-edit', id: 'a file' } });
    if (!result.ok) {
      this.refusals.push(result.error);
      return Promise.resolve(result.error);
    }
    if (result.value.events.length > 0) this.publish(result.value.events);
    return Promise.resolve(null);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.dir, path), 'utf8');
  }

  /** Reasons of the open problems. */
  problems(): string[] {
    return Object.values(this.state.problems).map((problem) => problem.reason);
  }

  private publish(events: readonly Event[]): void {
    const delta: NotedDelta = { seq: this.records.length + 1, at: this.clock.now(), events };
    this.records.push(delta);
    this.projector.note(delta);
    for (const listener of this.listeners) listener(delta);
  }
}

const by = { kind: 'runtime', id: 'runtime' } as const;

/** The event that adds an item. */
export const added = (backlogItem: BacklogItem): Event => ({ type: 'backlog-item-added', item: backlogItem, by });

/** The events of a sprint with `count` queued todos. */
export const sprintWith = (count: number): Event[] => [
  { type: 'sprint-started', sprint: sprint() },
  ...Array.from({ length: count }, (_unused, i): Event => ({ type: 'todo-created', todo: todo(i + 1) })),
];
