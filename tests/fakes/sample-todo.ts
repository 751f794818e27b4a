import type { Receipt } from '../../src/shared/domain/receipt.js';
import type { Revert } from '../../src/shared/domain/closeout.js';
import type { Revision, Sprint, State, Todo, Turn } from '../../src/shared/domain/state.js';
import { plainTerms, trustedState } from './memory-runtime.js';

const at = '2026-03-24T09:00:00.000Z';

/** A running sprint without todos. */
export const sampleSprint = (changes: Partial<Sprint> = {}): Sprint => ({
  sprintId: '260324-Sprint-09-00',
  name: '2026-03-24-Durations',
  folder: '260324-Sprint-09-00',
  requestedMilestone: 'Durations',
  milestoneTitle: 'Durations',
  brief: '',
  requirements: [],
  sourceRequestId: '',
  startedBy: { kind: 'person', id: 'Ann', via: 'cli' },
  status: 'running',
  phase: 'ongoing',
  terms: plainTerms,
  planning: { iteration: 1, step: 'todo_finalization', visit: 1, contractReturns: 0, activeTurnId: null },
  pausedReason: '',
  stopRequestedAt: null,
  closeoutStatus: '',
  selectedBacklogIds: [],
  todoIds: [],
  reports: [],
  documents: {},
  activity: [],
  turnsSpent: 3,
  tokensSpent: 1200,
  countedFrom: at,
  startedAt: at,
  endedAt: null,
  updatedAt: at,
  isArchived: false,
  tally: {},
  ...changes,
});

/** The first round of work, nothing done yet. */
export const sampleRevision = (changes: Partial<Revision> = {}): Revision => ({
  number: 1,
  branch: 'muster/s1/todo-1-r1',
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
  makers: ['developer'],
  changedBy: [],
  ...changes,
});

/** A queued todo. */
export const sampleTodo = (changes: Partial<Todo> = {}): Todo => ({
  todoId: 'todo-090000-000001',
  backlogId: 'backlog-20260324-00000001',
  sprintId: '260324-Sprint-09-00',
  title: 'Parse weeks',
  summary: 'Weeks are refused.',
  scope: 'src/parse.js',
  acceptanceCriteria: ['2w is 14 days'],
  priorityRank: 1,
  dependsOn: [],
  order: 0,
  workflowId: 'sprint-chain',
  status: 'queued',
  workflow: {
    phase: 'planning',
    step: 'planner_draft',
    owner: 'planner',
    phaseStatus: 'active',
    planningPasses: 0,
    reviewCycles: 0,
    reopens: 0,
    contractReturns: 0,
    visits: {},
    reopenSource: '',
    reopenCategory: '',
  },
  activity: { kind: 'idle' },
  revision: 1,
  revisions: [sampleRevision()],
  needsFix: false,
  isHeld: false,
  members: { developer: 'developer' },
  blocker: null,
  turnsSpent: 0,
  tokensSpent: 0,
  reports: [],
  evidence: null,
  inputs: [],
  createdAt: at,
  startedAt: null,
  endedAt: null,
  stepSince: at,
  updatedAt: at,
  ...changes,
});

/** A green receipt of one command, with a gap. */
export const sampleReceipt = (changes: Partial<Receipt> = {}): Receipt => ({
  v: 1,
  todoId: 'todo-090000-000001',
  revision: 1,
  time: '2026-03-24T09:30:00.000Z',
  target: 'refs/heads/main',
  base: 'a'.repeat(40),
  commit: 'b'.repeat(40),
  tree: 'c'.repeat(40),
  patchId: 'd'.repeat(40),
  diffHash: 'e'.repeat(64),
  closeoutId: 'closeout-1',
  verifyHash: 'f'.repeat(64),
  environmentHash: '1'.repeat(64),
  commands: [
    {
      name: 'tests',
      argv: ['npm', 'test'],
      exitCode: 0,
      problem: '',
      durationMs: 1234,
      outputHash: '2'.repeat(64),
      outputBytes: 10,
      retries: 1,
      baseExitCode: 0,
      baseOutputHash: '3'.repeat(64),
      baseOutputBytes: 10,
      jailed: true,
    },
  ],
  protectedChanges: [],
  weakenedTests: null,
  isInPlace: false,
  hasCommit: true,
  override: null,
  badge: 'with_gaps',
  gaps: [{ kind: 'passed-on-retry', command: 'tests', retries: 1 }],
  receiptHash: '4'.repeat(64),
  ...changes,
});

/** A todo that landed, with its receipt, and waits for a verdict. */
export const landedTodo = (changes: Partial<Todo> = {}): Todo =>
  sampleTodo({
    status: 'committed',
    startedAt: at,
    endedAt: '2026-03-24T09:31:00.000Z',
    workflow: { ...sampleTodo().workflow, phase: 'closeout', step: 'closeout', owner: 'version_controller', phaseStatus: 'completed' },
    revisions: [sampleRevision({ receipt: sampleReceipt(), commit: 'b'.repeat(40), isIntegrated: true })],
    ...changes,
  });

/** The undoing of the landed commit, done, with its own receipt. */
export const sampleRevert = (changes: Partial<Revert> = {}): Revert => ({
  at: '2026-03-24T09:40:00.000Z',
  by: { kind: 'person', id: 'Ann', via: 'cli' },
  comment: 'It broke the shop.',
  commit: 'b'.repeat(40),
  closeout: {
    closeoutId: 'revert-1',
    stage: 'done',
    commit: 'e'.repeat(40),
    tree: 'a'.repeat(40),
    rebased: 'e'.repeat(40),
    onto: 'd'.repeat(40),
    patchId: 'd'.repeat(40),
    tipMoves: 0,
    paths: ['src/parse.js'],
    waiting: null,
  },
  receipt: sampleReceipt({
    ...{ closeoutId: 'revert-1', commit: 'e'.repeat(40), base: 'd'.repeat(40), reverts: 'b'.repeat(40), time: '2026-03-24T09:41:00.000Z' },
  }),
  blocker: null,
  revertedAt: '2026-03-24T09:42:00.000Z',
  ...changes,
});

/** A landed todo whose commit was reverted, or is as far as said. */
export const revertedTodo = (changes: Partial<Revert> = {}): Todo => {
  const todo = landedTodo();
  return { ...todo, revisions: todo.revisions.map((revision) => ({ ...revision, revert: sampleRevert(changes) })) };
};

/** A turn of the developer that a script runs. */
export const sampleTurn = (changes: Partial<Turn> = {}): Turn => ({
  turnId: 'turn-000000000001',
  subject: { kind: 'todo', todoId: 'todo-090000-000001', revision: 1 },
  role: 'developer',
  member: 'developer',
  step: 'developer_build',
  visit: 1,
  purpose: 'work',
  problems: [],
  status: 'running',
  attempts: 1,
  runner: 'rehearsal',
  isRehearsal: true,
  promptSha256: '5'.repeat(64),
  promptVersion: 'developer_build@1',
  promptBytes: 1000,
  checkpointTree: '',
  sessionKey: 'todo-090000-000001/developer',
  sessionId: '',
  outcome: '',
  outputTree: '',
  reportSha256: '',
  tokens: { input: 100, cachedInput: 0, output: 20 },
  failures: [],
  preparedAt: at,
  startedAt: at,
  endedAt: null,
  ...changes,
});

/** A trusted state with the running sample sprint and these todos in it. */
export function stateWith(...todos: readonly Todo[]): State {
  const state = trustedState();
  const sprint = sampleSprint({ todoIds: todos.map(({ todoId }) => todoId) });
  state.sprints[sprint.sprintId] = sprint;
  state.activeSprintId = sprint.sprintId;
  for (const todo of todos) state.todos[todo.todoId] = todo;
  return state;
}
