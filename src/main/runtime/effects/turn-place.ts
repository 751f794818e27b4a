import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sprint, Todo, Turn } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { WorktreeRecord } from '../ports/git-repository.js';
import { sessionFolderName } from '../roles/session-folder.js';
import type { EffectServices } from './effect-services.js';
import { worktreeOf } from './effect-services.js';
import { lookAtWorktree } from './left-work.js';
import type { WorktreeLook } from './left-work.js';
import { worktreeFolder } from './worktree-folder.js';

/** Where a turn runs. Paths are absolute. */
export interface TurnPlace extends WorktreeLook {
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
    // Without a checkpoint it was stopped before anything could run in it.
    if (await git.readCheckpoint(turn.turnId)) await git.restoreCheckpoint(standing.worktree, turn.turnId);
    await git.removeWorktree(standing.worktree, { checkpoint: turn.turnId, deleteBranch: false });
  };
  return { worktree: standing.worktree, checkout: path, leave };
}

/** Takes away the look of an ended turn, if it stands there still: Muster was ended before that, or the turn was given up. */
export async function leaveLook(services: EffectServices, turn: Turn): Promise<void> {
  const { subject, turnId } = turn;
  const path = join(services.paths.worktrees, worktreeFolder(turnId));
  if (!services.git || subject.kind === 'todo') return;
  // Git is asked only where it may be that its folder went and its entry did not.
  if (!existsSync(path) && !(turn.isUntold && (await services.git.hasWorktree(path)))) return;
  const sprint = subject.kind === 'sprint' ? services.state().sprints[subject.sprintId] : undefined;
  await (await lookPlace(services, turn, sprint?.terms.targetRef ?? null)).leave();
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

/** Finds the checkout, the session's folder and the turn's folder, and makes what is missing; in a todo's worktree nothing is done. */
export async function findTurnPlace(services: EffectServices, turn: Turn): Promise<TurnPlace> {
  const state = services.state();
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  const sprint = state.sprints[todo?.sprintId ?? (turn.subject.kind === 'sprint' ? turn.subject.sprintId : '')];
  const sessionKey = sessionKeyOf(turn);
  const sessionDir = services.paths.session(turn.role, sessionFolderName(sessionKey));
  const turnDir = services.paths.turn(turn.turnId);
  for (const folder of [sessionDir, turnDir]) mkdirSync(folder, { recursive: true });
  const { mayWrite } = services.rightsOf(turn.role);
  const common = { todo, sprint, sessionKey, sessionDir, turnDir, mayWrite, trouble: null, head: null };
  if (!todo || !sprint) return { ...common, ...(await lookPlace(services, turn, sprint?.terms.targetRef ?? null)) };
  const checkout = currentRevision(todo).worktreePath;
  if (sprint.terms.kind === 'no-repository') return { ...common, worktree: null, checkout, leave: nothing };
  const look = await lookAtWorktree(services, todo, sprint);
  return { ...common, ...look, worktree: worktreeOf(todo, sprint), checkout, leave: nothing };
}
