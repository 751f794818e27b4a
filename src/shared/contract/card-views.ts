import { z } from 'zod';
import { boardCardSchema, whoSchema } from './board-views.js';
import { instant, when, words } from './view-fields.js';

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

export type ActionView = z.infer<typeof actionSchema>;
export type ReceiptView = z.infer<typeof receiptViewSchema>;
export type TurnView = z.infer<typeof turnViewSchema>;
export type ReportView = z.infer<typeof reportViewSchema>;
export type HistoryLine = z.infer<typeof historyLineSchema>;
export type RevertView = z.infer<typeof revertViewSchema>;
export type RevisionView = z.infer<typeof revisionViewSchema>;
export type CardView = z.infer<typeof cardSchema>;
