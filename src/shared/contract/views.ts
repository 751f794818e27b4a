import { z } from 'zod';
import { boardCardSchema, haltSchema, problemSchema, sprintHeadSchema, whoSchema } from './board-views.js';
import { actionSchema, blockerSchema, cardSchema, historyLineSchema, reportViewSchema, turnViewSchema } from './card-views.js';
import { instant, words } from './view-fields.js';

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

/** What a clean-up of the disk removed, or would remove. */
export const cleanUpSchema = z.object({
  usedBytes: z.number(),
  capBytes: z.number(),
  freedBytes: z.number(),
  removed: z.array(z.object({ kind: z.string(), count: z.int(), bytes: z.number() })).readonly(),
  failed: z.array(z.string()).readonly(),
});

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
