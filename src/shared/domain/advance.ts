import { epochMs } from '../kernel/time.js';
import { newRelayId, newTurnId } from '../kernel/ids.js';
import { backlogStatusOf } from './backlog.js';
import { isLanded, queuedReason } from './board.js';
import { hasOpenAction } from './operation.js';
import { cardCapReason, nextInQueue, slots, todosOf, turnBar } from './queue.js';
import { openBelow, workBelow } from './stack.js';
import type { Blocker, Envelope, State, Todo, Turn, TurnSubject } from './state.js';
import { revertStandOf } from './closeout.js';
import { currentRevision } from './state.js';
import { stepOwner } from './workflow.js';
import type { DecideContext, Event } from './vocabulary.js';

/** A turn to be asked for; the rest is filled in. */
export interface TurnAsk {
  readonly subject: TurnSubject;
  readonly role: string;
  readonly step: Turn['step'];
  readonly visit: number;
  readonly purpose: Turn['purpose'];
  readonly problems: readonly string[];
  readonly member?: string;
  /** Who hands over; empty: nobody, no envelope. */
  readonly from: string;
  readonly intent: string;
  readonly body: string;
}

const intents: Readonly<Record<string, string>> = {
  planner: 'plan',
  designer: 'design',
  architect: 'architect',
  developer: 'implement',
  qa: 'qa',
  orchestrator: 'route',
};

/** The event that asks for a turn, with the envelope that hands the work over. */
export function askTurn(state: State, ask: TurnAsk, ctx: DecideContext): Event {
  const turnId = newTurnId(ctx.ids);
  const subjectId = subjectIdOf(ask.subject);
  const turn: Turn = {
    turnId,
    subject: ask.subject,
    role: ask.role,
    member: ask.member ?? memberFor(state, ask),
    step: ask.step,
    visit: ask.visit,
    purpose: ask.purpose,
    problems: [...ask.problems],
    status: 'waiting',
    attempts: 0,
    runner: '',
    isRehearsal: false,
    promptSha256: '',
    promptVersion: '',
    promptBytes: 0,
    checkpointTree: '',
    sessionKey: '',
    sessionId: '',
    outcome: '',
    outputTree: '',
    reportSha256: '',
    tokens: { input: 0, cachedInput: 0, output: 0 },
    failures: [],
    preparedAt: null,
    startedAt: null,
    endedAt: null,
  };
  const envelope: Envelope | null =
    ask.from === ''
      ? null
      : {
          relayId: newRelayId(ctx.ids, state.envelopeCount + 1),
          from: ask.from,
          to: ask.role,
          kind: 'delegate',
          subjectId,
          turnId,
          intent: ask.intent || (intents[ask.role] ?? 'route'),
          body: ask.body,
          createdAt: ctx.now,
          consumedAt: null,
        };
  return { type: 'turn-asked', turn, envelope };
}

/** Id of what a turn is about. */
export const subjectIdOf = (subject: TurnSubject): string =>
  subject.kind === 'todo' ? subject.todoId : subject.kind === 'sprint' ? subject.sprintId : subject.requestId;

/** The member who acts: the one that this todo already has, else the first of the role who is free (rules 7). */
function memberFor(state: State, ask: TurnAsk): string {
  const known = ask.subject.kind === 'todo' ? state.todos[ask.subject.todoId]?.members[ask.role] : ask.role;
  if (known) return known;
  const busy = new Set(
    Object.values(state.todos)
      .filter((todo) => todo.status === 'running')
      .map((todo) => todo.members[ask.role]),
  );
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? ask.role : `${ask.role}-${n}`;
    if (!busy.has(name)) return name;
  }
}

/** Blocks a todo, in one place so that every way to be stuck says why and what helps. */
export const blockTodo = (
  todoId: string,
  blocker: Omit<Blocker, 'at' | 'requiredInputs' | 'logs'> & Partial<Pick<Blocker, 'requiredInputs' | 'logs'>>,
  ctx: DecideContext,
  row = '',
): Event => ({ type: 'todo-blocked', todoId, row, blocker: { requiredInputs: [], logs: [], ...blocker, at: ctx.now } });

/** What a running todo with nothing under way needs next; null when it is not this function's to say. */
export function driveTodo(state: State, todo: Todo, ctx: DecideContext): Event | null {
  if (todo.status !== 'running' || todo.activity.kind !== 'idle') return null;
  const sprint = state.sprints[todo.sprintId];
  if (!sprint) return null;
  const revision = currentRevision(todo);
  if (revision.worktreePath === '')
    return { type: 'worktree-asked', todoId: todo.todoId, branch: `muster/${todo.sprintId}/${todo.todoId}-r${todo.revision}`, onto: '' };
  if (todo.workflow.step === 'closeout')
    return driveCloseout(state, todo, sprint.terms.kind === 'repository' && sprint.terms.isolation === 'worktree');
  if (todo.workflow.step === 'qa_validation' && todo.evidence === null) return { type: 'evidence-asked', todoId: todo.todoId };
  const cardCap = cardCapReason(state, todo);
  if (cardCap) return blockTodo(todo.todoId, { kind: 'cap', byRole: 'runtime', reason: cardCap }, ctx);
  const bar = turnBar(state, ctx.now);
  if (bar) return { type: 'todo-paused', todoId: todo.todoId, reason: bar, by: { kind: 'runtime', id: 'runtime' } };
  const last = todo.reports.at(-1);
  return askTurn(
    state,
    {
      subject: { kind: 'todo', todoId: todo.todoId, revision: todo.revision },
      role: todo.workflow.owner,
      step: todo.workflow.step,
      visit: todo.workflow.visits[todo.workflow.step] ?? 1,
      purpose: 'work',
      problems: [],
      from: last?.role ?? 'orchestrator',
      intent: '',
      body: last ? `${last.role} reported on ${last.step.replaceAll('_', ' ')}: ${last.summary}` : `${todo.title}. ${todo.summary}`,
    },
    ctx,
  );
}

function driveCloseout(state: State, todo: Todo, hasWorktree: boolean): Event | null {
  const { closeout } = currentRevision(todo);
  if (!closeout) return null;
  const first = closeout.stage === 'commit' && closeout.commit === null && closeout.tree === null;
  const stage = first && !hasWorktree ? 'verify' : closeout.stage;
  if (stage === 'approval' || stage === 'done') return null;
  const changes = stage === 'rebase' ? { below: workBelow(todo, state) } : {};
  return { type: 'closeout-advanced', todoId: todo.todoId, stage, changes };
}

/** Follow-ups of the todos that a transaction touched: backlog status, and the next thing to do. */
export function advanceTodo(state: State, todoId: string, ctx: DecideContext): Event | null {
  const todo = state.todos[todoId];
  if (!todo) return null;
  const item = state.backlog[todo.backlogId];
  const status = backlogStatusOf(todo);
  const isOfLaterSprint = item !== undefined && item.selectedInSprintId !== '' && item.selectedInSprintId !== todo.sprintId;
  if (item && item.status !== status && item.status !== 'dropped' && !isOfLaterSprint) {
    const isBlocked = status === 'blocked';
    return {
      type: 'backlog-item-changed',
      backlogId: item.backlogId,
      by: { kind: 'runtime', id: 'runtime' },
      changes: {
        status,
        selectedInSprintId: status === 'pending' || status === 'carried_over' ? '' : todo.sprintId,
        plannedInSprintId: status === 'pending' ? '' : item.plannedInSprintId,
        completedInSprintId: status === 'done' ? todo.sprintId : '',
        blockedReason: isBlocked ? (todo.blocker?.reason ?? '') : '',
        blockedByRole: isBlocked ? (todo.blocker?.byRole ?? '') : '',
        requiredInputs: isBlocked ? [...(todo.blocker?.requiredInputs ?? [])] : [],
      },
    };
  }
  if (state.halt) return null;
  return todo.status === 'committed' ? (driveRevert(todo) ?? driveApproved(state, todo)) : driveTodo(state, todo, ctx);
}

/** A revert begins, or goes on after *stop everything*, with its commit on the target's present tip. */
function driveRevert(todo: Todo): Event | null {
  const revision = currentRevision(todo);
  if (revertStandOf(revision) !== 'under_way' || revision.revert?.closeout.stage !== 'approval') return null;
  return { type: 'closeout-advanced', todoId: todo.todoId, stage: 'commit', changes: { tipMoves: 0 } };
}

/**
 * With `on_approval` an approved commit still has to reach the target: its closeout begins again at the rebase (rules 4), once all that
 * it was built on is there, and onto the target alone.
 */
function driveApproved(state: State, todo: Todo): Event | null {
  const { isApproved, isIntegrated, closeout } = currentRevision(todo);
  if (!isApproved || isIntegrated || closeout?.stage !== 'approval' || openBelow(todo, state).length > 0) return null;
  return { type: 'closeout-advanced', todoId: todo.todoId, stage: 'rebase', changes: { tipMoves: 0, below: [] } };
}

/** Next thing for an active sprint: plan, start a todo, pause, or end; null when it waits. */
export function advanceSprint(state: State, ctx: DecideContext): Event | null {
  const sprint = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
  if (!sprint) return null;
  const by = { kind: 'runtime', id: 'runtime' } as const;
  const change = (changes: Extract<Event, { type: 'sprint-changed' }>['changes'], why: string): Event => ({
    type: 'sprint-changed',
    sprintId: sprint.sprintId,
    changes,
    why,
    by,
  });
  if (sprint.status === 'planning') return drivePlanning(state, ctx);
  if (sprint.status !== 'running') return null;
  const todos = todosOf(state, sprint.sprintId);
  const isRunning = todos.some((todo) => todo.status === 'running');
  if (sprint.stopRequestedAt) {
    if (isRunning) return null;
    const open = todos.find((todo) => ['queued', 'paused', 'blocked', 'uncommitted'].includes(todo.status));
    if (open) return { type: 'todo-ended', todoId: open.todoId, status: 'carried_over', reason: 'The sprint was stopped.', by };
    return endSprint(sprint.terms.kind, todos, change, true);
  }
  if (state.halt) return null;
  const hours = state.configuration?.limits.sprintHours ?? 8;
  const next = nextInQueue(state, sprint.sprintId);
  if (next && epochMs(ctx.now) - epochMs(sprint.countedFrom) > hours * 3_600_000)
    return change(
      { status: 'paused', pausedReason: `The sprint ran for ${hours} hours, which is the limit (limits.sprint_hours).` },
      'paused at its time limit',
    );
  const bar = turnBar(state, ctx.now);
  if (next && bar) return change({ status: 'paused', pausedReason: bar }, bar);
  if (next && todos.filter((todo) => todo.status === 'running').length < slots(state, sprint.sprintId))
    return { type: 'todo-started', todoId: next.todoId };
  if (isRunning || next) return null;
  const stuck = todos.filter((todo) => ['queued', 'paused', 'blocked', 'uncommitted'].includes(todo.status));
  if (stuck.length === 0) return endSprint(sprint.terms.kind, todos, change);
  return change({ status: 'paused', pausedReason: pausedReason(stuck, state) }, 'paused: nothing can go on by itself');
}

function pausedReason(stuck: readonly Todo[], state: State): string {
  const needing = stuck.filter((todo) => todo.status !== 'queued' || todo.isHeld);
  const names = (needing.length > 0 ? needing : stuck)
    .slice(0, 5)
    .map((todo) => `${todo.todoId} "${todo.title}" (${todo.blocker?.reason ?? queuedReason(todo, state)})`);
  return `A person is needed: ${names.join('; ')}. Retry, answer or cancel them, or stop the sprint.`;
}

function endSprint(
  kind: 'repository' | 'no-repository',
  todos: readonly Todo[],
  change: (changes: Extract<Event, { type: 'sprint-changed' }>['changes'], why: string) => Event,
  isStopped = false,
): Event {
  const commits = todos.some((todo) => todo.revisions.some((revision) => revision.commit !== null));
  const closeoutStatus = kind === 'no-repository' ? 'no_repo' : commits ? 'verified' : 'no_new_commits';
  const landed = todos.filter(isLanded).length;
  if (isStopped && landed < todos.length) {
    const why = `stopped with ${landed} of ${todos.length} todos done; the rest is carried over`;
    return landed === 0
      ? change({ status: 'cancelled', phase: 'wrap_up', closeoutStatus: 'cancelled' }, why)
      : change({ status: 'completed', phase: 'wrap_up', closeoutStatus }, why);
  }
  return change({ status: 'completed', phase: 'wrap_up', closeoutStatus }, `completed: ${landed} of ${todos.length} todos done`);
}

function drivePlanning(state: State, ctx: DecideContext): Event | null {
  const sprint = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
  if (!sprint || sprint.planning.activeTurnId) return null;
  if (sprint.stopRequestedAt)
    return {
      type: 'sprint-changed',
      sprintId: sprint.sprintId,
      changes: { status: 'cancelled', closeoutStatus: 'cancelled' },
      why: 'stopped during planning',
      by: { kind: 'runtime', id: 'runtime' },
    };
  if (state.halt) return null;
  const bar = turnBar(state, ctx.now);
  if (bar)
    return {
      type: 'sprint-changed',
      sprintId: sprint.sprintId,
      changes: { status: 'paused', pausedReason: bar },
      why: bar,
      by: { kind: 'runtime', id: 'runtime' },
    };
  return askTurn(
    state,
    {
      subject: { kind: 'sprint', sprintId: sprint.sprintId },
      role: 'planner',
      step: sprint.planning.step,
      visit: sprint.planning.visit,
      purpose: 'work',
      problems: [],
      from: 'orchestrator',
      intent: 'plan',
      body: `${sprint.milestoneTitle}: ${sprint.planning.step.replaceAll('_', ' ')}`,
    },
    ctx,
  );
}

/** Next thing for a request that nobody works on: the orchestrator's intake, or the planner's part. */
export function advanceRequest(state: State, requestId: string, ctx: DecideContext): Event | null {
  const request = state.requests[requestId];
  if (!request || state.halt || request.activeTurnId || !['queued', 'delegated'].includes(request.status)) return null;
  if (hasOpenAction(state, request)) return null;
  const bar = turnBar(state, ctx.now);
  if (bar)
    return {
      type: 'request-changed',
      requestId,
      changes: { status: 'blocked', blocker: { at: ctx.now, reason: bar, byRole: 'runtime', kind: 'cap', requiredInputs: [], logs: [] } },
      why: bar,
    };
  const isIntake = request.currentRole === 'orchestrator';
  return askTurn(
    state,
    {
      subject: { kind: 'request', requestId },
      role: request.currentRole,
      step: isIntake ? 'intake' : 'request_planning',
      visit: request.visit,
      purpose: 'work',
      problems: [],
      from: isIntake ? '' : 'orchestrator',
      intent: isIntake ? 'route' : 'plan',
      body: request.scope,
    },
    ctx,
  );
}

/** Role that owns the step that a todo is at. */
export const ownerOf = (todo: Todo): string =>
  todo.workflow.owner || (todo.workflow.step === 'planner_advisory' ? 'designer' : stepOwner[todo.workflow.step]);
