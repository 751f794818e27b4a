import { backlogStatusOf } from '../../../src/shared/domain/backlog.js';
import { columnOf, columns, isLanded, waitingFor } from '../../../src/shared/domain/board.js';
import { slots, todosOf } from '../../../src/shared/domain/queue.js';
import { isGreen } from '../../../src/shared/domain/receipt.js';
import { openBelow, unlandedRevision, workBelow } from '../../../src/shared/domain/stack.js';
import { revertStandOf } from '../../../src/shared/domain/closeout.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { PendingEffect, State, Todo } from '../../../src/shared/domain/state.js';

/** Throws with a sentence; a broken invariant stops the story where it broke. */
export function must(holds: boolean, sentence: () => string): asserts holds {
  if (!holds) throw new Error(sentence());
}

const openStatuses = ['queued', 'running', 'paused', 'blocked', 'uncommitted'];

/** Effects that carry a todo on; tidying up after one is none. */
export function driversOf(state: State, todo: Todo): PendingEffect[] {
  return Object.values(state.effects).filter(({ effect }) => {
    if (effect.type === 'remove-worktree' || effect.type === 'archive-sprint' || effect.type === 'run-action') return false;
    if (effect.type !== 'run-turn') return effect.todoId === todo.todoId;
    const subject = state.turns[effect.turnId]?.subject;
    return subject?.kind === 'todo' && subject.todoId === todo.todoId;
  });
}

function checkDrive(state: State, todo: Todo): void {
  const drivers = driversOf(state, todo).map(({ effect }) => effect.type);
  const name = `${todo.todoId} (${todo.status}, ${todo.workflow.step}, ${todo.activity.kind})`;
  const isClosingOut = todo.status === 'committed' && todo.activity.kind === 'closeout';
  if (todo.status === 'running' && !state.halt)
    must(drivers.length === 1, () => `${name} is driven by [${drivers.join()}], not by one effect.`);
  else if (todo.status === 'running' || isClosingOut) must(drivers.length <= 1, () => `${name} is driven by [${drivers.join()}].`);
  else must(drivers.length === 0, () => `${name} is still driven by [${drivers.join()}].`);
  if (isClosingOut) must(drivers.length === 1, () => `${name} waits for a closeout that nothing carries on.`);
  const isTurn = todo.activity.kind === 'turn';
  must(isTurn === drivers.includes('run-turn'), () => `${name} has activity ${todo.activity.kind} and is driven by [${drivers.join()}].`);
  const turns = Object.values(state.turns).filter(
    ({ subject, status }) => subject.kind === 'todo' && subject.todoId === todo.todoId && status !== 'ended',
  );
  must(turns.length === (isTurn ? 1 : 0), () => `${name} has ${turns.length} turns that have not ended.`);
}

function checkLimits(state: State, todo: Todo): void {
  const limits = state.configuration?.limits;
  if (!limits) return;
  const { workflow, turnsSpent } = todo;
  const within: [string, number, number][] = [
    ['advisory passes', workflow.planningPasses, limits.advisoryPasses],
    ['reviews', workflow.reviewCycles, limits.architectReviews],
    ['reopens', workflow.reopens, limits.reopens],
    ['contract returns', workflow.contractReturns, limits.contractReturns],
    ['turns', turnsSpent, limits.cardTurns],
  ];
  for (const [what, used, limit] of within) must(used <= limit, () => `${todo.todoId} used ${used} ${what} of ${limit}.`);
}

function checkProof(todo: Todo): void {
  const revision = currentRevision(todo);
  const column = columnOf(todo);
  must(columns.includes(column), () => `${todo.todoId} is in no column.`);
  if (todo.status === 'committed') must(revision.commit !== null, () => `${todo.todoId} is committed without a commit.`);
  if (!isLanded(todo)) {
    must(column !== 'done' && column !== 'approved', () => `${todo.todoId} is ${todo.status} and in ${column}.`);
    return;
  }
  must(revision.receipt !== null, () => `${todo.todoId} landed without a receipt.`);
  must(isGreen(revision.receipt), () => `${todo.todoId} landed with a red receipt.`);
  must(revision.receipt.revision === todo.revision, () => `${todo.todoId} landed with the receipt of another revision.`);
  const { revert } = revision;
  if (revert?.revertedAt != null)
    must(revert.receipt !== null && isGreen(revert.receipt), () => `${todo.todoId} was reverted without a green receipt.`);
  if (column === 'approved') must(revision.isApproved, () => `${todo.todoId} is in APPROVED without an approval.`);
}

/** Nothing goes to the target over work that waits for its approval, whatever was approved first. */
function checkBelow(state: State, todo: Todo): void {
  const isOnItsWay = driversOf(state, todo).some(({ effect }) => effect.type === 'integrate');
  const open = openBelow(todo, state).map((below) => below.todo.todoId);
  if (isOnItsWay) must(open.length === 0, () => `${todo.todoId} goes to the target before ${open.join()}.`);
  for (const { todoId } of workBelow(todo, state)) {
    const other = state.todos[todoId];
    must(other !== undefined && unlandedRevision(other) !== null, () => `${todo.todoId} stands on ${todoId}, which does not wait.`);
  }
}

function checkTodo(state: State, todo: Todo): void {
  checkDrive(state, todo);
  checkBelow(state, todo);
  checkLimits(state, todo);
  checkProof(todo);
  const item = state.backlog[todo.backlogId];
  if (item && item.status !== 'dropped')
    must(item.status === backlogStatusOf(todo), () => `${todo.todoId} is ${todo.status}, and its backlog item is ${item.status}.`);
  if (['blocked', 'uncommitted', 'paused', 'failed'].includes(todo.status)) {
    must((todo.blocker?.reason ?? '') !== '', () => `${todo.todoId} is ${todo.status} without a reason.`);
    must(waitingFor(todo, state).startsWith('waits for you'), () => `${todo.todoId} is ${todo.status} and waits for nobody.`);
  }
  const revert = revertStandOf(currentRevision(todo));
  if (revert === 'blocked')
    must(waitingFor(todo, state).startsWith('waits for you'), () => `The revert of ${todo.todoId} waits for nobody.`);
  if (revert === 'under_way' && !state.halt)
    must(driversOf(state, todo).length === 1, () => `The revert of ${todo.todoId} is carried on by nothing.`);
}

/** What holds after every command, whatever was said and done. */
export function checkState(state: State, created: ReadonlySet<string>): void {
  for (const todoId of created) must(state.todos[todoId] !== undefined, () => `${todoId} is lost.`);
  for (const todo of Object.values(state.todos)) checkTodo(state, todo);
  for (const sprint of Object.values(state.sprints)) {
    const todos = todosOf(state, sprint.sprintId);
    const running = todos.filter((todo) => todo.status === 'running').length;
    must(running <= slots(state, sprint.sprintId), () => `${running} todos run in ${slots(state, sprint.sprintId)} slots.`);
    const isActive = state.activeSprintId === sprint.sprintId;
    must(isActive === (sprint.endedAt === null), () => `The sprint is ${sprint.status}, and whether it is active is told otherwise.`);
    if (sprint.status === 'paused') must(sprint.pausedReason !== '', () => 'The sprint is paused without a reason.');
    if (sprint.status === 'running' && !state.halt) must(running > 0, () => 'The sprint runs, and nothing in it does.');
    if (isActive) continue;
    // What landed on its branch may still wait for its way to the target.
    const open = todos.filter((todo) => openStatuses.includes(todo.status) && currentRevision(todo).commit === null);
    must(open.length === 0, () => `The sprint ended with ${open.map(({ todoId, status }) => `${todoId} ${status}`).join(', ')}.`);
  }
}
