import { z } from 'zod';
import { instant, when, words } from './view-fields.js';

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

export type WhoView = z.infer<typeof whoSchema>;
export type ProblemView = z.infer<typeof problemSchema>;
export type BoardCardView = z.infer<typeof boardCardSchema>;
export type SprintHeadView = z.infer<typeof sprintHeadSchema>;
export type BoardView = z.infer<typeof boardSchema>;
