import type { Instant } from '../kernel/time.js';
import { epochMs } from '../kernel/time.js';
import type { State } from './state.js';

const dayMs = 86_400_000;

/** A checkout that nobody works in any more. */
export interface EndedWorktree {
  readonly todoId: string;
  readonly revision: number;
  readonly path: string;
  readonly endedAt: Instant;
  /** False where the todo was worked on in the person's own folder, of which nothing is removed. */
  readonly isOwn: boolean;
  /** Its removal is under way. */
  readonly isAsked: boolean;
}

/** Worktrees of revisions that landed or were dropped at least so many days ago (rules 4), the one that ended first before the others; never one with work that is nowhere else. */
export function endedWorktrees(state: State, now: Instant, afterDays: number): EndedWorktree[] {
  const asked = new Set(
    Object.values(state.effects).flatMap(({ effect }) =>
      effect.type === 'remove-worktree' ? [`${effect.todoId}-r${effect.revision}`] : [],
    ),
  );
  const found = Object.values(state.todos).flatMap(({ todoId, sprintId, status, endedAt, revision: current, revisions }) => {
    if (!endedAt || epochMs(now) - epochMs(endedAt) < afterDays * dayMs) return [];
    const isDropped = ['completed', 'cancelled', 'carried_over', 'failed'].includes(status);
    const isOwn = state.sprints[sprintId]?.terms.isolation === 'worktree';
    return revisions
      .filter(({ worktreePath, isIntegrated, number }) => worktreePath !== '' && (isDropped || isIntegrated || number < current))
      .map(({ number, worktreePath: path }) => ({
        ...{ todoId, revision: number, path, endedAt, isOwn, isAsked: asked.has(`${todoId}-r${number}`) },
      }));
  });
  return found.sort((a, b) => epochMs(a.endedAt) - epochMs(b.endedAt));
}
