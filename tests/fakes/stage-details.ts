import type { ProjectGuessView } from '../../src/shared/contract/host-views.js';
import type { BoardCardView, SprintHeadView } from '../../src/shared/contract/board-views.js';
import type { ActionView, CardView, ReceiptView, RevisionView, TurnView } from '../../src/shared/contract/card-views.js';
import type { BacklogItemView, RequestView, SprintView } from '../../src/shared/contract/views.js';
import type { CardDiffView, TrustView } from '../../src/shared/contract/work-views.js';
import { minutesAgo } from './stage-cards.js';

const hash = (letter: string): string => letter.repeat(64);

/** A receipt of two commands, both green, the second only after a retry. */
export const stageReceipt = (more: Partial<ReceiptView> = {}): ReceiptView => ({
  todoId: 'todo-139',
  title: 'Locked accounts say why and for how long',
  revision: 1,
  time: minutesAgo(25),
  badge: 'verified',
  gaps: [],
  target: 'refs/heads/main',
  base: 'b'.repeat(40),
  commit: 'c'.repeat(40),
  reverts: '',
  diffHash: hash('d'),
  receiptHash: hash('e'),
  commands: [
    {
      name: 'tests',
      argv: ['npm', 'test'],
      exitCode: 0,
      baseExitCode: 0,
      problem: '',
      durationMs: 14_200,
      retries: 0,
      jailed: true,
      outputHash: hash('1'),
    },
    {
      name: 'lint',
      argv: ['npm', 'run', 'lint', '--', 'src/a folder'],
      exitCode: 0,
      baseExitCode: 1,
      problem: '',
      durationMs: 3_100,
      retries: 1,
      jailed: true,
      outputHash: hash('2'),
    },
  ],
  protectedChanges: [],
  instructionChanges: [],
  ...more,
});

/** A turn that ended with a report. */
export const stageTurn = (id: string, more: Partial<TurnView> = {}): TurnView => ({
  id,
  role: 'developer',
  member: 'developer',
  step: 'developer_build',
  revision: 1,
  visit: 1,
  purpose: 'work',
  problems: [],
  status: 'ended',
  outcome: 'report',
  attempts: 1,
  runner: 'codex',
  model: 'gpt-5.5',
  isRehearsal: false,
  promptVersion: 'd0d327f53d7f3e73',
  promptSha256: hash('a'),
  promptBytes: 11_963,
  reportSha256: hash('b'),
  sessionId: 'd3be8dde-b65f-4ece-8f84-fcde6cc74e0a',
  tokens: { input: 15_300, cachedInput: 9_000, output: 2_100 },
  failures: [],
  startedAt: minutesAgo(40),
  endedAt: minutesAgo(36),
  ...more,
});

export const stageRevision = (number: number, more: Partial<RevisionView> = {}): RevisionView => ({
  number,
  branch: `muster/24/todo-139-r${number}`,
  worktree: '',
  request: '',
  commit: '',
  isIntegrated: false,
  isApproved: false,
  isReviewOpen: false,
  makers: ['developer'],
  closeout: null,
  receipt: null,
  revert: null,
  verdicts: [],
  ...more,
});

const actionsOf: Readonly<Record<BoardCardView['place'], readonly string[]>> = {
  todo: ['start-next', 'back-to-backlog', 'cancel-todo'],
  in_progress: ['requeue', 'cancel-todo'],
  review_by_agents: ['request-changes', 'requeue', 'cancel-todo'],
  review_by_person: ['approve', 'request-changes', 'withdraw-review'],
  done: ['approve', 'request-changes', 'ask-for-review', 'revert-todo'],
  approved: ['request-changes', 'ask-for-review', 'take-back', 'revert-todo'],
};

const named = (ids: readonly string[]): ActionView[] => ids.map((id) => ({ id, label: id, command: `muster ${id}` }));

/** Everything about a card of the board: what a card in its place mostly has. */
export function stageDetail(card: BoardCardView): CardView {
  const isLanded = card.status === 'committed';
  const isBlocked = card.status === 'blocked';
  const turns = card.place === 'todo' ? [] : stageCardTurns(card);
  return {
    ...card,
    backlogId: 'backlog-20261121-48822d80',
    sprintId: '261120-Sprint-09-00',
    summary: 'A locked account says **why** it is locked and for how many minutes, so that nobody tries again in vain.',
    scope: 'src/auth/lockout.ts',
    acceptanceCriteria: [
      'The refusal names the reason of the lock',
      'The minutes are rounded up',
      'An account that is not locked is let in',
    ],
    phase: 'implementation',
    isOnBoard: true,
    dependsOn: [{ id: 'todo-138', title: 'Wrong password keeps the typed e-mail', isDone: true }],
    members: { planner: 'planner', architect: 'architect', developer: 'developer', qa: 'qa-2' },
    limits: [
      { name: 'turns', used: 7, of: 40 },
      { name: 'reopens', used: 3, of: 3 },
    ],
    blocker: isBlocked
      ? {
          at: minutesAgo(18),
          reason: 'The session cookie may live 30 minutes or 8 hours; the request does not say.',
          kind: 'needs_input',
          byRole: 'architect',
          requiredInputs: ['Which lifetime, 30 minutes or 8 hours?'],
          logs: [],
        }
      : null,
    revisions: [stageRevision(card.revision, isLanded ? landedRevision(card) : {})],
    turns,
    reports: card.place === 'todo' ? [] : [stageReport],
    inputs: [],
    history: [],
    actions: named(isBlocked ? ['answer', 'retry', 'requeue', 'cancel-todo'] : actionsOf[card.place]),
    createdAt: minutesAgo(120),
    startedAt: minutesAgo(60),
    endedAt: isLanded ? minutesAgo(25) : null,
  };
}

const landedRevision = (card: BoardCardView): Partial<RevisionView> => ({
  commit: 'c'.repeat(40),
  isIntegrated: true,
  isApproved: card.place === 'approved',
  isReviewOpen: card.place === 'review_by_person',
  receipt:
    card.receiptBadge === 'with_gaps'
      ? stageReceipt({
          badge: 'with_gaps',
          gaps: ['It changes what judges it: test/auth/lockout.test.ts.'],
          protectedChanges: ['test/auth/lockout.test.ts'],
          instructionChanges: ['AGENTS.md'],
        })
      : stageReceipt(),
  verdicts:
    card.place === 'review_by_person'
      ? [{ at: minutesAgo(24), by: { kind: 'person', name: 'Jun', via: 'cli' }, kind: 'review-asked', revision: 1, comment: '' }]
      : [],
});

const stageReport: CardView['reports'][number] = {
  turnId: 'turn-ended',
  at: minutesAgo(36),
  role: 'developer',
  step: 'developer_build',
  revision: 1,
  status: 'completed',
  summary: 'A locked account is refused with its reason and the minutes that are left.',
  outcome: 'advance',
  reason: '',
  category: '',
  unresolved: ['The text is not translated yet.'],
  insights: [],
  artifacts: [],
  qaDecision: '',
  qaFindings: [],
  error: '',
  notes: [],
};

const stageCardTurns = (card: BoardCardView): TurnView[] => [
  stageTurn('turn-ended'),
  ...(card.status === 'running'
    ? [stageTurn(`turn-${card.id}`, { status: 'running', outcome: '', startedAt: minutesAgo(4), endedAt: null })]
    : []),
];

const lockoutPatch = `@@ -16,8 +16,9 @@ export function requireUnlocked(account, now) {
   const until = account.lockedUntil
   // The clock of the server decides.
   if (!until) return account
-  if (until > now) throw new LockedError()
+  if (until > now)
+    throw new LockedError({ reason: account.lockReason, minutes: minutesLeft(until, now) })
   return account
 }
`;

const testPatch = `@@ -0,0 +1,4 @@
+test('a locked account says for how long', () => {
+  const refused = () => requireUnlocked(locked, now)
+  assert.throws(refused, { minutes: 15 })
+})
`;

/** A diff with a changed file, a new one, one that is not text, and one that is too large. */
export const stageDiff = (todoId: string, revision: number): CardDiffView => ({
  todoId,
  revision,
  base: 'b'.repeat(40),
  head: 'c'.repeat(40),
  of: 'commit',
  files: [
    { ...file('src/auth/lockout.ts', 'changed', 2, 1), patch: lockoutPatch },
    { ...file('test/auth/lockout.test.ts', 'added', 4, 0), patch: testPatch },
    { ...file('public/lock.png', 'added', 0, 0), isBinary: true },
    { ...file('package-lock.json', 'changed', 9_120, 8_004), omitted: 'Its patch of 412 KB is left out: a file shows up to 256 KB.' },
  ],
  addedTotal: 9_126,
  removedTotal: 8_005,
});

const file = (path: string, kind: 'added' | 'changed', added: number, removed: number): CardDiffView['files'][number] => ({
  path,
  previousPath: '',
  kind,
  added,
  removed,
  isBinary: false,
  patch: '',
  omitted: '',
});

/** An item of the backlog with a rank. */
export const stageItem = (id: string, title: string, priorityRank: number, more: Partial<BacklogItemView> = {}): BacklogItemView => ({
  id,
  title,
  summary: 'What it is for, in a sentence.',
  kind: 'feature',
  source: 'user',
  scope: '',
  status: 'pending',
  priorityRank,
  acceptanceCriteria: ['It works', 'It is tested'],
  dependsOn: [],
  milestone: '',
  sprintId: '',
  requestId: '',
  reworkOf: '',
  blockedReason: '',
  droppedReason: '',
  todoIds: [],
  createdAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
  ...more,
});

/** A request that waits for an answer. */
export const stageRequest = (id: string): RequestView => ({
  id,
  status: 'blocked',
  scope: 'Change e-mail address',
  body: 'Let people change their e-mail address.',
  requestedBy: { kind: 'person', name: 'Ana', via: 'web' },
  currentRole: 'planner',
  waitingFor: 'waits for you: Should the old address be told?',
  blocker: {
    at: minutesAgo(3),
    reason: 'The request does not say what happens to the old address.',
    kind: 'needs_input',
    byRole: 'planner',
    requiredInputs: ['Should the old address be told?'],
    logs: [],
  },
  outcome: '',
  backlog: [{ id: 'backlog-1', title: 'Confirm the new address', status: 'pending' }],
  turns: [stageTurn('turn-request', { role: 'planner', member: 'planner', step: 'request_planning', revision: 0 })],
  reports: [],
  inputs: [],
  actions: named(['answer', 'cancel-request']),
  createdAt: minutesAgo(9),
  updatedAt: minutesAgo(3),
});

/** Everything about a sprint that runs. */
export const stageSprintView = (head: SprintHeadView, todos: readonly BoardCardView[]): SprintView => ({
  ...head,
  tokensByRole: { developer: 9_800, architect: 4_100, qa: 2_600, planner: 1_700 },
  isActive: true,
  requestedMilestone: head.milestone,
  brief: 'People who cannot sign in should know why, and what to do.',
  requirements: ['Every refusal says what to do next.'],
  startedBy: { kind: 'person', name: 'Ana', via: 'web' },
  closeoutStatus: '',
  planningIteration: 1,
  isolation: 'worktree',
  integrate: 'on_completion',
  target: 'refs/heads/main',
  verify: ['tests', 'lint'],
  documents: [{ name: 'plan.md', version: 2, by: 'planner', at: minutesAgo(110) }],
  todos: [...todos],
  turns: [],
  activity: [
    { at: minutesAgo(25), type: 'todo-committed', role: 'version_controller', todoId: 'todo-139', summary: 'committed revision 1' },
    { at: minutesAgo(4), type: 'turn-started', role: 'developer', todoId: 'todo-142', summary: 'began to build' },
  ],
  actions: named(['stop-sprint', 'stop-all']),
});

/** What the workspace would run, accepted by nobody. */
export const stageTrust = (): TrustView => ({
  workspace: '/w/acme-shop',
  project: '/p/acme-shop',
  isTrusted: false,
  hash: hash('f'),
  reasons: ['`verify` changed since it was accepted.'],
  isolation: 'worktree',
  setup: [['npm', 'ci']],
  copy: [],
  verify: [{ name: 'tests', command: ['npm', 'test'], timeoutSeconds: 600, network: false }],
  actions: [],
  runners: [{ runner: 'codex', network: true, roles: ['planner', 'developer'] }],
  hooks: '',
  rehearsal: '',
});

/** What would be written for a repository. */
export const stageGuess = (project: string): ProjectGuessView => ({
  project,
  workspace: `${project}/teams_generated`,
  isMade: false,
  target: 'main',
  setup: [['npm', 'ci']],
  verify: [['npm', 'test']],
  notes: ['Setup: `npm ci`, because there is a package-lock.json.'],
  refusals: project.includes('not-there') ? [`There is no folder ${project}.`] : [],
});
