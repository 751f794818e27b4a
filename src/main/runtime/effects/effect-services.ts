import type { IdSource } from '../../../shared/kernel/ids.js';
import type { Receipt, ReceiptHooks } from '../../../shared/domain/receipt.js';
import type { Sprint, State, Todo } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { RuntimeCommand, SetupAsked } from '../../../shared/domain/vocabulary.js';
import type { Clock } from '../ports/clock.js';
import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { BlobStore } from '../ports/journal.js';
import type { Runner } from '../ports/runner.js';
import type { TurnActivity } from '../ports/runner.js';
import type { SecretGuard } from '../ports/secret-guard.js';
import type { RoleSkill } from '../roles/role-skills.js';
import type { ActionPlace } from './action-place.js';
import type { PathRights } from './put-back.js';

/** One verification as the handlers ask for it; see `receipts/verifier.ts`. */
export interface VerifyAsk {
  readonly runKey: string;
  readonly treeish: string;
  readonly base: string | null;
  readonly sprint: Sprint;
}

/** What a verification found. */
export type VerifyFound =
  | ({ readonly kind: 'verified'; readonly tree: string; readonly environmentHash: string; readonly verifyHash: string } & Pick<
      Receipt,
      'commands' | 'protectedChanges' | 'weakenedTests'
    >)
  | { readonly kind: 'setup-failed'; readonly reason: string; readonly log: string }
  | SetupAsked
  | { readonly kind: 'stopped' };

/** A commit whose hooks are to be run; see `receipts/hook-runs.ts`. */
export interface HooksAsk {
  readonly runKey: string;
  readonly base: string;
  readonly tree: string;
  /** Short name. */
  readonly branch: string;
  readonly message: string;
  readonly closeoutId: string;
  readonly sprint: Sprint;
}

/** What the project's own hooks say to a commit. */
export type HooksFound =
  | { readonly kind: 'passed'; readonly hooks: ReceiptHooks }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'setup-failed'; readonly reason: string; readonly log: string }
  | SetupAsked
  | { readonly kind: 'stopped' };

/** Folders of the runtime, absolute. */
export interface EffectPaths {
  readonly workspace: string;
  readonly project: string;
  /** In the user's state folder, never below project or workspace. */
  readonly worktrees: string;
  readonly scratch: string;
  turn(turnId: string): string;
  session(role: string, folder: string): string;
  /** A folder that is filled ahead for the role's next session. */
  spareSession(role: string): string;
}

/** Everything that handlers work with; composed in `runtime.ts`. */
export interface EffectServices {
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<{ readonly ok: boolean }>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly blobs: BlobStore;
  /** null where the project has no repository. */
  readonly git: GitRepository | null;
  readonly paths: EffectPaths;
  readonly runnerFor: (role: string) => Runner | undefined;
  /** By its own id. */
  readonly runnerOf: (id: string) => Runner | undefined;
  readonly verify: (ask: VerifyAsk, signal: AbortSignal) => Promise<VerifyFound>;
  readonly runHooks: (ask: HooksAsk, signal: AbortSignal) => Promise<HooksFound>;
  /** What hooks had to do with the commit of a closeout; null where there were none. */
  readonly hooksOf: (closeoutId: string) => Promise<ReceiptHooks | null>;
  /**
   * Makes a checkout ready as the sprint's terms say; a sentence when it failed. Where what stands in it changes, against `base`, what
   * setup reads, a person is asked before anything runs; `base` null: nobody is.
   */
  readonly setUp: (
    checkout: string,
    of: { readonly treeish: string; readonly base: string | null },
    sprint: Sprint,
    runKey: string,
    signal: AbortSignal,
  ) => Promise<
    { readonly ok: true } | { readonly ok: false; readonly reason: string } | { readonly ok: false; readonly question: SetupAsked }
  >;
  readonly actions: ActionPlace;
  readonly seal: (draft: Omit<Receipt, 'v' | 'badge' | 'gaps' | 'receiptHash'>) => Promise<Receipt>;
  readonly readPrompts: (role: string, step: string) => Promise<{ readonly text: string; readonly version: string }>;
  /** Documents of a sprint as they are now, by file name. */
  readonly documentsOf: (sprint: Sprint | undefined) => Promise<readonly { readonly name: string; readonly bytes: Buffer }[]>;
  /** Files and folders of the workspace that a role's session gets copies of; absolute. */
  readonly sessionCopies: (role: string) => readonly string[];
  readonly skillsOf: (role: string) => Promise<readonly RoleSkill[]>;
  readonly writeDurably: (path: string, text: string) => Promise<void>;
  readonly archive: (name: string, value: unknown) => Promise<void>;
  /** Keeps what the person would not show out of all that is kept or shown; `blobs` and `tell` go through it already. */
  readonly secrets: SecretGuard;
  readonly rightsOf: (role: string) => PathRights;
  readonly onTurnActivity: (activity: TurnActivity) => void;
}

/** A todo with its sprint, or null when either is gone. */
export function todoScene(services: EffectServices, todoId: string): { readonly todo: Todo; readonly sprint: Sprint } | null {
  const todo = services.state().todos[todoId];
  const sprint = todo ? services.state().sprints[todo.sprintId] : undefined;
  return todo && sprint ? { todo, sprint } : null;
}

/** The runtime's own record of a todo's worktree. */
export function worktreeOf(todo: Todo, sprint: Sprint): WorktreeRecord {
  const revision = currentRevision(todo);
  const isInPlace = sprint.terms.isolation === 'in_place';
  return {
    path: revision.worktreePath,
    branch: isInPlace ? sprint.terms.targetRef : `refs/heads/${revision.branch}`,
    base: revision.base,
    gitFileSha256: revision.gitFileSha256,
  };
}

/** Git, where the sprint has one; a missing one is a bug in the composition. */
export function gitOf(services: EffectServices): GitRepository {
  if (!services.git) throw new Error('The sprint needs a git repository, and the project has none.');
  return services.git;
}
