import { subjectIdOf } from '../../shared/domain/advance.js';
import { badgesOf, columnOf, gatesOf, todosBefore, waitingFor } from '../../shared/domain/board.js';
import type { Gates } from '../../shared/domain/board.js';
import { placeOf } from '../../shared/domain/card-moves.js';
import { describeGap } from '../../shared/domain/receipt.js';
import type { Receipt } from '../../shared/domain/receipt.js';
import { goesAfter } from '../../shared/domain/stack.js';
import { closeoutInWork, revertStandOf } from '../../shared/domain/closeout.js';
import { currentRevision } from '../../shared/domain/state.js';
import type { Actor, Problem, ReportDigest, Request, Revision, Sprint, State, Todo, Turn } from '../../shared/domain/state.js';
import type { BoardCardView, ProblemView, SprintHeadView, WhoView } from '../../shared/contract/board-views.js';
import type { HistoryLine, ReceiptView, ReportView, TurnView } from '../../shared/contract/card-views.js';
import { sortKeyOf } from './views-sort-key.js';

/** An actor as people read it. */
export const whoView = (actor: Actor): WhoView => ({ kind: actor.kind, name: actor.id, via: actor.kind === 'person' ? actor.via : '' });

/** `Ann (cli)`, `the planner`, `the program`. */
export function whoWords(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return `${actor.id} (${actor.via})`;
    case 'role':
      return `the ${actor.id}`;
    case 'file-edit':
      return `an edit of ${actor.id}`;
    case 'runtime':
      return 'the program';
  }
}

export const problemView = ({ problemId, path, reason, at }: Problem): ProblemView => ({ id: problemId, path, reason, at });

/** Problems in the order in which they were found. */
export const problemsView = (state: State): ProblemView[] =>
  Object.values(state.problems)
    .map(problemView)
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));

/** A todo as a card of the board. */
export function boardCardView(todo: Todo, state: State, gates: Gates = gatesOf(state)): BoardCardView {
  const badges = badgesOf(todo, state);
  const waiting = waitingFor(todo, state, gates);
  return {
    id: todo.todoId,
    title: todo.title,
    badges: badges.map(({ id }) => id),
    badgeReasons: Object.fromEntries(badges.map(({ id, reason }) => [id, reason])),
    waitingFor: waiting,
    column: columnOf(todo),
    status: todo.status,
    step: todo.workflow.step,
    owner: todo.workflow.owner,
    revision: todo.revision,
    priorityRank: todo.priorityRank,
    since: todo.stepSince,
    turnsSpent: todo.turnsSpent,
    tokensSpent: todo.tokensSpent,
    sortKey: sortKeyOf(todo),
    place: placeOf(todo),
    needsPerson: needsPersonFor(todo, waiting),
    dependsOnOpen: openBefore(todo, state, gates),
    receiptBadge: currentRevision(todo).receipt?.badge ?? '',
    revert: revertStandOf(currentRevision(todo)),
    commentCount: todo.revisions.reduce((sum, { verdicts }) => sum + verdicts.filter(({ comment }) => comment !== '').length, 0),
  };
}

/** Ids of the first few that a queued todo waits for, or of those that hold back an approved one. */
const openBefore = (todo: Todo, state: State, gates: Gates): string[] =>
  (todo.status === 'queued' ? todosBefore(todo, state, gates) : goesAfter(todo, state)).map(({ todoId }) => todoId);

const finalStatuses: readonly Todo['status'][] = ['cancelled', 'failed', 'carried_over'];

/** Under what a todo is counted: its column, or how it ended without landing. */
export const tallyKeyOf = (todo: Todo): string => (finalStatuses.includes(todo.status) ? todo.status : columnOf(todo));

/** Todos by column, those that ended without landing by their status; an archived sprint tells what it kept. */
export function tallyOf(sprint: Sprint, state: State): Record<string, number> {
  if (sprint.isArchived && sprint.todoIds.every((todoId) => state.todos[todoId] === undefined)) return { ...sprint.tally };
  const tally: Record<string, number> = {};
  for (const todoId of sprint.todoIds) {
    const todo = state.todos[todoId];
    if (!todo) continue;
    const key = tallyKeyOf(todo);
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}

/** A sprint in a line; `tally` is given by who has it already. */
export const sprintHeadView = (sprint: Sprint, state: State, tally = tallyOf(sprint, state)): SprintHeadView => ({
  id: sprint.sprintId,
  name: sprint.name,
  milestone: sprint.milestoneTitle,
  status: sprint.status,
  phase: sprint.phase,
  planningStep: sprint.status === 'planning' ? sprint.planning.step : '',
  pausedReason: sprint.pausedReason,
  isStopping: sprint.stopRequestedAt !== null && sprint.endedAt === null,
  startedAt: sprint.startedAt,
  endedAt: sprint.endedAt,
  tally,
  turnsSpent: sprint.turnsSpent,
  tokensSpent: sprint.tokensSpent,
  tokensByRole: { ...sprint.tokensByRole },
});

/** A turn as a card tells it. */
export const turnView = (turn: Turn): TurnView => ({
  id: turn.turnId,
  role: turn.role,
  member: turn.member,
  step: turn.step,
  revision: turn.subject.kind === 'todo' ? turn.subject.revision : 0,
  visit: turn.visit,
  purpose: turn.purpose,
  problems: [...turn.problems],
  status: turn.status,
  outcome: turn.outcome,
  attempts: turn.attempts,
  runner: turn.runner,
  model: turn.model ?? '',
  isRehearsal: turn.isRehearsal,
  promptVersion: turn.promptVersion,
  promptSha256: turn.promptSha256,
  promptBytes: turn.promptBytes,
  reportSha256: turn.reportSha256,
  sessionId: turn.sessionId,
  tokens: { ...turn.tokens },
  failures: turn.failures.map((failure) => ({ ...failure })),
  startedAt: turn.startedAt,
  endedAt: turn.endedAt,
});

/** The turns of one todo, sprint or request, in the order in which they were asked for. */
export const turnsOf = (state: State, subjectId: string): TurnView[] =>
  Object.values(state.turns)
    .filter((turn) => subjectIdOf(turn.subject) === subjectId)
    .map(turnView);

/** What a role reported. */
export const reportView = (report: ReportDigest): ReportView => ({
  turnId: report.turnId,
  at: report.at,
  role: report.role,
  step: report.step,
  revision: report.revision,
  status: report.status,
  summary: report.summary,
  outcome: report.transition.outcome,
  reason: report.transition.reason,
  category: report.transition.category,
  unresolved: [...report.transition.unresolved],
  insights: [...report.insights],
  artifacts: [...report.artifacts],
  qaDecision: report.qa?.decision ?? '',
  qaFindings: [...(report.qa?.findings ?? [])],
  error: report.error,
  notes: [...report.notes],
});

/** A receipt in words. */
export const receiptView = (receipt: Receipt, title: string): ReceiptView => ({
  todoId: receipt.todoId,
  title,
  revision: receipt.revision,
  time: receipt.time,
  badge: receipt.badge,
  gaps: receipt.gaps.map(describeGap),
  target: receipt.target,
  base: receipt.base,
  commit: receipt.commit,
  reverts: receipt.reverts ?? '',
  diffHash: receipt.diffHash,
  receiptHash: receipt.receiptHash,
  commands: receipt.commands.map(({ name, argv, exitCode, baseExitCode, problem, durationMs, retries, jailed, outputHash }) => ({
    name,
    argv: [...argv],
    exitCode,
    baseExitCode,
    problem,
    durationMs,
    retries,
    jailed,
    outputHash,
  })),
  protectedChanges: [...receipt.protectedChanges],
  instructionChanges: [...(receipt.instructionChanges ?? [])],
});

/** The receipts of a revision: of its work, and of the revert of that. */
export const receiptsOf = ({ receipt, revert }: Revision): Receipt[] => [receipt, revert?.receipt ?? null].filter((each) => each !== null);

/** Every receipt that stands, of one todo or of all, oldest first. */
export const receiptsView = (state: State, todoId?: string): ReceiptView[] =>
  Object.values(state.todos)
    .filter((todo) => todoId === undefined || todo.todoId === todoId)
    .flatMap((todo) => todo.revisions.flatMap(receiptsOf).map((receipt) => receiptView(receipt, todo.title)))
    .sort((a, b) => a.time.localeCompare(b.time));

/** What people answered or commented, oldest first. */
export const inputsView = (inputs: Request['inputs']): HistoryLine[] => inputs.map(({ at, by, text }) => ({ at, by, text }));

/** Whether a person has to do something on this card before it goes on. */
export const needsPerson = (todo: Todo, state: State): boolean => needsPersonFor(todo, waitingFor(todo, state));

const needsPersonFor = (todo: Todo, waiting: string): boolean =>
  waiting.startsWith('waits for you') || closeoutInWork(currentRevision(todo))?.waiting != null;
