import type { Instant } from '../kernel/time.js';
import type { IdSource } from '../kernel/ids.js';
import type { ColumnId } from './board.js';
import type { Configuration } from './configuration.js';
import type { EffectType, Evidence } from './effect.js';
import type { HandChange, WorktreeReady } from './left-work.js';
import type { EffectOutcomes } from './outcome.js';
import type { ActionEnd, Operation } from './operation.js';
import type { Receipt } from './receipt.js';
import type { RefusalId } from './refusal-id.js';
import type {
  Actor,
  BacklogItem,
  Blocker,
  Closeout,
  CloseoutStage,
  Envelope,
  PlanningStep,
  Problem,
  Request,
  ReportDigest,
  Sprint,
  SprintTerms,
  Todo,
  Turn,
  TurnSubject,
  Verdict,
} from './state.js';
import type { Move, Workflow } from './workflow.js';

/** Fields of a backlog item that a person or a report may give. */
export interface BacklogFields {
  readonly title?: string;
  readonly summary?: string;
  readonly kind?: BacklogItem['kind'];
  readonly scope?: string;
  readonly acceptanceCriteria?: readonly string[];
  readonly priorityRank?: number;
  /** Backlog ids or titles. */
  readonly dependsOn?: readonly string[];
  readonly milestoneTitle?: string;
}

/** What a person (or a script in a person's name) can ask for. Each is a contract method of the same name. */
export type PersonCommand =
  | { readonly type: 'add-backlog-item'; readonly fields: BacklogFields & { readonly title: string } }
  | { readonly type: 'edit-backlog-item'; readonly backlogId: string; readonly fields: BacklogFields }
  | { readonly type: 'rank-backlog-item'; readonly backlogId: string; readonly rank: number }
  | { readonly type: 'drop-backlog-item'; readonly backlogId: string; readonly reason: string }
  | { readonly type: 'submit-request'; readonly text: string }
  | { readonly type: 'cancel-request'; readonly requestId: string }
  /** Runs an action of the configuration; `params` fill the placeholders of its command. */
  | { readonly type: 'execute-action'; readonly actionName: string; readonly params: Readonly<Record<string, string>> }
  | {
      readonly type: 'start-sprint';
      readonly milestone: string;
      readonly brief: string;
      readonly requirements: readonly string[];
      readonly sourceRequestId: string;
      readonly terms: SprintTerms;
    }
  | { readonly type: 'stop-sprint' }
  | { readonly type: 'resume-sprint' }
  | { readonly type: 'start-next'; readonly todoId: string }
  | { readonly type: 'requeue'; readonly todoId: string }
  | { readonly type: 'approve'; readonly todoId: string; readonly revision: number; readonly comment: string }
  | { readonly type: 'request-changes'; readonly todoId: string; readonly revision: number; readonly comment: string }
  | { readonly type: 'ask-for-review'; readonly todoId: string; readonly revision: number }
  | { readonly type: 'withdraw-review'; readonly todoId: string; readonly revision: number }
  | { readonly type: 'take-back'; readonly todoId: string; readonly revision: number }
  /** Lets the red verification that the card waits at pass; the reason stands in the receipt, which says *not verified*. */
  | { readonly type: 'override-verification'; readonly todoId: string; readonly revision: number; readonly reason: string }
  /** Undoes the commit of the present revision, forward on the target; the card stays where it is. */
  | { readonly type: 'revert-todo'; readonly todoId: string; readonly revision: number; readonly comment: string }
  | { readonly type: 'retry'; readonly subjectId: string }
  | { readonly type: 'answer'; readonly subjectId: string; readonly text: string }
  | { readonly type: 'cancel-todo'; readonly todoId: string; readonly reason: string }
  | { readonly type: 'back-to-backlog'; readonly todoId: string }
  | { readonly type: 'reorder'; readonly todoId: string; readonly order: number }
  | {
      /** Moves a card as the table of moves says (rules 3); `comment` and `isConfirmed` are for the cells that ask for them. */
      readonly type: 'move-card';
      readonly todoId: string;
      readonly revision: number;
      readonly to: ColumnId;
      readonly comment: string;
      readonly isConfirmed: boolean;
    }
  | { readonly type: 'assign-todo'; readonly todoId: string; readonly role: string; readonly member: string }
  /** Takes a problem off the list; one that is still true comes back at the next look. */
  | { readonly type: 'dismiss-problem'; readonly problemId: string }
  | { readonly type: 'stop-all' };

export type { EffectOutcomes, SetupAsked, TurnOutcome } from './outcome.js';

/** An outcome that nobody waits for any more, as its effect was cancelled (rules 1). */
export interface SupersededOutcome {
  /** Empty where a start found what a turn had used. */
  readonly effectId: string;
  readonly effectType: EffectType;
  /** Kind of the outcome. */
  readonly outcome: string;
  /** Whose outcome it is, counted from 1; left out where a start found it. */
  readonly attempt?: number;
  /** Both of a turn only. */
  readonly turnId?: string;
  readonly tokens?: Turn['tokens'];
}

/** What the runtime tells the domain. */
export type RuntimeCommand =
  | {
      readonly type: 'load-configuration';
      readonly configuration: Configuration;
      readonly sha256: string;
      readonly isTrusted: boolean;
      readonly untrustedChanges: readonly string[];
    }
  | { readonly type: 'runtime-start' }
  | { readonly type: 'begin-effect'; readonly effectId: string }
  | {
      [T in EffectType]: {
        readonly type: 'settle-effect';
        readonly effectId: string;
        readonly effectType: T;
        readonly outcome: EffectOutcomes[T];
        /** Whose outcome it is, counted from 1; one of another attempt than the present one is ignored. Left out: the present one's. */
        readonly attempt?: number;
      };
    }[EffectType]
  /** What came of an effect after it was cancelled. Of a turn: what it used, also where only a start found that out. */
  | ({ readonly type: 'note-superseded-outcome' } & SupersededOutcome)
  | { readonly type: 'park-effect'; readonly effectId: string; readonly reason: string; readonly logs: readonly string[] }
  | {
      readonly type: 'note-turn-prepared';
      readonly turnId: string;
      readonly promptSha256: string;
      readonly promptVersion: string;
      readonly promptBytes: number;
      readonly checkpointTree: string;
      readonly runner: string;
      /** As the configuration names it; empty for a script. */
      readonly model?: string;
      readonly isRehearsal: boolean;
      readonly sessionKey: string;
    }
  | { readonly type: 'note-operation-begun'; readonly operationId: string }
  | { readonly type: 'note-turn-spawned'; readonly turnId: string; readonly pid: number; readonly startTime: string }
  | { readonly type: 'note-turn-session'; readonly turnId: string; readonly sessionId: string }
  | { readonly type: 'note-turn-failure'; readonly turnId: string; readonly reason: string; readonly message: string; readonly log: string }
  | ({ readonly type: 'note-changed-by-hand' } & HandChange)
  | { readonly type: 'take-file-edit'; readonly backlogId: string; readonly fields: BacklogFields; readonly path: string }
  | { readonly type: 'take-document-edit'; readonly sprintId: string; readonly name: string; readonly sha256: string }
  | {
      readonly type: 'take-intake';
      readonly sha256: string;
      readonly role: string;
      readonly envelope: { readonly from: string; readonly intent: string; readonly scope: string; readonly body: string } | null;
      readonly reason: string;
    }
  | { readonly type: 'report-problem'; readonly problem: Problem }
  | { readonly type: 'clear-problem'; readonly problemId: string }
  /** Asks for the worktrees of todos that ended so many days ago to be taken away; with `only`, no others than those at these paths. */
  | { readonly type: 'tidy-worktrees'; readonly afterDays: number; readonly only?: readonly string[] }
  | { readonly type: 'note-disk-freed'; readonly bytes: number; readonly what: string };

export type Command = PersonCommand | RuntimeCommand;

/** What happened, in the past tense; `evolve` folds them. Every event is complete: it is applied without looking outside. */
export type Event =
  | {
      readonly type: 'configuration-loaded';
      readonly configuration: Configuration;
      readonly sha256: string;
      readonly isTrusted: boolean;
      readonly untrustedChanges: readonly string[];
    }
  | { readonly type: 'runtime-started' }
  | { readonly type: 'halted'; readonly reason: string }
  | { readonly type: 'halt-lifted'; readonly by: Actor }
  | { readonly type: 'backlog-item-added'; readonly item: BacklogItem; readonly by: Actor }
  | { readonly type: 'backlog-item-changed'; readonly backlogId: string; readonly changes: Partial<BacklogItem>; readonly by: Actor }
  | { readonly type: 'request-accepted'; readonly request: Request }
  | {
      readonly type: 'request-changed';
      readonly requestId: string;
      readonly changes: Partial<Request>;
      readonly report?: ReportDigest;
      readonly why: string;
    }
  | { readonly type: 'sprint-started'; readonly sprint: Sprint }
  | {
      readonly type: 'sprint-changed';
      readonly sprintId: string;
      readonly changes: Partial<Sprint>;
      readonly why: string;
      readonly by: Actor;
    }
  | { readonly type: 'planning-step-entered'; readonly sprintId: string; readonly planning: Sprint['planning']; readonly why: string }
  | { readonly type: 'document-authored'; readonly sprintId: string; readonly name: string; readonly sha256: string; readonly by: string }
  | { readonly type: 'todo-created'; readonly todo: Todo }
  | { readonly type: 'todo-started'; readonly todoId: string }
  | { readonly type: 'worktree-asked'; readonly todoId: string; readonly branch: string; readonly onto: string }
  | ({ readonly type: 'worktree-ready' } & WorktreeReady)
  | { readonly type: 'step-entered'; readonly todoId: string; readonly move: Extract<Move, { kind: 'enter' }>; readonly workflow: Workflow }
  | { readonly type: 'step-resumed'; readonly todoId: string; readonly workflow: Workflow; readonly why: string; readonly by: Actor }
  | { readonly type: 'evidence-asked'; readonly todoId: string }
  | { readonly type: 'evidence-gathered'; readonly todoId: string; readonly evidence: Evidence }
  | { readonly type: 'todo-blocked'; readonly todoId: string; readonly blocker: Blocker; readonly row: string }
  | { readonly type: 'todo-paused'; readonly todoId: string; readonly reason: string; readonly by: Actor }
  | { readonly type: 'todo-requeued'; readonly todoId: string; readonly reason: string; readonly by: Actor }
  | {
      readonly type: 'todo-ended';
      readonly todoId: string;
      readonly status: 'completed' | 'failed' | 'cancelled' | 'carried_over';
      readonly reason: string;
      readonly by: Actor;
    }
  | { readonly type: 'todo-reordered'; readonly todoId: string; readonly order: number; readonly by: Actor }
  | { readonly type: 'todo-assigned'; readonly todoId: string; readonly role: string; readonly member: string; readonly by: Actor }
  | ({ readonly type: 'changed-by-hand' } & HandChange)
  | { readonly type: 'input-given'; readonly todoId: string; readonly text: string; readonly by: Actor }
  | { readonly type: 'turn-asked'; readonly turn: Turn; readonly envelope: Envelope | null }
  | { readonly type: 'turn-asked-again'; readonly turnId: string }
  | {
      readonly type: 'turn-prepared';
      readonly turnId: string;
      readonly promptSha256: string;
      readonly promptVersion: string;
      readonly promptBytes: number;
      readonly checkpointTree: string;
      readonly runner: string;
      /** As the configuration names it; empty for a script. */
      readonly model?: string;
      readonly isRehearsal: boolean;
      readonly sessionKey: string;
    }
  | { readonly type: 'turn-spawned'; readonly turnId: string; readonly pid: number; readonly startTime: string }
  | { readonly type: 'turn-session'; readonly turnId: string; readonly sessionId: string }
  | {
      readonly type: 'turn-failed-attempt';
      readonly turnId: string;
      readonly reason: string;
      readonly message: string;
      readonly log: string;
      /** What the attempt used, if another one follows; with the last one the end of the turn tells it. Left out in records from before it was told. */
      readonly tokens?: Turn['tokens'];
    }
  | {
      readonly type: 'turn-ended';
      readonly turnId: string;
      readonly outcome: string;
      readonly outputTree: string;
      readonly reportSha256: string;
      /** What was not told with an earlier attempt. */
      readonly tokens: Turn['tokens'];
      /** What its last attempts used is told by an `outcome-superseded`. */
      readonly isUntold?: true;
    }
  | { readonly type: 'report-accepted'; readonly subject: TurnSubject; readonly digest: ReportDigest }
  | { readonly type: 'report-returned'; readonly subject: TurnSubject; readonly turnId: string; readonly problems: readonly string[] }
  | { readonly type: 'envelope-consumed'; readonly relayId: string }
  | {
      readonly type: 'intake-taken';
      readonly sha256: string;
      readonly role: string;
      readonly isValid: boolean;
      readonly reason: string;
      readonly requestId: string;
    }
  | {
      readonly type: 'closeout-started';
      readonly todoId: string;
      readonly closeoutId: string;
      readonly row: string;
      readonly workflow: Workflow;
    }
  | { readonly type: 'closeout-advanced'; readonly todoId: string; readonly stage: CloseoutStage; readonly changes: Partial<Closeout> }
  | { readonly type: 'receipt-written'; readonly todoId: string; readonly receipt: Receipt }
  /** `key`: of the verification's setup, as the question named it. */
  | { readonly type: 'setup-accepted'; readonly todoId: string; readonly key: string; readonly by: Actor }
  /** `commands`: names of those that were red. */
  | {
      readonly type: 'verification-overridden';
      readonly todoId: string;
      readonly commands: readonly string[];
      readonly reason: string;
      readonly by: Actor;
    }
  | { readonly type: 'todo-uncommitted'; readonly todoId: string; readonly reason: string }
  | { readonly type: 'todo-committed'; readonly todoId: string; readonly commit: string; readonly isIntegrated: boolean }
  | {
      readonly type: 'verdict-given';
      readonly todoId: string;
      readonly revision: number;
      readonly kind: Verdict['kind'];
      readonly comment: string;
      readonly by: Actor;
    }
  | {
      readonly type: 'revert-asked';
      readonly todoId: string;
      readonly closeoutId: string;
      /** The commit that is to be undone. */
      readonly commit: string;
      readonly comment: string;
      readonly by: Actor;
    }
  | { readonly type: 'revert-blocked'; readonly todoId: string; readonly blocker: Blocker }
  /** A revert that stood still was given up: the commit stays. */
  | { readonly type: 'revert-dropped'; readonly todoId: string; readonly reason: string; readonly by: Actor }
  | { readonly type: 'todo-reverted'; readonly todoId: string; readonly commit: string }
  | { readonly type: 'revision-opened'; readonly todoId: string; readonly request: string; readonly by: Actor }
  | { readonly type: 'worktree-removal-asked'; readonly todoId: string; readonly revision: number }
  | { readonly type: 'worktree-removed'; readonly todoId: string; readonly revision: number; readonly note: string }
  | { readonly type: 'sprint-archive-asked'; readonly sprintId: string }
  | { readonly type: 'sprint-archived'; readonly sprintId: string }
  | { readonly type: 'operation-asked'; readonly operation: Operation }
  | { readonly type: 'operation-begun'; readonly operationId: string }
  | ({ readonly type: 'operation-ended'; readonly operationId: string } & ActionEnd)
  | { readonly type: 'problem-found'; readonly problem: Problem }
  /** `by`: a person who dismissed it; absent when it is mended. `path` as the problem had it. */
  | { readonly type: 'problem-cleared'; readonly problemId: string; readonly path?: string; readonly by?: Actor }
  /** What was removed from the disk because nothing needs it; `what` names kinds and counts. */
  | { readonly type: 'disk-freed'; readonly bytes: number; readonly what: string }
  | { readonly type: 'effect-begun'; readonly effectId: string }
  /** `isProgress: false`: tidying up, or waiting for a person; it does not count against a crash loop. `attempt`: which one told the outcome. */
  | { readonly type: 'effect-settled'; readonly effectId: string; readonly attempt?: number; readonly isProgress?: boolean }
  | { readonly type: 'effect-cancelled'; readonly effectId: string; readonly reason: string }
  | { readonly type: 'effect-parked'; readonly effectId: string; readonly reason: string }
  /** The outcome itself is ignored; what a turn used counts. */
  | ({ readonly type: 'outcome-superseded' } & SupersededOutcome);

export type EventType = Event['type'];

export type { RefusalId } from './refusal-id.js';

/** A refusal: the same reason for everybody. `message` is a sentence with the next step. */
export interface Refusal {
  readonly id: RefusalId;
  readonly message: string;
}

/** What `decide` gets besides state and command. */
export interface DecideContext {
  readonly now: Instant;
  readonly ids: IdSource;
  readonly actor: Actor;
}

/** The steps of the initial phase, in order. */
export const planningSteps: readonly PlanningStep[] = [
  'milestone_refinement',
  'artifact_sync',
  'backlog_definition',
  'backlog_prioritization',
  'todo_finalization',
];
