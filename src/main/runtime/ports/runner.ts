import type { ProcessIdentity } from './process-guardian.js';

/** Tokens as the runner counted them; zero where it does not say. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

/** What a member may use in a turn. Allow, ask and deny lists of `Tool(pattern)`, deny first (rules 7). */
export interface Loadout {
  readonly permissions: { readonly allow: readonly string[]; readonly ask: readonly string[]; readonly deny: readonly string[] };
  readonly network: boolean;
  readonly skills: readonly string[];
}

/** What the turn is about, in plain facts; a rehearsal picks its entry by them and they label logs. */
export interface TurnFacts {
  readonly scope: 'todo' | 'sprint' | 'request';
  readonly role: string;
  readonly member: string;
  readonly step: string;
  /** Title of the todo, milestone of the sprint, or scope text of the request. */
  readonly subject: string;
  /** Of the todo; 1 elsewhere. */
  readonly revision: number;
  /** How often this step has been entered for this subject and revision, from 1. */
  readonly visit: number;
  /** `work`, or `repair` when only malformed JSON is to be mended. */
  readonly purpose: 'work' | 'repair';
}

/** All that a runner needs to run one turn. Paths are absolute. */
export interface TurnInput {
  readonly turnId: string;
  readonly attempt: number;
  /** What attempts up to this one used was told; what later ones before this one used, as far as it is known, is told with this one. */
  readonly toldAttempts: number;
  readonly facts: TurnFacts;
  readonly prompt: string;
  /** Session to go on with; then `prompt` is what is said next. */
  readonly resumeSessionId: string | null;
  /** Working directory and, with `sessionDir`, the only writable place. */
  readonly checkout: string;
  readonly sessionDir: string;
  /** For the runner's own files (output, logs, temporary folder); survives a restart. */
  readonly turnDir: string;
  readonly model: string;
  readonly reasoning: string;
  /** JSON Schema of the report. */
  readonly reportSchema: Readonly<Record<string, unknown>>;
  readonly loadout: Loadout;
  readonly timeLimitMs: number;
}

/** What happens during a turn, normalised over runners. */
export type RunnerEvent =
  | { readonly type: 'spawned'; readonly identity: ProcessIdentity }
  | { readonly type: 'session'; readonly sessionId: string }
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | { readonly type: 'command'; readonly command: string; readonly exitCode: number | null; readonly output: string }
  | { readonly type: 'file-change'; readonly path: string; readonly change: 'added' | 'modified' | 'deleted' }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'error'; readonly message: string };

/** How a turn ended. `answered` says only that the agent spoke last; whether it is a report is decided elsewhere. */
export type RunnerOutcome =
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly usage: TokenUsage;
      /** Sentences that belong to the turn's record, such as what kept it from the person's files less well than it should. Default none. */
      readonly notes?: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly reason:
        'crashed' | 'timed-out' | 'stopped' | 'output-limit' | 'could-not-start' | 'rate-limited' | 'not-logged-in' | 'model-error';
      /** A sentence for people. */
      readonly message: string;
      readonly usage: TokenUsage;
    };

/** Attempts of a turn that were ended before they told what they used: those after `toldAttempts`, up to `attempts`. Paths are absolute. */
export interface UntoldAttempts {
  readonly turnId: string;
  readonly turnDir: string;
  /** As the turn's session was told last; empty: it was not. */
  readonly sessionId: string;
  readonly toldAttempts: number;
  readonly attempts: number;
}

/** Runs turns of an agent. One instance serves many turns at once. */
export interface Runner {
  /** `rehearsal`, `codex`, `claude`, … */
  readonly id: string;
  /** Shown wherever its turns show. */
  readonly label: string;
  /** True where nothing but a script speaks. */
  readonly isRehearsal: boolean;
  /**
   * Runs one turn to its end. `onEvent` is awaited for `spawned` and `session` before the runner goes on, so that they can be
   * recorded first. `signal` ends the turn within a second, with everything below it. Never rejects.
   */
  run(input: TurnInput, onEvent: (event: RunnerEvent) => Promise<void> | void, signal: AbortSignal): Promise<RunnerOutcome>;
  /** What attempts of a turn that goes on no more used, as far as the files that they left name it. Their processes must be gone. */
  untold(attempts: UntoldAttempts): Promise<TokenUsage>;
}

/** Something that happens during a turn, for live output; never in the journal. */
export interface TurnActivity {
  readonly turnId: string;
  readonly kind: 'text' | 'reasoning' | 'command' | 'file-change' | 'error';
  readonly text: string;
}
