import { newSprintId } from '../../kernel/ids.js';
import { ok } from '../../kernel/result.js';
import { dayOf } from '../../kernel/time.js';
import { columnOf, isOnBoard } from '../board.js';
import { restrictedReason, todosOf } from '../queue.js';
import { refuse } from '../refusal.js';
import type { Sprint, State, Todo, Turn } from '../state.js';
import { revertStandOf } from '../closeout.js';
import { currentRevision } from '../state.js';
import type { DecideContext, Event } from '../vocabulary.js';
import { stopActions } from './action-decisions.js';
import { cancelLane, cancelledTurn, cancelWork, haltRefusal, stopSprint } from './handler.js';
import type { CommandOf, Handlers } from './handler.js';
import { resumeEvents } from './todo-decisions.js';

const activeSprint = (state: State): Sprint | undefined => (state.activeSprintId ? state.sprints[state.activeSprintId] : undefined);

function newSprint(state: State, command: CommandOf<'start-sprint'>, ctx: DecideContext): Sprint {
  const sprintId = newSprintId(ctx.now, (id) => state.sprints[id] !== undefined);
  const milestone = command.milestone.replace(/\s+/g, ' ').trim();
  return {
    sprintId,
    name: `${dayOf(ctx.now)}-${milestone}`,
    folder: sprintId,
    requestedMilestone: milestone,
    milestoneTitle: milestone,
    brief: command.brief,
    requirements: [...command.requirements],
    sourceRequestId: command.sourceRequestId,
    startedBy: ctx.actor,
    status: 'planning',
    phase: 'initial',
    terms: command.terms,
    planning: { iteration: 1, step: 'milestone_refinement', visit: 1, contractReturns: 0, activeTurnId: null },
    pausedReason: '',
    stopRequestedAt: null,
    closeoutStatus: '',
    selectedBacklogIds: [],
    todoIds: [],
    reports: [],
    documents: {},
    activity: [],
    turnsSpent: 0,
    tokensSpent: 0,
    startedAt: ctx.now,
    countedFrom: ctx.now,
    endedAt: null,
    updatedAt: ctx.now,
    isArchived: false,
    tally: {},
  };
}

const sprintOf = (state: State, { subject }: Turn): string =>
  subject.kind === 'todo' ? (state.todos[subject.todoId]?.sprintId ?? '') : subject.kind === 'sprint' ? subject.sprintId : '';

/** Ended sprints that nobody has to look at any more and whose worktrees are gone; their detail leaves memory when the next one starts (rules 1). */
function settledSprints(state: State): Event[] {
  const hasWorktree = (todo: Todo): boolean =>
    state.sprints[todo.sprintId]?.terms.isolation === 'worktree' && todo.revisions.some(({ worktreePath }) => worktreePath !== '');
  const isLookedAt = (todo: Todo): boolean => {
    const revert = revertStandOf(currentRevision(todo));
    return revert === '' ? columnOf(todo) === 'approved' || !isOnBoard(todo, state) : revert === 'done';
  };
  const isSettled = (todo: Todo): boolean => isLookedAt(todo) && !hasWorktree(todo);
  // What a stopped turn used is still to be counted on its card and sprint.
  const untold = new Set(Object.values(state.turns).flatMap((turn) => (turn.isUntold ? [sprintOf(state, turn)] : [])));
  const settled = Object.values(state.sprints).filter(
    (sprint) =>
      sprint.endedAt !== null && !sprint.isArchived && !untold.has(sprint.sprintId) && todosOf(state, sprint.sprintId).every(isSettled),
  );
  return settled.map(({ sprintId }): Event => ({ type: 'sprint-archive-asked', sprintId }));
}

/** Everything that runs is stopped; nothing is lost, and nothing starts until somebody resumes. */
function stopEverything(state: State, reason: string, ctx: DecideContext): Event[] {
  const events: Event[] = [];
  const sprint = activeSprint(state);
  if (sprint?.planning.activeTurnId)
    events.push(...cancelLane(state, `sprint:${sprint.sprintId}`, reason), cancelledTurn(state, sprint.planning.activeTurnId));
  for (const todo of sprint ? todosOf(state, sprint.sprintId) : []) {
    if (todo.status !== 'running') continue;
    events.push(...cancelWork(state, todo, reason), { type: 'todo-paused', todoId: todo.todoId, reason, by: ctx.actor });
  }
  // Approved work on its way to the target and reverts stop too; their way begins again when the halt is lifted.
  for (const todo of Object.values(state.todos)) {
    if (todo.status !== 'committed' || todo.activity.kind !== 'closeout') continue;
    const back: Event = { type: 'closeout-advanced', todoId: todo.todoId, stage: 'approval', changes: { waiting: null } };
    events.push(...cancelWork(state, todo, reason), back);
  }
  for (const request of Object.values(state.requests)) {
    if (request.activeTurnId)
      events.push(...cancelLane(state, `request:${request.requestId}`, reason), cancelledTurn(state, request.activeTurnId));
  }
  events.push(...stopActions(state, reason, ctx), { type: 'halted', reason });
  if (sprint && sprint.status === 'running')
    events.push({
      type: 'sprint-changed',
      sprintId: sprint.sprintId,
      changes: { status: 'paused', pausedReason: reason },
      why: reason,
      by: ctx.actor,
    });
  return events;
}

/** Whether something that is no todo of the sprint would go on if the halt were lifted. */
const waitsBesides = (state: State): boolean =>
  Object.values(state.requests).some(({ status }) => status === 'queued' || status === 'delegated') ||
  Object.values(state.todos).some((todo) => {
    const revision = currentRevision(todo);
    const isOnItsWay = revision.isApproved && !revision.isIntegrated;
    return todo.status === 'committed' && (isOnItsWay || revertStandOf(revision) === 'under_way');
  });

/** Sprints from start to stop, and *stop everything*. */
export const sprintHandlers: Handlers<'start-sprint' | 'stop-sprint' | 'resume-sprint' | 'stop-all'> = {
  'start-sprint': (state, command, ctx) => {
    const active = activeSprint(state);
    if (active)
      return refuse(
        'sprint-active',
        `The sprint ${active.sprintId} "${active.milestoneTitle}" is ${active.status}. Stop it with \`muster sprint stop\` before a new one starts.`,
      );
    if (command.milestone.trim() === '') return refuse('bad-input', 'A sprint needs a milestone: `muster sprint start --milestone "…"`.');
    if (!state.isTrusted) return refuse('not-trusted', restrictedReason(state));
    const halted = haltRefusal(state);
    if (halted) return halted;
    const undoing = Object.values(state.todos).find((todo) => revertStandOf(currentRevision(todo)) === 'under_way');
    if (undoing && command.terms.isolation === 'in_place')
      return refuse(
        'revert-under-way',
        `A sprint that works in your own checkout cannot start while ${undoing.todoId} "${undoing.title}" is being reverted. Wait until that is done.`,
      );
    return ok([{ type: 'sprint-started', sprint: newSprint(state, command, ctx) }, ...settledSprints(state)]);
  },
  'stop-sprint': (state, _command, ctx) => {
    const sprint = activeSprint(state);
    if (!sprint) return refuse('no-running-sprint', 'No sprint is running.');
    // Where nothing else was stopped, the halt ends with the sprint: the next one starts without a word about the last.
    const lifted: Event[] = state.halt && !waitsBesides(state) ? [{ type: 'halt-lifted', by: ctx.actor }] : [];
    return ok([...stopSprint(state, sprint, ctx.actor, ctx.now), ...lifted]);
  },
  'resume-sprint': (state, _command, ctx) => {
    const sprint = activeSprint(state);
    const events: Event[] = state.halt ? [{ type: 'halt-lifted', by: ctx.actor }] : [];
    if (sprint?.status === 'paused')
      events.push({
        type: 'sprint-changed',
        sprintId: sprint.sprintId,
        changes: { status: sprint.phase === 'initial' ? 'planning' : 'running', pausedReason: '', countedFrom: ctx.now },
        why: 'resumed',
        by: ctx.actor,
      });
    // A running sprint has paused todos too: those that met the day's limit while others were still in their turns.
    for (const todo of sprint ? todosOf(state, sprint.sprintId) : [])
      if (todo.status === 'paused')
        events.push(...resumeEvents(state, todo, 'resumed', ctx).filter((event) => event.type === 'step-resumed'));
    return events.length > 0 ? ok(events) : refuse('nothing-to-resume', 'Nothing is paused.');
  },
  'stop-all': (state, _command, ctx) =>
    state.halt
      ? refuse('nothing-to-stop', `Everything is stopped already: ${state.halt.reason}`)
      : ok(stopEverything(state, `Stopped by ${ctx.actor.id}.`, ctx)),
};
