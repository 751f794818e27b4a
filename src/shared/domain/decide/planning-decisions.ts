import { newTodoId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/time.js';
import { compareBacklog, hasDependencyCycle, mergeProposals } from '../backlog.js';
import { backlogTraceProblems } from '../report.js';
import type { Report } from '../report.js';
import type { BacklogItem, PlanningStep, Sprint, State, Todo, Turn } from '../state.js';
import { newWorkflow } from '../workflow.js';
import { planningSteps } from '../vocabulary.js';
import type { DecideContext, Event, TurnOutcome } from '../vocabulary.js';
import { contractEvents, stopPlanning } from './contract-return.js';
import { digestOf } from './report-digest.js';

const iterationLimit = 3;
const runtime = { kind: 'runtime', id: 'runtime' } as const;
const needsItems: readonly PlanningStep[] = ['backlog_definition', 'backlog_prioritization', 'todo_finalization'];

const isRelevant = (item: BacklogItem, sprintId: string): boolean =>
  item.plannedInSprintId === sprintId && ['pending', 'selected', 'blocked', 'carried_over'].includes(item.status);

function itemProblems(sprint: Sprint, step: PlanningStep, relevant: readonly BacklogItem[]): string[] {
  if (!needsItems.includes(step)) return [];
  if (relevant.length === 0)
    return [
      `The sprint "${sprint.milestoneTitle}" has no backlog item after ${step}. Propose at least one in proposals.backlog_items with planned_in_sprint.`,
    ];
  if (step !== 'backlog_definition') return [];
  const traced = relevant.map((item) => ({
    title: item.title,
    acceptanceCriteria: item.acceptanceCriteria,
    origin: { ...item.origin, milestoneRef: item.origin.milestoneRef || null, researchRefs: [], requestId: null },
  }));
  return backlogTraceProblems(traced, { hasRequirements: sprint.requirements.length > 0 });
}

function cycleProblems(relevant: readonly BacklogItem[]): string[] {
  const byId = new Map(relevant.map((item) => [item.backlogId, item]));
  return relevant
    .filter((item) => hasDependencyCycle(item.backlogId, (id) => byId.get(id)?.dependsOn ?? []))
    .map((item) => `The backlog item "${item.title}" depends on itself in a circle; take one dependency out.`);
}

/** Before the todos are made: what an item needs must be done, or be in the same sprint. */
function outsideProblems(state: State, step: PlanningStep, relevant: readonly BacklogItem[]): string[] {
  if (step !== 'todo_finalization') return [];
  const inSprint = new Set(relevant.map(({ backlogId }) => backlogId));
  const isOpen = (id: string): boolean => !inSprint.has(id) && state.backlog[id]?.status !== 'done';
  return relevant.flatMap((item) =>
    item.dependsOn
      .filter(isOpen)
      .map(
        (id) =>
          `"${item.title}" depends on "${state.backlog[id]?.title ?? id}", which is neither done nor in this sprint. Plan that as well, or leave this one out with planned_in_sprint false.`,
      ),
  );
}

/** What a valid report of one of the planner's five steps does. */
export function planningReportEvents(
  state: State,
  turn: Turn,
  report: Report,
  outcome: Extract<TurnOutcome, { kind: 'report' }> & Pick<Turn, 'tokens'>,
  ctx: DecideContext,
): Event[] {
  if (turn.subject.kind !== 'sprint') return [];
  const { sprintId } = turn.subject;
  const sprint = state.sprints[sprintId];
  if (!sprint || sprint.status !== 'planning') return [];
  const step = turn.step as PlanningStep;
  const planner = { ...ctx, actor: { kind: 'role', id: turn.role } as const };
  const merge = mergeProposals(
    state,
    report.proposals.backlogItems,
    { sprintId, source: 'planner', requestId: sprint.sourceRequestId },
    planner,
  );
  const merged = new Map(merge.items.map((item) => [item.backlogId, item]));
  const relevant = [...Object.values(state.backlog).filter((item) => !merged.has(item.backlogId)), ...merge.items].filter((item) =>
    isRelevant(item, sprintId),
  );
  const problems =
    report.status === 'completed'
      ? [...itemProblems(sprint, step, relevant), ...cycleProblems(relevant), ...outsideProblems(state, step, relevant)]
      : [];
  if (problems.length > 0) return contractEvents(state, turn, problems, outcome.tokens, ctx);
  const events: Event[] = [
    ...merge.events,
    {
      type: 'report-accepted',
      subject: turn.subject,
      digest: digestOf(report, turn, outcome.reportSha256, [...outcome.notes, ...merge.notes], ctx),
    },
  ];
  if (report.status !== 'completed')
    return [...events, ...stopPlanning(sprint, report.proposals.blockedReason || report.error || report.summary)];
  const title = report.proposals.revisedMilestoneTitle?.trim();
  if (title && title !== sprint.milestoneTitle)
    events.push({
      type: 'sprint-changed',
      sprintId,
      changes: { milestoneTitle: title, name: `${dayOf(sprint.startedAt)}-${title}` },
      why: `the milestone is now "${title}"`,
      by: planner.actor,
    });
  if (sprint.stopRequestedAt) return events;
  return [...events, ...nextStepEvents(state, sprint, step, relevant, ctx)];
}

function nextStepEvents(state: State, sprint: Sprint, step: PlanningStep, relevant: readonly BacklogItem[], ctx: DecideContext): Event[] {
  const next = planningSteps[planningSteps.indexOf(step) + 1];
  if (next)
    return [
      {
        type: 'planning-step-entered',
        sprintId: sprint.sprintId,
        planning: { ...sprint.planning, step: next, visit: sprint.planning.iteration, contractReturns: 0, activeTurnId: null },
        why: next,
      },
    ];
  const selected = relevant.filter((item) => item.status !== 'blocked').sort(compareBacklog);
  if (selected.length > 0) return todoEvents(state, sprint, selected, ctx);
  if (sprint.planning.iteration >= iterationLimit)
    return stopPlanning(sprint, `${iterationLimit} rounds of planning selected no backlog item.`);
  const iteration = sprint.planning.iteration + 1;
  return [
    {
      type: 'planning-step-entered',
      sprintId: sprint.sprintId,
      planning: { iteration, step: 'milestone_refinement', visit: iteration, contractReturns: 0, activeTurnId: null },
      why: `round ${iteration}`,
    },
  ];
}

function todoEvents(state: State, sprint: Sprint, selected: readonly BacklogItem[], ctx: DecideContext): Event[] {
  const todoIds = new Map(selected.map((item) => [item.backlogId, freshTodoId(state, ctx)]));
  const todos = selected.map((item, index) => newTodo(item, todoIds, sprint, index, ctx));
  return [
    ...todos.map((todo): Event => ({ type: 'todo-created', todo })),
    {
      type: 'sprint-changed',
      sprintId: sprint.sprintId,
      changes: { status: 'running', phase: 'ongoing', selectedBacklogIds: selected.map((item) => item.backlogId) },
      why: `${todos.length} todos selected`,
      by: runtime,
    },
  ];
}

function freshTodoId(state: State, ctx: DecideContext): string {
  for (;;) {
    const id = newTodoId(ctx.ids, ctx.now);
    if (!state.todos[id]) return id;
  }
}

/** A queued todo for a backlog item. */
function newTodo(item: BacklogItem, todoIds: ReadonlyMap<string, string>, sprint: Sprint, index: number, ctx: DecideContext): Todo {
  return {
    todoId: todoIds.get(item.backlogId) ?? '',
    backlogId: item.backlogId,
    sprintId: sprint.sprintId,
    title: item.title,
    summary: item.summary,
    scope: item.scope,
    acceptanceCriteria: [...item.acceptanceCriteria],
    priorityRank: item.priorityRank,
    dependsOn: item.dependsOn.map((id) => todoIds.get(id)).filter((id): id is string => id !== undefined),
    order: index,
    workflowId: 'sprint-chain',
    status: 'queued',
    workflow: newWorkflow(),
    activity: { kind: 'idle' },
    revision: 1,
    revisions: [
      {
        number: 1,
        branch: '',
        base: '',
        worktreePath: '',
        gitFileSha256: null,
        request: '',
        closeout: null,
        receipt: null,
        commit: null,
        isIntegrated: false,
        isApproved: false,
        isReviewOpen: false,
        verdicts: [],
        makers: [],
        changedBy: [],
      },
    ],
    needsFix: false,
    isHeld: false,
    members: {},
    blocker: null,
    turnsSpent: 0,
    tokensSpent: 0,
    reports: [],
    evidence: null,
    inputs: [],
    createdAt: ctx.now,
    startedAt: null,
    endedAt: null,
    stepSince: ctx.now,
    updatedAt: ctx.now,
  };
}
