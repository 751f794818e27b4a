import { ok } from '../../kernel/result.js';
import { isLanded, openDependencies } from '../board.js';
import { nextInQueue, slots, todosOf, turnBar } from '../queue.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { Actor, Request, State, Todo } from '../state.js';
import { currentRevision } from '../state.js';
import { fitted } from '../text-size.js';
import { withFreshLimits } from '../workflow.js';
import type { DecideContext, Event } from '../vocabulary.js';
import { cancelWork, findTodo, haltRefusal, wakeSprint } from './handler.js';
import type { Handlers } from './handler.js';
import { acceptSetup } from './setup-question.js';
import { answeredRevert, droppedRevert, retriedRevert } from './revert-decisions.js';

/** A switched tool or a copied folder may change thousands of files. */
const maxPathsBytes = 10_000;

const name = (todo: Todo): string => `${todo.todoId} "${todo.title}"`;

/** Sets a todo going again at its step, with a fresh round of limits; a sprint that paused for it runs again. */
export function resumeEvents(state: State, todo: Todo, why: string, ctx: DecideContext): Event[] {
  const workflow = withFreshLimits(todo.workflow);
  const visits =
    todo.workflow.step === 'closeout'
      ? workflow.visits
      : { ...workflow.visits, [workflow.step]: (workflow.visits[workflow.step] ?? 0) + 1 };
  return [
    { type: 'step-resumed', todoId: todo.todoId, workflow: { ...workflow, visits }, why, by: ctx.actor },
    ...wakeSprint(state, todo.sprintId, why, ctx.actor),
  ];
}

/** Why a todo of a sprint that has ended cannot go on, or null. */
export function inSprint(state: State, todo: Todo): Decision | null {
  const sprint = state.sprints[todo.sprintId];
  if (sprint && sprint.endedAt === null) return null;
  return refuse('no-running-sprint', `The sprint of ${name(todo)} has ended. Its backlog item can be taken into the next sprint.`);
}

/** Work that landed on its branch and failed on the way to the target waits there again; if approved, the way begins anew, in or after its sprint. */
function backOnItsBranch(state: State, todo: Todo, by: Actor): Decision | null {
  const { commit, isIntegrated, closeout } = currentRevision(todo);
  if (commit === null || isIntegrated || !closeout) return null;
  return ok([
    { type: 'todo-committed', todoId: todo.todoId, commit, isIntegrated },
    { type: 'closeout-advanced', todoId: todo.todoId, stage: 'approval', changes: { waiting: null } },
    ...wakeSprint(state, todo.sprintId, `${todo.todoId} was retried`, by),
  ]);
}

function dropped(state: State, todo: Todo): Decision | null {
  if (state.backlog[todo.backlogId]?.status !== 'dropped') return null;
  return refuse('already-ended', `The backlog item of ${name(todo)} was dropped. Add a new one instead.`);
}

/** Why a todo may not start now, or null. */
export function startRefusal(state: State, todo: Todo, ctx: DecideContext): Decision | null {
  const sprint = state.sprints[todo.sprintId];
  if (!sprint || !['running', 'paused'].includes(sprint.status))
    return refuse('no-running-sprint', `No sprint runs that could start ${name(todo)}.`);
  const halted = haltRefusal(state);
  if (halted) return halted;
  if (todo.status !== 'queued') return refuse('same-column', `${name(todo)} is ${todo.status}, not queued.`);
  const open = openDependencies(todo, state, 4).map(name);
  if (open.length > 0)
    return refuse('open-dependency', `${name(todo)} waits for ${open.slice(0, 3).join(', ')}${open.length > 3 ? ' and others' : ''}.`);
  const bar = turnBar(state, ctx.now);
  if (bar) return refuse(state.isTrusted ? 'over-cap' : 'not-trusted', bar);
  const running = todosOf(state, todo.sprintId).filter((other) => other.status === 'running').length;
  if (running >= slots(state, todo.sprintId))
    return refuse('no-free-slot', `No slot is free: ${running} of ${slots(state, todo.sprintId)} todos run (limits.parallel_todos).`);
  const head = nextInQueue(state, todo.sprintId);
  if (!todo.isHeld && head && head.todoId !== todo.todoId)
    return refuse('not-head-of-queue', `${name(head)} is before ${name(todo)} in the queue.`);
  return null;
}

function answerRequest(request: Request, text: string, ctx: DecideContext): Decision {
  if (request.status !== 'blocked') return refuse('not-blocked', `Request ${request.requestId} is ${request.status} and asks nothing.`);
  const inputs = text === '' ? request.inputs : [...request.inputs, { at: ctx.now, by: ctx.actor.id, text }];
  return ok([
    {
      type: 'request-changed',
      requestId: request.requestId,
      why: text || 'retried',
      changes: {
        status: request.currentRole === 'orchestrator' ? 'queued' : 'delegated',
        blocker: null,
        inputs,
        visit: request.visit + 1,
        contractReturns: 0,
      },
    },
  ]);
}

function answerTodo(state: State, todo: Todo, text: string, ctx: DecideContext): Decision {
  const setupKey = todo.blocker?.setupKey;
  const given: Decision =
    setupKey === undefined
      ? ok([{ type: 'input-given', todoId: todo.todoId, text, by: ctx.actor }])
      : acceptSetup(todo, setupKey, text, ctx);
  if (!given.ok) return given;
  const back = backOnItsBranch(state, todo, ctx.actor);
  if (back?.ok) return ok([...(setupKey === undefined ? [] : given.value), ...back.value]);
  return inSprint(state, todo) ?? ok([...given.value, ...resumeEvents(state, todo, `answered by ${ctx.actor.id}`, ctx)]);
}

/** Roles of the chain; a member of theirs works on a card from its first turn on. */
const assignableRoles: readonly string[] = ['architect', 'designer', 'developer', 'qa'];

/** Why this member may not be given to the card, or null: a member is named by its role, from the second on with a number. */
function assignRefusal(state: State, todo: Todo, role: string, member: string): Decision | null {
  if (!assignableRoles.includes(role))
    return refuse('bad-input', `${role} is no role that a card is assigned to. Name one of ${assignableRoles.join(', ')}.`);
  const most = slots(state, todo.sprintId);
  const members = Array.from({ length: most }, (_, n) => (n === 0 ? role : `${role}-${n + 1}`));
  if (!members.includes(member))
    return refuse(
      'bad-input',
      `There is no member ${member}: with ${most} at work at once (limits.parallel_todos) there are ${members.join(', ')}.`,
    );
  if (isLanded(todo) || ['failed', 'cancelled', 'carried_over'].includes(todo.status))
    return refuse('already-ended', `${name(todo)} is ${todo.status}; nobody works on it any more.`);
  if (todo.members[role] === member) return refuse('no-effect', `${member} has ${name(todo)} already.`);
  const turn = todo.activity.kind === 'turn' ? state.turns[todo.activity.turnId] : undefined;
  if (turn?.role === role)
    return refuse(
      'turn-under-way',
      `${turn.member} is at work on ${name(todo)}. Wait for its report, or stop it by moving the card to TODO.`,
    );
  return null;
}

const retryable = ['blocked', 'failed', 'uncommitted', 'paused', 'cancelled', 'carried_over'];

/** What people do with single cards besides verdicts. */
export const todoHandlers: Handlers<
  'start-next' | 'requeue' | 'retry' | 'answer' | 'cancel-todo' | 'back-to-backlog' | 'reorder' | 'assign-todo' | 'note-changed-by-hand'
> = {
  'start-next': (state, { todoId }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const wake = wakeSprint(state, found.value.sprintId, `${todoId} was started`, ctx.actor);
    return startRefusal(state, found.value, ctx) ?? ok([{ type: 'todo-started', todoId }, ...wake]);
  },
  requeue: (state, { todoId }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    if (!['running', 'paused', 'blocked'].includes(todo.status))
      return refuse('same-column', `${name(todo)} is ${todo.status}; only running, paused or blocked work goes back to the queue.`);
    return (
      inSprint(state, todo) ??
      ok([
        ...cancelWork(state, todo, 'put back to the queue'),
        { type: 'todo-requeued', todoId, reason: 'put back to the queue', by: ctx.actor },
      ])
    );
  },
  retry: (state, { subjectId }, ctx) => {
    const request = state.requests[subjectId];
    if (request) return answerRequest(request, '', ctx);
    const found = findTodo(state, subjectId);
    if (!found.ok) return found;
    const todo = found.value;
    const reverted = retriedRevert(todo, ctx);
    if (!reverted && !retryable.includes(todo.status))
      return refuse(
        'not-blocked',
        `${name(todo)} is ${todo.status}; only blocked, failed, uncommitted, paused, cancelled or carried over work can be retried.`,
      );
    const halted = haltRefusal(state);
    if (halted) return halted;
    if (reverted) return ok(reverted);
    return (
      backOnItsBranch(state, todo, ctx.actor) ??
      inSprint(state, todo) ??
      dropped(state, todo) ??
      ok(resumeEvents(state, todo, 'retried', ctx))
    );
  },
  answer: (state, { subjectId, text }, ctx) => {
    if (text.trim() === '') return refuse('comment-required', 'An answer needs words.');
    const request = state.requests[subjectId];
    if (request) return answerRequest(request, text.trim(), ctx);
    const found = findTodo(state, subjectId);
    if (!found.ok) return found;
    const todo = found.value;
    const ofRevert = answeredRevert(todo, text.trim(), ctx);
    if (ofRevert) return ofRevert;
    if (todo.status !== 'blocked') return refuse('not-blocked', `${name(todo)} is ${todo.status} and asks nothing.`);
    return answerTodo(state, todo, text.trim(), ctx);
  },
  'cancel-todo': (state, { todoId, reason }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const givenUp = droppedRevert(todo, reason, ctx);
    if (givenUp) return ok(givenUp);
    if (isLanded(todo) || ['failed', 'cancelled', 'carried_over'].includes(todo.status))
      return refuse('already-ended', `${name(todo)} is ${todo.status} and cannot be cancelled.`);
    if (todo.status === 'uncommitted')
      return refuse(
        'uncommitted-work',
        `${name(todo)} has finished work that is not committed: ${todo.blocker?.reason ?? ''} Retry it, or put it back to the backlog.`,
      );
    return ok([
      ...cancelWork(state, todo, 'cancelled'),
      { type: 'todo-ended', todoId, status: 'cancelled', reason: reason || 'cancelled', by: ctx.actor },
      ...wakeSprint(state, todo.sprintId, `${todoId} was cancelled`, ctx.actor),
    ]);
  },
  'back-to-backlog': (state, { todoId }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    if (isLanded(todo)) return refuse('already-ended', `${name(todo)} has landed. Request changes instead.`);
    const item = state.backlog[todo.backlogId];
    const toPending: Event[] =
      item && item.status !== 'pending'
        ? [
            {
              type: 'backlog-item-changed',
              backlogId: item.backlogId,
              changes: { status: 'pending', selectedInSprintId: '', plannedInSprintId: '' },
              by: ctx.actor,
            },
          ]
        : [];
    if (todo.status === 'cancelled' || todo.status === 'carried_over' || todo.status === 'failed')
      return ok([{ type: 'todo-ended', todoId, status: 'carried_over', reason: 'back to the backlog', by: ctx.actor }, ...toPending]);
    return ok([
      ...cancelWork(state, todo, 'back to the backlog'),
      { type: 'todo-ended', todoId, status: 'carried_over', reason: 'back to the backlog', by: ctx.actor },
      ...wakeSprint(state, todo.sprintId, `${todoId} went back to the backlog`, ctx.actor),
    ]);
  },
  reorder: (state, { todoId, order }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    if (!Number.isFinite(order)) return refuse('bad-input', 'A place in the column is a number.');
    return ok([{ type: 'todo-reordered', todoId, order, by: ctx.actor }]);
  },
  'assign-todo': (state, { todoId, role, member }, ctx) => {
    const found = findTodo(state, todoId);
    return found.ok
      ? (assignRefusal(state, found.value, role, member) ?? ok([{ type: 'todo-assigned', todoId, role, member, by: ctx.actor }]))
      : found;
  },
  'note-changed-by-hand': (state, { type: _type, ...change }) => {
    const found = findTodo(state, change.todoId);
    return found.ok ? ok([{ type: 'changed-by-hand', ...change, paths: fitted(change.paths, maxPathsBytes) }]) : found;
  },
};
