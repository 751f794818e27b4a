import type { Instant } from '../kernel/time.js';
import type { Configuration, VerifyCommand } from './configuration.js';
import type { Actor, RoleId } from './actor.js';
import type { Blocker } from './blocker.js';
import type { Closeout, CloseoutStage, Revert } from './closeout.js';
import type { Effect, Evidence } from './effect.js';
import type { LeftWork } from './left-work.js';
import type { Operation } from './operation.js';
import type { Receipt } from './receipt.js';
import type { TurnTokens } from './turn-tokens.js';
import type { Step, Workflow } from './workflow.js';

export type { Actor, RoleId } from './actor.js';
export type { Blocker } from './blocker.js';
export type { Closeout, CloseoutStage, Revert, WorkBelow } from './closeout.js';

export type BacklogStatus = 'pending' | 'selected' | 'blocked' | 'done' | 'carried_over' | 'dropped';

/** A planned piece of work (sprint-runtime 4.4, camel-cased; the record on disk is snake-cased). */
export interface BacklogItem {
  backlogId: string;
  title: string;
  summary: string;
  kind: 'bug' | 'enhancement' | 'feature' | 'chore';
  source: string;
  scope: string;
  acceptanceCriteria: string[];
  milestoneTitle: string;
  /** 1 runs first; 0 = no rank. */
  priorityRank: number;
  /** Backlog ids that must be done first. */
  dependsOn: string[];
  plannedInSprintId: string;
  selectedInSprintId: string;
  completedInSprintId: string;
  addedDuringActiveSprint: boolean;
  status: BacklogStatus;
  origin: { milestoneRef: string; requirementRefs: string[]; specRefs: string[]; requestId: string };
  reworkOf: string;
  blockedReason: string;
  blockedByRole: string;
  requiredInputs: string[];
  recommendedNextStep: string;
  droppedReason: string;
  fingerprint: string;
  createdAt: Instant;
  updatedAt: Instant;
}

export type TodoStatus =
  'queued' | 'running' | 'paused' | 'blocked' | 'uncommitted' | 'committed' | 'completed' | 'failed' | 'cancelled' | 'carried_over';

/** What drives a running todo at this moment; there is always exactly one unfinished effect behind it, unless it is `idle`. */
export type TodoActivity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'preparing' }
  | { readonly kind: 'turn'; readonly turnId: string }
  | { readonly kind: 'evidence' }
  | { readonly kind: 'closeout'; readonly stage: CloseoutStage };

/** A person's (or a listed role's) word on one revision. */
export interface Verdict {
  at: Instant;
  by: Actor;
  kind: 'approved' | 'changes-requested' | 'taken-back' | 'review-asked' | 'review-withdrawn';
  revision: number;
  comment: string;
}

/** One round of work on a todo that ends in at most one commit. */
export interface Revision extends LeftWork {
  number: number;
  branch: string;
  /** Commit that the branch was made from; empty until the worktree stands. */
  base: string;
  worktreePath: string;
  gitFileSha256: string | null;
  /** What was asked when the previous revision was sent back. */
  request: string;
  closeout: Closeout | null;
  receipt: Receipt | null;
  /** The commit that stands for this revision on the target (or waits on its branch). */
  commit: string | null;
  isIntegrated: boolean;
  isApproved: boolean;
  isReviewOpen: boolean;
  verdicts: Verdict[];
  /** Everybody who made a part of it: `developer`, or a person who changed files by hand. */
  makers: string[];
  /** People who changed files by hand between turns. */
  changedBy: string[];
  /** Left out where nobody asked for it. */
  revert?: Revert;
}

/** A role's accepted report, as far as prompts, cards and documents need it; the whole is in a blob. */
export interface ReportDigest {
  turnId: string;
  at: Instant;
  role: RoleId;
  step: Step | PlanningStep | 'intake' | 'request_planning';
  revision: number;
  status: 'completed' | 'blocked' | 'failed';
  summary: string;
  insights: string[];
  artifacts: string[];
  transition: { outcome: string; targetStep: string; category: string; reason: string; unresolved: string[] };
  qa: { decision: string; findings: string[] } | null;
  error: string;
  notes: string[];
  reportSha256: string;
}

/** The execution of one backlog item in one sprint. */
export interface Todo {
  todoId: string;
  backlogId: string;
  sprintId: string;
  title: string;
  summary: string;
  scope: string;
  acceptanceCriteria: string[];
  priorityRank: number;
  /** Todo ids of the same sprint. */
  dependsOn: string[];
  /** Place among equals, smaller first; set by hand within a column. */
  order: number;
  workflowId: 'sprint-chain';
  status: TodoStatus;
  workflow: Workflow;
  activity: TodoActivity;
  revision: number;
  revisions: Revision[];
  needsFix: boolean;
  /** It was cancelled, failed or carried over while it stood in the queue, so its card stays in TODO. */
  endedInQueue?: boolean;
  /** Queued by a person's hand: started only by `start-next`. */
  isHeld: boolean;
  /** Member who acts for each role in this todo. */
  members: Record<string, string>;
  blocker: Blocker | null;
  turnsSpent: number;
  tokensSpent: number;
  reports: ReportDigest[];
  /** Verification of the newest checkpoint, made for QA. */
  evidence: Evidence | null;
  /** Answers and comments of people that the next turn gets, newest last. */
  inputs: { at: Instant; by: string; text: string }[];
  createdAt: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
  /** When the present step was entered. */
  stepSince: Instant;
  updatedAt: Instant;
}

/** The planner's five steps before a manual sprint runs (sprint-runtime 6.4). */
export type PlanningStep = 'milestone_refinement' | 'artifact_sync' | 'backlog_definition' | 'backlog_prioritization' | 'todo_finalization';

export type SprintStatus = 'planning' | 'running' | 'paused' | 'closeout' | 'completed' | 'failed' | 'blocked' | 'cancelled';

/** What a sprint runs by; fixed at its start, so that nothing an agent edits can change it. */
export interface SprintTerms {
  kind: 'repository' | 'no-repository';
  isolation: 'worktree' | 'in_place';
  integrate: 'on_completion' | 'on_approval';
  /** `refs/heads/main`. */
  targetRef: string;
  /** Target's tip at the start. */
  baseCommit: string;
  verify: VerifyCommand[];
  verifyHash: string;
  protect: string[];
  setup: string[][];
  setupTimeoutSeconds: number;
  copy: string[];
  submodules: boolean;
}

/** A bounded run through selected backlog items. */
export interface Sprint {
  sprintId: string;
  name: string;
  folder: string;
  requestedMilestone: string;
  milestoneTitle: string;
  brief: string;
  requirements: string[];
  sourceRequestId: string;
  startedBy: Actor;
  status: SprintStatus;
  phase: 'initial' | 'ongoing' | 'wrap_up';
  terms: SprintTerms;
  planning: { iteration: number; step: PlanningStep; visit: number; contractReturns: number; activeTurnId: string | null };
  pausedReason: string;
  /** Since when `limits.sprint_hours` counts: the start, or the last time that a person resumed it. */
  countedFrom: Instant;
  stopRequestedAt: Instant | null;
  closeoutStatus: '' | 'verified' | 'no_new_commits' | 'no_repo' | 'planning_incomplete' | 'cancelled' | 'failed';
  selectedBacklogIds: string[];
  todoIds: string[];
  reports: ReportDigest[];
  /** Authored documents by name, newest version's blob. */
  documents: Record<string, { sha256: string; version: number; by: string; at: Instant }>;
  activity: { at: Instant; type: string; role: string; todoId: string; summary: string }[];
  turnsSpent: number;
  tokensSpent: number;
  /** Tokens of the sprint's turns, its todos' included, by role; left out before the first. */
  tokensByRole?: Record<string, number>;
  startedAt: Instant;
  endedAt: Instant | null;
  updatedAt: Instant;
  /** True once its detail has left memory; only the head is here then. */
  isArchived: boolean;
  /** What an archived sprint still tells: ended todos by status. */
  tally: Record<string, number>;
}

export type RequestStatus = 'queued' | 'delegated' | 'completed' | 'blocked' | 'failed' | 'cancelled';

/** What somebody asked for. */
export interface Request {
  requestId: string;
  status: RequestStatus;
  scope: string;
  body: string;
  requestedBy: Actor;
  currentRole: RoleId;
  activeTurnId: string | null;
  visit: number;
  contractReturns: number;
  backlogIds: string[];
  reports: ReportDigest[];
  inputs: { at: Instant; by: string; text: string }[];
  outcome: string;
  blocker: Blocker | null;
  /** The newest action that was asked for in answer to it; left out before the first. */
  operationId?: string;
  fingerprint: string;
  createdAt: Instant;
  updatedAt: Instant;
}

export type TurnSubject =
  | { readonly kind: 'todo'; readonly todoId: string; readonly revision: number }
  | { readonly kind: 'sprint'; readonly sprintId: string }
  | { readonly kind: 'request'; readonly requestId: string };

/** One run of a member's agent. */
export interface Turn extends TurnTokens {
  turnId: string;
  subject: TurnSubject;
  role: RoleId;
  member: string;
  step: Step | PlanningStep | 'intake' | 'request_planning';
  visit: number;
  /** `repair`: mend malformed JSON only. `return`: the report broke its contract, `problems` says how. */
  purpose: 'work' | 'repair' | 'return';
  problems: string[];
  status: 'waiting' | 'prepared' | 'running' | 'ended';
  /** Times a process was started for it. */
  attempts: number;
  runner: string;
  /** As the configuration named it; missing for a script, and in records from before it was kept. */
  model?: string;
  isRehearsal: boolean;
  promptSha256: string;
  promptVersion: string;
  promptBytes: number;
  checkpointTree: string;
  sessionKey: string;
  sessionId: string;
  outcome: string;
  outputTree: string;
  reportSha256: string;
  failures: { at: Instant; attempt: number; reason: string; message: string; log: string }[];
  preparedAt: Instant | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
}

/** One hand-over between roles (sprint-runtime 4.9, 7). */
export interface Envelope {
  relayId: string;
  from: RoleId;
  to: RoleId;
  kind: 'delegate' | 'report' | 'forward';
  subjectId: string;
  turnId: string;
  intent: string;
  body: string;
  createdAt: Instant;
  consumedAt: Instant | null;
}

/** Something that a person has to see: what, where, and how to mend it. */
export interface Problem {
  problemId: string;
  path: string;
  reason: string;
  at: Instant;
  /** Todo, request or sprint that waits for it; when that goes on, the problem is over. */
  subjectId?: string;
  /** File or folder, absolute or relative to the workspace, that the problem is about: without it there is none. */
  standsWith?: string;
}

/** An intended effect that has no accepted outcome yet. */
export interface PendingEffect {
  effectId: string;
  lane: string;
  attempts: number;
  effect: Effect;
}

/** The whole truth of a workspace as it is folded from the journal. `evolve` changes it in place; nobody else does. */
export interface State {
  configuration: Configuration | null;
  configurationSha256: string;
  isTrusted: boolean;
  untrustedChanges: string[];
  backlog: Record<string, BacklogItem>;
  requests: Record<string, Request>;
  /** Runs of actions, oldest first. */
  operations: Record<string, Operation>;
  sprints: Record<string, Sprint>;
  activeSprintId: string | null;
  todos: Record<string, Todo>;
  turns: Record<string, Turn>;
  /** Agent sessions by key: `<sprint>/planner`, `<todo>/developer`. */
  sessions: Record<string, { sessionId: string; runner: string; lastUsedAt: Instant }>;
  envelopes: Record<string, Envelope>;
  envelopeCount: number;
  /** Relay files that were taken in, by the SHA-256 of their bytes, newest last; the oldest are forgotten. */
  intakes: Record<string, { at: Instant; requestId: string; isValid: boolean }>;
  problems: Record<string, Problem>;
  /** Refused starts until a person resumes: after *stop everything* or a crash loop. */
  halt: { reason: string; at: Instant } | null;
  spend: { day: string; tokens: number; turns: number };
  /** Starts of the runtime without a finished effect since. */
  startsWithoutProgress: Instant[];
  effects: Record<string, PendingEffect>;
  /** Setups of verifications that a person accepted although the work changed what they read, by key; left out before the first. */
  acceptedSetups?: Record<string, { at: Instant; by: string }>;
}

/** Whether a person accepted the setup of that key. */
export const isSetupAccepted = (state: State, key: string): boolean => state.acceptedSetups?.[key] !== undefined;

/** The state before the first record. */
export const emptyState = (): State => ({
  configuration: null,
  configurationSha256: '',
  isTrusted: false,
  untrustedChanges: [],
  backlog: {},
  requests: {},
  operations: {},
  sprints: {},
  activeSprintId: null,
  todos: {},
  turns: {},
  sessions: {},
  envelopes: {},
  envelopeCount: 0,
  intakes: {},
  problems: {},
  halt: null,
  spend: { day: '', tokens: 0, turns: 0 },
  startsWithoutProgress: [],
  effects: {},
});

/** The revision that a todo is at. */
export function currentRevision(todo: Todo): Revision {
  const revision = todo.revisions[todo.revision - 1];
  if (!revision) throw new Error(`Todo ${todo.todoId} has no revision ${todo.revision}.`);
  return revision;
}
