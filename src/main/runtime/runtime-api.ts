import type { Result } from '../../shared/kernel/result.js';
import type { EffectType } from '../../shared/domain/effect.js';
import type { Actor, State } from '../../shared/domain/state.js';
import type { Event, PersonCommand, Refusal } from '../../shared/domain/vocabulary.js';
import type { TurnActivity } from './ports/runner.js';
import type { ByteRange, TextPage } from './ports/text-page.js';

import type { CleanUp } from './retention/clean-up.js';

export type { TurnActivity } from './ports/runner.js';
export type { ByteRange, TextPage } from './ports/text-page.js';

/** What work left behind, for reading; secrets are taken out of all of it before it is kept. */
export interface KeptWork {
  /** A prompt, a report or a command's output by its SHA-256; null when it is not kept. */
  blob(sha256: string): Promise<Buffer | null>;
  /** Unified diff of two commits or trees of the project, renames detected; null where one of them is not kept, or no repository is there. */
  diff(base: string, head: string): Promise<string | null>;
  /** A page of what a turn said and did. */
  turnLog(turnId: string, range: ByteRange): Promise<TextPage>;
}

/** An accepted command: durable when you read this. */
export interface Accepted {
  readonly seq: number;
  /** Types of the events that it led to, in order. */
  readonly events: readonly string[];
  /** Ids that came into being: request, backlog item, sprint, … */
  readonly createdIds: readonly string[];
}

/** What subscribers get after each durable record, in order of `seq`. */
export interface Delta {
  readonly seq: number;
  readonly at: string;
  readonly events: readonly Event[];
}

/** What to know to start a sprint; the terms are found in the configuration and the repository. */
export interface SprintKickoff {
  readonly milestone: string;
  readonly brief: string;
  readonly requirements: readonly string[];
  readonly sourceRequestId: string;
}

/** Who asks, and with which id; a repeated id gets its first answer. */
export interface CommandOrigin {
  readonly commandId: string;
  readonly actor: Actor;
}

/** One workspace at work. Built by `createRuntime`; every client, whatever carries it, ends here. */
export interface Runtime {
  readonly workspaceDir: string;
  readonly projectDir: string;
  readonly epoch: number;
  /** The folded state; read it, never change it. */
  readonly state: () => State;
  readonly kept: KeptWork;
  /** Reads the settings and the trust in them again; the error is a sentence. */
  loadConfiguration(): Promise<Result<unknown, string>>;
  /** Accepts a command durably, or refuses it with its reason. */
  dispatch(command: PersonCommand, origin: CommandOrigin): Promise<Result<Accepted, Refusal>>;
  /** `start-sprint` with terms looked up; refuses what the project does not allow (detached HEAD, no identity, …). */
  startSprint(kickoff: SprintKickoff, origin: CommandOrigin): Promise<Result<Accepted, Refusal>>;
  /** Calls back for every durable record after now; returns the way to stop. */
  subscribe(listener: (delta: Delta) => void): () => void;
  onTurnActivity(listener: (activity: TurnActivity) => void): () => void;
  /** Hands out unfinished effects and goes on with what was under way. */
  start(): Promise<void>;
  /** Resolves when no effect is under way and none can start by itself. */
  drain(): Promise<void>;
  /** Ends what runs, in order: no new effects, turns ended, journal drained, lock released. */
  stop(): Promise<void>;
  /** Removes what ended work left and nobody needs; `isDry`: only says what would go. */
  cleanUp(isDry: boolean): Promise<CleanUp>;
  /** Effects under way, for `status`. */
  running(): readonly { readonly effectId: string; readonly type: EffectType; readonly lane: string }[];
  /** Rejects nothing: says why the journal takes no writes, or null. */
  writeProblem(): string | null;
}

/** Why a workspace could not be opened; `message` is a sentence with the next step. */
export interface OpenProblem {
  readonly kind: 'owned' | 'owner-stopped' | 'damaged' | 'no-workspace' | 'configuration' | 'copy-found' | 'unreadable';
  readonly message: string;
  /** Where a record of the journal cannot be applied: the workspace as it was before it, to be looked at. Holds no lock. */
  readonly readOnly?: Runtime;
  /** Address of the living owner, when `owned`. */
  readonly address?: string;
}
