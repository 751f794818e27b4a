import { z } from 'zod';
import { boardCardSchema, haltSchema, problemSchema, sprintHeadSchema } from './board-views.js';
import { backlogItemSchema, requestHeadSchema, roleStatusSchema, spendSchema } from './views.js';

/** A place in one runtime's stream of changes. `seq` counts on within an epoch; another epoch is another runtime. */
export const livePlaceSchema = z.object({ epoch: z.string(), seq: z.int() });

/** A turn that runs now. */
export const runningTurnSchema = z.object({
  id: z.string(),
  role: z.string(),
  member: z.string(),
  step: z.string(),
  subjectId: z.string(),
  runner: z.string(),
  isRehearsal: z.boolean(),
  startedAt: z.string().nullable(),
});

const changed = {
  cards: z.array(boardCardSchema),
  goneCards: z.array(z.string()),
  backlogItems: z.array(backlogItemSchema),
  goneBacklogItems: z.array(z.string()),
  requests: z.array(requestHeadSchema),
  /** Roles whose status changed. */
  roles: z.array(roleStatusSchema),
  /** The active (or just ended) sprint. */
  sprint: sprintHeadSchema.nullable(),
  /** Other sprints that changed. */
  sprintHeads: z.array(sprintHeadSchema),
  /** All of them; null while they are the same. */
  problems: z.array(problemSchema).nullable(),
  /** All that run; null while they are the same. */
  turns: z.array(runningTurnSchema).nullable(),
  /** null while it is the same. */
  spend: spendSchema.nullable(),
  /** Whether a person has accepted what the workspace would run; null while it is the same. */
  isTrusted: z.boolean().nullable(),
  halt: haltSchema,
};

/**
 * What happens, while it happens. `ready` comes first: what changed before it is in the views, what changes after it comes here.
 * After `after`, what was missed follows `ready`; where it is not kept any more, `behind` stands before `ready`, and the views have
 * to be asked for again. `behind` comes later as well, to a reader who was too slow.
 */
export const liveSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), ...livePlaceSchema.shape }),
  z.object({ kind: z.literal('behind') }),
  z.object({
    kind: z.literal('change'),
    seq: z.int(),
    at: z.string(),
    /** Sentences for people, one for each event that is worth one. */
    lines: z.array(z.object({ text: z.string(), subjectId: z.string() })),
    ...changed,
  }),
  z.object({
    kind: z.literal('activity'),
    turnId: z.string(),
    subjectId: z.string(),
    member: z.string(),
    isRehearsal: z.boolean(),
    activity: z.enum(['text', 'reasoning', 'command', 'file-change', 'error']),
    text: z.string(),
  }),
]);

export type LivePlace = z.infer<typeof livePlaceSchema>;
export type RunningTurnView = z.infer<typeof runningTurnSchema>;
export type LiveEvent = z.infer<typeof liveSchema>;
export type LiveChange = Extract<LiveEvent, { kind: 'change' }>;
export type LiveActivity = Extract<LiveEvent, { kind: 'activity' }>;
