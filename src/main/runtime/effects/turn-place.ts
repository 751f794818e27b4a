import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sprint, Todo, Turn } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { WorktreeRecord } from '../ports/git-repository.js';
import { sessionFolderName } from '../roles/session-folder.js';
import type { EffectServices } from './effect-services.js';
import { gitOf, worktreeOf } from './effect-services.js';
import { worktreeFolder } from './worktree-folder.js';

/** Where a turn runs. Paths are absolute. */
export interface TurnPlace {
  readonly todo: Todo | undefined;
  readonly sprint: Sprint | undefined;
  /** null without a repository. */
  readonly worktree: WorktreeRecord | null;
  readonly checkout: string;
  readonly sessionKey: string;
  readonly sessionDir: string;
  readonly turnDir: string;
  /** Whether the role may change files of the checkout. */
  readonly mayWrite: boolean;
  /** Takes away what was made for this turn alone. */
  readonly leave: () => Promise<void>;
}

/** Sessions live per sprint for the planner and the orchestrator, per member and todo for the chain; a revision has a checkout of its own, and so its own session. */
export function sessionKeyOf(turn: Turn): string {
  const { subject } = turn;
  if (subject.kind === 'todo') return `${subject.todoId}/${turn.member}-r${subject.revision}`;
  return `${subject.kind === 'sprint' ? subject.sprintId : subject.requestId}/${turn.member}`;
}

const nothing = (): Promise<void> => Promise.resolve();

/** A read-only look at the target for turns that belong to no todo: a detached worktree that goes with the turn. */
async function lookPlace(
  services: EffectServices,
  turn: Turn,
  targetRef: string | null,
): Promise<{ readonly worktree: WorktreeRecord | null; readonly checkout: string; readonly leave: () => Promise<void> }> {
  const facts = services.git ? await services.git.inspect() : null;
  if (!services.git || !facts || facts.kind !== 'repository' || facts.head === null) {
    const checkout = join(services.paths.turn(turn.turnId), 'checkout');
    await mkdir(checkout, { recursive: true });
    return { worktree: null, checkout, leave: nothing };
  }
  const { git } = services;
  const base = await lookedAt(services, turn, (targetRef ? await git.tipOf(targetRef) : null) ?? facts.head);
  const path = join(services.paths.worktrees, worktreeFolder(turn.turnId));
  const standing = await git.addWorktree({ path, branch: null, base, copy: [], submodules: false });
  if (standing.kind === 'refused') throw new Error(standing.reason);
  const leave = async (): Promise<void> => {
    await git.restoreCheckpoint(standing.worktree, turn.turnId);
    await git.removeWorktree(standing.worktree, { checkpoint: turn.turnId, deleteBranch: false });
  };
  return { worktree: standing.worktree, checkout: path, leave };
}

/** The commit that this turn looks at: the same after a restart, though the target may have moved meanwhile. */
async function lookedAt(services: EffectServices, turn: Turn, tip: string): Promise<string> {
  const file = join(services.paths.turn(turn.turnId), 'base');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await services.writeDurably(file, tip);
    return tip;
  }
}

/** Name of the checkpoint that holds what the present attempt of a turn left. */
export const endCheckpoint = ({ turnId, attempts }: Pick<Turn, 'turnId' | 'attempts'>): string => `${turnId}.${attempts}.end`;

/** Finds the checkout, the session's folder and the turn's folder, and makes what is missing. A deleted worktree is rebuilt. */
export async function findTurnPlace(services: EffectServices, turn: Turn): Promise<TurnPlace> {
  const state = services.state();
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  const sprint = state.sprints[todo?.sprintId ?? (turn.subject.kind === 'sprint' ? turn.subject.sprintId : '')];
  const sessionKey = sessionKeyOf(turn);
  const sessionDir = services.paths.session(turn.role, sessionFolderName(sessionKey));
  const turnDir = services.paths.turn(turn.turnId);
  await mkdir(sessionDir, { recursive: true });
  await mkdir(turnDir, { recursive: true });
  const common = { todo, sprint, sessionKey, sessionDir, turnDir, mayWrite: services.rightsOf(turn.role).mayWrite };
  if (!todo || !sprint) return { ...common, ...(await lookPlace(services, turn, sprint?.terms.targetRef ?? null)) };
  const checkout = currentRevision(todo).worktreePath;
  if (sprint.terms.kind === 'no-repository') return { ...common, worktree: null, checkout, leave: nothing };
  const worktree = await standingWorktree(services, worktreeOf(todo, sprint), checkpointsOf(services, turn));
  return { ...common, worktree, checkout, leave: nothing };
}

/** Ended turns of the same todo and revision, newest last; the tree that each left is the state to come back to. */
export function earlierTurns(services: EffectServices, turn: Turn): Turn[] {
  const { subject } = turn;
  if (subject.kind !== 'todo') return [];
  return Object.values(services.state().turns).filter(
    (other) =>
      other.turnId !== turn.turnId &&
      other.subject.kind === 'todo' &&
      other.subject.todoId === subject.todoId &&
      other.subject.revision === subject.revision &&
      other.preparedAt !== null,
  );
}

function checkpointsOf(services: EffectServices, turn: Turn): string[] {
  const earlier = earlierTurns(services, turn).at(-1);
  return [...(turn.checkpointTree !== '' ? [turn.turnId] : []), ...(earlier ? [endCheckpoint(earlier), earlier.turnId] : [])];
}

async function standingWorktree(
  services: EffectServices,
  worktree: WorktreeRecord,
  checkpoints: readonly string[],
): Promise<WorktreeRecord> {
  const git = gitOf(services);
  if (worktree.gitFileSha256 === null || (await git.hasWorktree(worktree.path))) return worktree;
  for (const checkpoint of checkpoints)
    if ((await git.readCheckpoint(checkpoint)) !== null) return git.restoreCheckpoint(worktree, checkpoint);
  const made = await git.addWorktree({ path: worktree.path, branch: worktree.branch, base: worktree.base, copy: [], submodules: false });
  if (made.kind === 'refused') throw new Error(made.reason);
  return made.worktree;
}
