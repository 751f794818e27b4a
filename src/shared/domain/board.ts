import { goesAfter, isGivenUp, unlandedRevision } from './stack.js';
import type { Revision, State, Todo } from './state.js';
import { closeoutInWork } from './closeout.js';
import { currentRevision } from './state.js';

/** Columns of the board, left to right. */
export type ColumnId = 'todo' | 'in_progress' | 'review' | 'done' | 'approved';

/** The columns in order. */
export const columns: readonly [ColumnId, ...ColumnId[]] = ['todo', 'in_progress', 'review', 'done', 'approved'];

const agentReviewSteps = ['architect_review', 'qa_validation', 'closeout'];

/** Whether agents (not a person) hold the card in REVIEW. */
export const isAgentReview = (todo: Todo): boolean => columnOf(todo) === 'review' && !isLanded(todo);

/** Whether the present revision has its commit (or needed none), so that people may give verdicts. */
export const isLanded = (todo: Todo): boolean => todo.status === 'committed' || todo.status === 'completed';

/** The column of a todo (rules 3). */
export function columnOf(todo: Todo): ColumnId {
  if (todo.status === 'queued') return 'todo';
  if (isLanded(todo)) {
    const revision = currentRevision(todo);
    if (revision.isApproved && (revision.isIntegrated || todo.status === 'completed')) return 'approved';
    return revision.isReviewOpen ? 'review' : 'done';
  }
  if (isGivenUp(todo) && todo.endedInQueue === true) return 'todo';
  return agentReviewSteps.includes(todo.workflow.step) ? 'review' : 'in_progress';
}

/** A word on a card that is not its column, with the reason behind it. */
export interface Badge {
  readonly id:
    | 'needs_fix'
    | 'blocked'
    | 'failed'
    | 'uncommitted'
    | 'paused'
    | 'cancelled'
    | 'carried_over'
    | 'waits_for_person'
    | 'waits_for_working_tree'
    | 'held'
    | 'verified'
    | 'with_gaps'
    | 'not_verified'
    | 'rehearsal'
    | 'changed_by_hand'
    | 'reverted';
  readonly reason: string;
}

/** Badges of a card in the order in which they are shown. */
export function badgesOf(todo: Todo, state: State): Badge[] {
  const badges: Badge[] = [];
  const revision = currentRevision(todo);
  const reason = todo.blocker?.reason ?? '';
  if (todo.needsFix) badges.push({ id: 'needs_fix', reason: revision.request || reason });
  if (
    todo.status === 'blocked' ||
    todo.status === 'uncommitted' ||
    todo.status === 'failed' ||
    todo.status === 'paused' ||
    todo.status === 'cancelled' ||
    todo.status === 'carried_over'
  )
    badges.push({ id: todo.status, reason });
  if (todo.isHeld && todo.status === 'queued') badges.push({ id: 'held', reason: 'Queued by hand; it starts when somebody starts it.' });
  badges.push(...revertBadges(revision));
  const waiting = closeoutInWork(revision)?.waiting;
  if (todo.activity.kind === 'closeout' && waiting) badges.push({ id: 'waits_for_working_tree', reason: waiting.reason });
  if (revision.isReviewOpen) badges.push({ id: 'waits_for_person', reason: 'A review was asked for.' });
  if (isLanded(todo) && revision.receipt)
    badges.push({ id: revision.receipt.badge, reason: revision.receipt.gaps.map((gap) => gap.kind).join(', ') });
  if (revision.changedBy.length > 0)
    badges.push({ id: 'changed_by_hand', reason: `${revision.changedBy.join(', ')} changed files between turns.` });
  if (todo.activity.kind === 'turn' && state.turns[todo.activity.turnId]?.isRehearsal)
    badges.push({ id: 'rehearsal', reason: 'A script speaks, not an agent.' });
  return badges;
}

const shortName = (commit: string): string => commit.slice(0, 12);

/** The final badge of what was undone, or why its undoing stands still. */
function revertBadges(revision: Revision): Badge[] {
  const { revert } = revision;
  if (revert?.blocker) return [{ id: 'blocked', reason: revert.blocker.reason }];
  if (!revert || revert.revertedAt === null) return [];
  const by = `commit ${shortName(revert.closeout.rebased ?? '')} undoes ${shortName(revert.commit)}`;
  return [{ id: 'reverted', reason: `Reverted by ${revert.by.id}, ${by}: ${revert.comment}` }];
}

/** Who acts next on a card and why, in one sentence; `gates` is given by who asks for many cards of one state. */
export function waitingFor(todo: Todo, state: State, gates: Gates = gatesOf(state)): string {
  const revision = currentRevision(todo);
  switch (todo.status) {
    case 'queued':
      return queuedReason(todo, state, gates);
    case 'running':
      return runningReason(todo, state);
    case 'paused':
      return todo.blocker?.byRole === 'runtime'
        ? `waits for you: ${todo.blocker.reason}`
        : 'waits for you: it was paused; resume the sprint or retry it';
    case 'blocked':
      return `waits for you: ${todo.blocker?.reason ?? 'it is blocked'}`;
    case 'uncommitted':
      return `waits for you: ${todo.blocker?.reason ?? 'its work is not committed'}`;
    case 'committed':
    case 'completed':
      if (revision.revert && !(todo.needsFix && revision.revert.revertedAt !== null)) return revertReason(revision.revert);
      if (revision.isApproved) return revision.isIntegrated || todo.status === 'completed' ? '' : landingReason(todo, state);
      if (todo.needsFix) return 'changes were requested; their rework is in the backlog';
      return `waits for you: ${revision.isReviewOpen ? 'review' : 'approve it or request changes'}${notBy(revision)}`;
    default:
      return 'waits for you: retry it or put it back to the backlog';
  }
}

const haltReason = ({ reason }: NonNullable<State['halt']>): string => `waits for you: ${reason} \`muster sprint resume\` goes on.`;

/** People who made a part of it may not approve it (rules 3). */
const notBy = ({ changedBy }: Revision): string =>
  changedBy.length > 0 ? ` (somebody other than ${changedBy.join(', ')}, who made a part of it)` : '';

function runningReason(todo: Todo, state: State): string {
  if (todo.activity.kind === 'idle' && state.halt) return haltReason(state.halt);
  if (todo.activity.kind === 'preparing') return 'its worktree is being prepared';
  if (todo.activity.kind === 'evidence') return 'the verification runs for QA';
  if (todo.activity.kind === 'closeout') {
    const waiting = currentRevision(todo).closeout?.waiting;
    return waiting ? `waits for your working tree: ${waiting.reason}` : `closeout: ${todo.activity.stage}`;
  }
  return `${todo.workflow.owner}: ${todo.workflow.step.replaceAll('_', ' ')}`;
}

function revertReason({ blocker, closeout, revertedAt }: NonNullable<Revision['revert']>): string {
  if (revertedAt !== null) return '';
  if (blocker) return `waits for you: ${blocker.reason}`;
  return closeout.waiting ? `waits for your working tree: ${closeout.waiting.reason}` : 'the revert of its commit is brought to the target';
}

function landingReason(todo: Todo, state: State): string {
  const before = goesAfter(todo, state);
  const lost = before.find((other) => isGivenUp(other) || (isLanded(other) && other.needsFix));
  if (lost)
    return `waits for you: "${lost.title}", which it builds on, is not going to the target branch as it is; request changes to have this redone without it`;
  if (before.length > 0) return `waits for ${namesOf(before)}, which it builds on, to be approved and on the target branch`;
  const waiting = currentRevision(todo).closeout?.waiting;
  return waiting ? `waits for your working tree: ${waiting.reason}` : 'the closeout brings it to the target branch';
}

/** So many of the todos that one waits for are named: by rank, the last of 10,000 waits for all others. */
const namedAtMost = 3;

/** The todos of a sprint that hold back those of a larger rank: the first few, as many as are named. */
export type Gates = (sprintId: string) => readonly Todo[];

/** Finds the gates of a sprint once, when they are first asked for; good for as long as the state does not change. */
export function gatesOf(state: State): Gates {
  const known = new Map<string, readonly Todo[]>();
  return (sprintId) => {
    const found = known.get(sprintId) ?? firstGates(state, sprintId);
    known.set(sprintId, found);
    return found;
  };
}

const firstGates = (state: State, sprintId: string): readonly Todo[] =>
  firstGatesAmong(
    (state.sprints[sprintId]?.todoIds ?? [])
      .map((id) => state.todos[id])
      .filter((todo): todo is Todo => todo !== undefined && isGate(todo))
      .sort((a, b) => a.priorityRank - b.priorityRank),
  );

/** As many of the gates of a sprint, in the order of their ranks, as are named and one more. */
export const firstGatesAmong = (gates: readonly Todo[]): readonly Todo[] => gates.slice(0, namedAtMost + 1);

/** The first few todos that must be done before a queued one. */
export const todosBefore = (todo: Todo, state: State, gates: Gates): readonly Todo[] =>
  waitsByRank(todo)
    ? gates(todo.sprintId).filter(({ priorityRank }) => priorityRank < todo.priorityRank)
    : openDependencies(todo, state, namedAtMost + 1);

/** What a queued todo waits for. */
export function queuedReason(todo: Todo, state: State, gates: Gates = gatesOf(state)): string {
  if (todo.isHeld) return 'waits for you: start it';
  if (state.halt) return haltReason(state.halt);
  const open = todosBefore(todo, state, gates);
  return open.length === 0 ? 'waits for a free slot' : `waits for ${namesOf(open)}`;
}

function namesOf(todos: readonly Todo[]): string {
  const names = todos.slice(0, namedAtMost).map(({ title }) => `"${title}"`);
  return `${names.join(', ')}${todos.length > namedAtMost ? ' and others' : ''}`;
}

/** Whether this todo is held back by the ranks of others, not by named dependencies (rules 4). */
const waitsByRank = (todo: Todo): boolean =>
  todo.revision === 1 && todo.startedAt === null && todo.dependsOn.length === 0 && todo.priorityRank > 0;

/** Whether todos of a higher rank wait for this one. */
export const isGate = (todo: Todo): boolean => todo.priorityRank > 0 && todo.revision === 1 && !isLanded(todo) && !isGivenUp(todo);

/** Whether there is work of this todo to build on: it landed, or it is being redone after an earlier revision reached the target. */
export const canBeBuiltOn = (todo: Todo): boolean => isLanded(todo) || (todo.revision > 1 && unlandedRevision(todo) === null);

/** Todos that must be done before this one, `most` at most: its named dependencies, or, where it names none, all with a smaller rank (rules 4). */
export function openDependencies(todo: Todo, state: State, most = Number.MAX_SAFE_INTEGER): Todo[] {
  if (todo.revision > 1 || todo.startedAt !== null) return [];
  const byRank = waitsByRank(todo);
  const open: Todo[] = [];
  for (const id of byRank ? (state.sprints[todo.sprintId]?.todoIds ?? []) : todo.dependsOn) {
    const other = state.todos[id];
    if (!other) continue;
    if (byRank ? isGate(other) && other.priorityRank < todo.priorityRank : !canBeBuiltOn(other)) open.push(other);
    if (open.length >= most) break;
  }
  return open;
}

/** Tells of each todo of a sprint whether nothing has to be done before it; one look at all of them, so that asking for each stays cheap. */
export function readiness(todos: readonly Todo[], state: State): (todo: Todo) => boolean {
  const openRank = todos.reduce((lowest, todo) => (isGate(todo) ? Math.min(lowest, todo.priorityRank) : lowest), Number.MAX_SAFE_INTEGER);
  return (todo) => (waitsByRank(todo) ? todo.priorityRank <= openRank : openDependencies(todo, state, 1).length === 0);
}

/** Order within a column and of the queue: rework first, then by hand, rank and age. */
export function compareTodos(a: Todo, b: Todo): number {
  const front = (todo: Todo): number => (todo.startedAt !== null ? 0 : 1);
  const rank = (todo: Todo): number => (todo.priorityRank > 0 ? todo.priorityRank : Number.MAX_SAFE_INTEGER);
  return (
    front(a) - front(b) ||
    a.order - b.order ||
    rank(a) - rank(b) ||
    a.createdAt.localeCompare(b.createdAt) ||
    a.todoId.localeCompare(b.todoId)
  );
}

/** Whether a card is on the board: dropped, failed and carried over ones leave it when their sprint ends. */
export function isOnBoard(todo: Todo, state: State): boolean {
  if (!isGivenUp(todo)) return true;
  const sprint = state.sprints[todo.sprintId];
  return sprint !== undefined && sprint.endedAt === null;
}
