import { z } from 'zod';

const instant = z.string();
const when = instant.nullable();
const words = z.array(z.string());

/** Someone who did something, as people read it; `via` is empty unless a person came in somewhere. */
export const whoSchema = z.object({ kind: z.enum(['person', 'role', 'file-edit', 'runtime']), name: z.string(), via: z.string() });

/** A problem that a person has to see: where it is, and what to do about it. */
export const problemSchema = z.object({ id: z.string(), path: z.string(), reason: z.string(), at: instant });

export const columnIdSchema = z.enum(['todo', 'in_progress', 'review', 'done', 'approved']);

/** A card as the board shows it. `badges` in the order in which they are shown, `badgeReasons` by badge. */
export const boardCardSchema = z.object({
  id: z.string(),
  title: z.string(),
  badges: words,
  badgeReasons: z.record(z.string(), z.string()),
  /** Who acts next and why; empty when nobody has to. */
  waitingFor: z.string(),
  column: columnIdSchema,
  status: z.string(),
  step: z.string(),
  owner: z.string(),
  revision: z.int(),
  priorityRank: z.int(),
  /** When the present step was entered. */
  since: instant,
  turnsSpent: z.int(),
  tokensSpent: z.int(),
  /** Cards of a column in the order of their keys, as text, are in the board's order. */
  sortKey: z.string(),
  /** Where it is in the table of moves: REVIEW is two places, by who holds it. */
  place: z.enum(['todo', 'in_progress', 'review_by_agents', 'review_by_person', 'done', 'approved']),
  /** Whether it goes on only when a person does something. */
  needsPerson: z.boolean(),
  /** Ids of the first few todos that must be done before this one starts, or, once it is approved, before it goes to the target. */
  dependsOnOpen: words,
  receiptBadge: z.enum(['', 'verified', 'with_gaps', 'not_verified']),
  /** How far the revert of its commit is; empty where nobody asked for one. */
  revert: z.enum(['', 'under_way', 'blocked', 'done']),
  /** Comments with the verdicts of all revisions. */
  commentCount: z.int(),
});

export const haltSchema = z.object({ reason: z.string(), at: instant }).nullable();

/** A sprint in a line. */
export const sprintHeadSchema = z.object({
  id: z.string(),
  name: z.string(),
  milestone: z.string(),
  status: z.string(),
  phase: z.string(),
  planningStep: z.string(),
  pausedReason: z.string(),
  isStopping: z.boolean(),
  startedAt: instant,
  endedAt: when,
  /** Todos by column; ended ones by their status. */
  tally: z.record(z.string(), z.int()),
  turnsSpent: z.int(),
  tokensSpent: z.int(),
  /** A role without a turn is left out. */
  tokensByRole: z.record(z.string(), z.int()),
});

/** The whole board, columns left to right and cards in order. */
export const boardSchema = z.object({
  sprint: sprintHeadSchema.nullable(),
  halt: haltSchema,
  columns: z.array(z.object({ id: columnIdSchema, cards: z.array(boardCardSchema) })),
  problems: z.array(problemSchema),
});

export const blockerSchema = z.object({
  at: instant,
  reason: z.string(),
  kind: z.string(),
  byRole: z.string(),
  requiredInputs: words,
  logs: words,
});

/** Something that can be done now, with the command that does it. */
export const actionSchema = z.object({ id: z.string(), label: z.string(), command: z.string() });

/** A receipt in words. `gaps` are sentences. */
export const receiptViewSchema = z.object({
  todoId: z.string(),
  title: z.string(),
  revision: z.int(),
  time: instant,
  badge: z.enum(['verified', 'with_gaps', 'not_verified']),
  gaps: words,
  target: z.string(),
  base: z.string(),
  commit: z.string(),
  /** The commit that this one undoes; empty where it is no revert. */
  reverts: z.string(),
  diffHash: z.string(),
  receiptHash: z.string(),
  commands: z.array(
    z.object({
      name: z.string(),
      argv: words,
      exitCode: z.int().nullable(),
      baseExitCode: z.int().nullable(),
      problem: z.string(),
      durationMs: z.number(),
      retries: z.int(),
      jailed: z.boolean(),
      outputHash: z.string(),
    }),
  ),
  protectedChanges: words,
  /** Files that a runner would obey and that the work added, changed or removed. */
  instructionChanges: words,
});

export const verdictSchema = z.object({ at: instant, by: whoSchema, kind: z.string(), revision: z.int(), comment: z.string() });

/** One run of a member's agent, as a card tells it. */
export const turnViewSchema = z.object({
  id: z.string(),
  role: z.string(),
  member: z.string(),
  step: z.string(),
  revision: z.int(),
  visit: z.int(),
  purpose: z.enum(['work', 'repair', 'return']),
  problems: words,
  status: z.enum(['waiting', 'prepared', 'running', 'ended']),
  outcome: z.string(),
  attempts: z.int(),
  runner: z.string(),
  /** As the configuration named it; empty for a script. */
  model: z.string(),
  /** A script spoke, not an agent. */
  isRehearsal: z.boolean(),
  promptVersion: z.string(),
  promptSha256: z.string(),
  promptBytes: z.int(),
  reportSha256: z.string(),
  sessionId: z.string(),
  tokens: z.object({ input: z.int(), cachedInput: z.int(), output: z.int() }),
  failures: z.array(z.object({ at: instant, attempt: z.int(), reason: z.string(), message: z.string(), log: z.string() })),
  startedAt: when,
  endedAt: when,
});

/** What a role reported; a claim, shown beside the receipt. */
export const reportViewSchema = z.object({
  turnId: z.string(),
  at: instant,
  role: z.string(),
  step: z.string(),
  revision: z.int(),
  status: z.string(),
  summary: z.string(),
  outcome: z.string(),
  reason: z.string(),
  category: z.string(),
  unresolved: words,
  insights: words,
  artifacts: words,
  qaDecision: z.string(),
  qaFindings: words,
  error: z.string(),
  notes: words,
});

export const historyLineSchema = z.object({ at: instant, by: z.string(), text: z.string() });

/** The undoing of a revision's commit on the target. */
export const revertViewSchema = z.object({
  at: instant,
  by: whoSchema,
  comment: z.string(),
  /** The commit that is undone. */
  undoes: z.string(),
  /** The commit that undoes it; empty until it is made. */
  commit: z.string(),
  /** When it was on the target. */
  revertedAt: when,
  waiting: z.string(),
  files: words,
  blocker: blockerSchema.nullable(),
  receipt: receiptViewSchema.nullable(),
});

export const revisionViewSchema = z.object({
  number: z.int(),
  branch: z.string(),
  worktree: z.string(),
  request: z.string(),
  commit: z.string(),
  isIntegrated: z.boolean(),
  isApproved: z.boolean(),
  isReviewOpen: z.boolean(),
  makers: words,
  closeout: z.object({ stage: z.string(), waiting: z.string(), files: words }).nullable(),
  receipt: receiptViewSchema.nullable(),
  revert: revertViewSchema.nullable(),
  verdicts: z.array(verdictSchema),
});

/** Everything about one todo. Times are instants, lists oldest first. */
export const cardSchema = z.object({
  ...boardCardSchema.shape,
  backlogId: z.string(),
  sprintId: z.string(),
  summary: z.string(),
  scope: z.string(),
  acceptanceCriteria: words,
  phase: z.string(),
  isOnBoard: z.boolean(),
  dependsOn: z.array(z.object({ id: z.string(), title: z.string(), isDone: z.boolean() })),
  members: z.record(z.string(), z.string()),
  /** How much of each limit is used. */
  limits: z.array(z.object({ name: z.string(), used: z.int(), of: z.int() })),
  blocker: blockerSchema.nullable(),
  revisions: z.array(revisionViewSchema),
  turns: z.array(turnViewSchema),
  reports: z.array(reportViewSchema),
  inputs: z.array(historyLineSchema),
  history: z.array(historyLineSchema),
  /** Only what the rules allow to whoever asks. */
  actions: z.array(actionSchema),
  createdAt: instant,
  startedAt: when,
  endedAt: when,
});

/** Everything about one request. */
export const requestSchema = z.object({
  id: z.string(),
  status: z.string(),
  scope: z.string(),
  body: z.string(),
  requestedBy: whoSchema,
  currentRole: z.string(),
  waitingFor: z.string(),
  blocker: blockerSchema.nullable(),
  outcome: z.string(),
  backlog: z.array(z.object({ id: z.string(), title: z.string(), status: z.string() })),
  turns: z.array(turnViewSchema),
  reports: z.array(reportViewSchema),
  inputs: z.array(historyLineSchema),
  actions: z.array(actionSchema),
  createdAt: instant,
  updatedAt: instant,
});

export const backlogItemSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  kind: z.string(),
  source: z.string(),
  scope: z.string(),
  status: z.string(),
  priorityRank: z.int(),
  acceptanceCriteria: words,
  dependsOn: words,
  milestone: z.string(),
  sprintId: z.string(),
  requestId: z.string(),
  reworkOf: z.string(),
  blockedReason: z.string(),
  droppedReason: z.string(),
  todoIds: words,
  createdAt: instant,
  updatedAt: instant,
});

/** The backlog in its order of work. */
export const backlogSchema = z.object({ counts: z.record(z.string(), z.int()), items: z.array(backlogItemSchema) });

/** A sprint with its todos in queue order. */
export const sprintSchema = z.object({
  ...sprintHeadSchema.shape,
  isActive: z.boolean(),
  requestedMilestone: z.string(),
  brief: z.string(),
  requirements: words,
  startedBy: whoSchema,
  closeoutStatus: z.string(),
  planningIteration: z.int(),
  isolation: z.string(),
  integrate: z.string(),
  target: z.string(),
  verify: words,
  documents: z.array(z.object({ name: z.string(), version: z.int(), by: z.string(), at: instant })),
  todos: z.array(boardCardSchema),
  turns: z.array(turnViewSchema),
  activity: z.array(z.object({ at: instant, type: z.string(), role: z.string(), todoId: z.string(), summary: z.string() })),
  actions: z.array(actionSchema),
});

/** One role as it stands: what it works on, and what runs it. */
export const roleStatusSchema = z.object({
  role: z.string(),
  isPublic: z.boolean(),
  status: z.enum(['working', 'waiting', 'idle']),
  /** Id of the todo, sprint or request that it works on; empty when idle. */
  subjectId: z.string(),
  step: z.string(),
  member: z.string(),
  runner: z.string(),
  model: z.string(),
  reasoning: z.string(),
  sessionId: z.string(),
});

export const requestHeadSchema = z.object({
  id: z.string(),
  status: z.string(),
  currentRole: z.string(),
  scope: z.string(),
  createdAt: instant,
});

/** What was spent on a day (UTC); `limit` in tokens, 0 = none. */
export const spendSchema = z.object({ day: z.string(), turns: z.int(), tokens: z.int(), limit: z.int() });

/** The workspace at a glance. */
export const statusSchema = z.object({
  workspace: z.string(),
  project: z.string(),
  /** True where a runtime works on it now. */
  isRunning: z.boolean(),
  isTrusted: z.boolean(),
  untrustedChanges: words,
  halt: haltSchema,
  /** Why the journal takes no writes; empty when it does. */
  writeProblem: z.string(),
  sprint: sprintHeadSchema.nullable(),
  roles: z.array(roleStatusSchema),
  backlog: z.record(z.string(), z.int()),
  requests: z.record(z.string(), z.int()),
  /** Cards by column. */
  board: z.record(z.string(), z.int()),
  /** Cards that wait for a person. */
  needsYou: z.array(z.object({ id: z.string(), title: z.string(), waitingFor: z.string() })),
  effects: z.array(z.object({ id: z.string(), type: z.string(), lane: z.string() })),
  spend: spendSchema,
  problems: z.array(problemSchema),
});

export const listSchema = z.object({
  roles: z.array(roleStatusSchema),
  backlog: z.record(z.string(), z.int()),
  sprints: z.array(sprintHeadSchema),
  requests: z.array(requestHeadSchema),
});

/** What an id stands for. */
export const showSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('todo'), card: cardSchema }),
  z.object({ kind: z.literal('request'), request: requestSchema }),
  z.object({ kind: z.literal('backlog'), item: backlogItemSchema }),
  z.object({ kind: z.literal('sprint'), sprint: sprintSchema }),
]);

export type WhoView = z.infer<typeof whoSchema>;
/** What a clean-up of the disk removed, or would remove. */
export const cleanUpSchema = z.object({
  usedBytes: z.number(),
  capBytes: z.number(),
  freedBytes: z.number(),
  removed: z.array(z.object({ kind: z.string(), count: z.int(), bytes: z.number() })).readonly(),
  failed: z.array(z.string()).readonly(),
});

export type ProblemView = z.infer<typeof problemSchema>;
export type BoardCardView = z.infer<typeof boardCardSchema>;
export type SprintHeadView = z.infer<typeof sprintHeadSchema>;
export type BoardView = z.infer<typeof boardSchema>;
export type ActionView = z.infer<typeof actionSchema>;
export type ReceiptView = z.infer<typeof receiptViewSchema>;
export type TurnView = z.infer<typeof turnViewSchema>;
export type ReportView = z.infer<typeof reportViewSchema>;
export type HistoryLine = z.infer<typeof historyLineSchema>;
export type RevertView = z.infer<typeof revertViewSchema>;
export type RevisionView = z.infer<typeof revisionViewSchema>;
export type CardView = z.infer<typeof cardSchema>;
export type RequestView = z.infer<typeof requestSchema>;
export type BacklogItemView = z.infer<typeof backlogItemSchema>;
export type BacklogView = z.infer<typeof backlogSchema>;
export type SprintView = z.infer<typeof sprintSchema>;
export type RoleStatusView = z.infer<typeof roleStatusSchema>;
export type StatusView = z.infer<typeof statusSchema>;
export type ListView = z.infer<typeof listSchema>;
export type ShowView = z.infer<typeof showSchema>;
export type RequestHeadView = z.infer<typeof requestHeadSchema>;
export type SpendView = z.infer<typeof spendSchema>;
