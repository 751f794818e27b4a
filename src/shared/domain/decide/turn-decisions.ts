import { ok } from '../../kernel/result.js';
import { blockTodo } from '../advance.js';
import { mergeProposals } from '../backlog.js';
import { closeoutIdOf } from '../commit-message.js';
import { isPlannerDocument, plannerDocumentRule, roleContractProblems, sanitizeArtifacts } from '../report.js';
import type { Report, ReportExpectation } from '../report.js';
import { refuse } from '../refusal.js';
import { findRole } from '../roster.js';
import type { State, Todo, Turn } from '../state.js';
import { afterMove } from '../workflow.js';
import { nextMove } from '../workflow-table.js';
import type { Reported } from '../workflow.js';
import type { DecideContext, EffectOutcomes, Event, TurnOutcome } from '../vocabulary.js';
import { rebuildWorktree, worktreeGone } from './handler.js';
import type { Handlers } from './handler.js';
import { capBlock, contractEvents, followUp, isBarred, stopSubject } from './contract-return.js';
import { noProgress } from './no-progress.js';
import { planningReportEvents } from './planning-decisions.js';
import { digestOf, shortenedReport, transitionOf } from './report-digest.js';
import { requestReportEvents } from './request-decisions.js';

type RunTurnOutcome = EffectOutcomes['run-turn'];
type Outcome<K extends TurnOutcome['kind']> = Extract<TurnOutcome, { kind: K }>;

const ended = (turn: Turn, outcome: RunTurnOutcome, fields: { outputTree?: string; reportSha256?: string } = {}): Event => ({
  type: 'turn-ended',
  turnId: turn.turnId,
  outcome: outcome.kind,
  outputTree: fields.outputTree ?? '',
  reportSha256: fields.reportSha256 ?? '',
  tokens: outcome.tokens,
});

const finalFailures = ['not-logged-in', 'rate-limited', 'could-not-start'];

function failedEvents(state: State, turn: Turn, outcome: Outcome<'failed'> & RunTurnOutcome, ctx: DecideContext): Event[] {
  const failure: Event = {
    type: 'turn-failed-attempt',
    turnId: turn.turnId,
    reason: outcome.reason,
    message: outcome.message,
    log: outcome.log,
  };
  const limit = state.configuration?.limits.turnAttempts ?? 2;
  if (turn.attempts < limit && !finalFailures.includes(outcome.reason)) {
    const cap = capBlock(state, turn, [outcome.message], outcome.tokens, ctx);
    if (cap) return [failure, ended(turn, outcome), cap];
    // What the turn was about is paused by its own rule.
    if (isBarred(state, outcome.tokens, ctx)) return [failure, ended(turn, outcome)];
    return [
      { ...failure, tokens: outcome.tokens },
      { type: 'turn-asked-again', turnId: turn.turnId },
    ];
  }
  const logs = [...turn.failures.map(({ log }) => log), outcome.log].filter((log) => log !== '');
  const tries = turn.attempts > 1 ? ` It was tried ${turn.attempts} times.` : '';
  return [
    failure,
    ended(turn, outcome),
    ...stopSubject(turn, 'turn', `${turn.member}'s turn at ${turn.step} failed: ${outcome.message}${tries}`, logs, ctx),
  ];
}

function malformedEvents(state: State, turn: Turn, outcome: Outcome<'malformed'> & RunTurnOutcome, ctx: DecideContext): Event[] {
  const end = ended(turn, outcome, { reportSha256: outcome.outputSha256 });
  const { subject } = turn;
  if (turn.purpose !== 'repair') return [end, ...followUp(state, turn, 'repair', [outcome.reason], outcome.tokens, ctx)];
  const reason = `${turn.member} gave no readable report at ${turn.step}, and its repair turn did not either: ${outcome.reason}`;
  if (subject.kind === 'todo')
    return [end, { type: 'todo-ended', todoId: subject.todoId, status: 'failed', reason, by: { kind: 'runtime', id: 'runtime' } }];
  return [end, ...stopSubject(turn, 'contract', reason, [], ctx)];
}

function expectationOf(state: State, turn: Turn, outcome: Outcome<'report'>): ReportExpectation {
  const base = { role: turn.role, step: turn.step, existingDocuments: outcome.existingDocuments };
  const isPlanning = turn.role === 'planner' && turn.step !== 'request_planning';
  if (!isPlanning) return { ...base, requiredDocuments: null };
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  return { ...base, requiredDocuments: plannerDocumentRule(todo?.workflow.reopenSource === 'qa' && turn.step === 'planner_finalize') };
}

function reportedEvents(state: State, turn: Turn, outcome: Outcome<'report'> & RunTurnOutcome, ctx: DecideContext): Event[] {
  const end = ended(turn, outcome, outcome);
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  const problems = roleContractProblems(outcome.report, expectationOf(state, turn, outcome));
  if (problems.length > 0) return [end, ...contractEvents(state, turn, problems, outcome.tokens, ctx)];
  const report = shortenedReport(sanitizeArtifacts(outcome.report, todo?.workflow.phase ?? ''));
  const sprintId = todo?.sprintId ?? (turn.subject.kind === 'sprint' ? turn.subject.sprintId : '');
  const documents =
    sprintId === '' || !findRole(turn.role)?.mayPlan
      ? []
      : outcome.documents.map(({ name, sha256 }): Event => ({ type: 'document-authored', sprintId, name, sha256, by: turn.role }));
  if (turn.subject.kind === 'sprint') return [end, ...documents, ...planningReportEvents(state, turn, report, outcome, ctx)];
  if (turn.subject.kind === 'request') return [end, ...requestReportEvents(state, turn, report, outcome, ctx)];
  if (!todo) return [end];
  return [end, ...documents, ...todoReportEvents(state, todo, turn, report, outcome, ctx)];
}

function todoReportEvents(state: State, todo: Todo, turn: Turn, report: Report, outcome: Outcome<'report'>, ctx: DecideContext): Event[] {
  const events: Event[] = [];
  const notes = [...outcome.notes];
  const { backlogItems } = report.proposals;
  if (backlogItems.length > 0 && findRole(turn.role)?.mayPlan) {
    const merge = mergeProposals(
      state,
      backlogItems,
      { sprintId: '', source: turn.role, requestId: '' },
      { ...ctx, actor: { kind: 'role', id: turn.role } },
    );
    events.push(...merge.events);
    notes.push(...merge.notes);
  } else if (backlogItems.length > 0)
    notes.push(`The ${turn.role} proposed ${backlogItems.length} backlog items, which only a planner may; they were left out.`);
  const digest = digestOf(report, turn, outcome.reportSha256, notes, ctx);
  events.push({ type: 'report-accepted', subject: turn.subject, digest });
  const moves = moveEvents(state, todo, reportedBy(report), report.proposals.requiredInputs, ctx);
  const isBlocked = moves.some(({ type }) => type === 'todo-blocked');
  const stalled = isBlocked ? null : noProgress(state, todo, turn, digest, outcome.outputTree, ctx);
  return [...events, ...(stalled ? [stalled] : moves)];
}

/** A report as the workflow table sees it. */
export const reportedBy = (report: Report): Reported => ({
  role: report.role,
  status: report.status,
  transition: transitionOf(report),
  isDocumentsOnly: report.artifacts.length > 0 && report.artifacts.every(isPlannerDocument),
});

/** The events of what the workflow table says to a report (or to a closeout that reopens). */
export function moveEvents(state: State, todo: Todo, reported: Reported, requiredInputs: readonly string[], ctx: DecideContext): Event[] {
  const limits = state.configuration?.limits ?? { advisoryPasses: 2, architectReviews: 3, reopens: 3 };
  const move = nextMove(todo.workflow, reported, limits);
  if (move.kind === 'block')
    return [
      blockTodo(
        todo.todoId,
        { kind: move.isLimit ? 'limit' : 'role', byRole: reported.role, reason: move.reason, requiredInputs: [...requiredInputs] },
        ctx,
        move.row,
      ),
    ];
  const workflow = afterMove(todo.workflow, move);
  if (move.kind === 'enter') return [{ type: 'step-entered', todoId: todo.todoId, move, workflow }];
  return [
    {
      type: 'closeout-started',
      todoId: todo.todoId,
      closeoutId: closeoutIdOf(todo, workflow.visits.closeout ?? 1),
      row: move.row,
      workflow,
    },
  ];
}

/** What a turn's outcome means, for any subject. */
export function turnOutcomeEvents(state: State, turnId: string, outcome: RunTurnOutcome, ctx: DecideContext): Event[] {
  const turn = state.turns[turnId];
  if (!turn || turn.status === 'ended') return [];
  switch (outcome.kind) {
    case 'report':
      return reportedEvents(state, turn, outcome, ctx);
    case 'contract':
      return [ended(turn, outcome, outcome), ...contractEvents(state, turn, outcome.problems, outcome.tokens, ctx)];
    case 'malformed':
      return malformedEvents(state, turn, outcome, ctx);
    case 'failed':
      return failedEvents(state, turn, outcome, ctx);
    case 'breach':
      return breachEvents(state, turn, outcome, ctx);
    case 'worktree-gone':
      return [...readEnvelopes(state, turnId), ended(turn, outcome), ...todoOf(state, turn).flatMap(rebuildWorktree)];
  }
}

const todoOf = (state: State, { subject }: Turn): Todo[] => {
  const todo = subject.kind === 'todo' ? state.todos[subject.todoId] : undefined;
  return todo ? [todo] : [];
};

function breachEvents(state: State, turn: Turn, outcome: Outcome<'breach'> & RunTurnOutcome, ctx: DecideContext): Event[] {
  const gone = outcome.isWorktreeGone ? todoOf(state, turn) : [];
  const mended =
    gone.length > 0 ? 'Everything else was put back; a retry makes it again from its newest checkpoint.' : 'Everything was put back.';
  const reason = `${turn.member}'s turn at ${turn.step} did what it may not: ${outcome.breaches.join(' ')} ${mended}`;
  return [ended(turn, outcome), ...gone.map(worktreeGone), ...stopSubject(turn, 'turn', reason, [], ctx)];
}

/** What was handed over for a turn counts as read. */
const readEnvelopes = (state: State, turnId: string): Event[] =>
  Object.values(state.envelopes)
    .filter((envelope) => envelope.turnId === turnId && envelope.consumedAt === null)
    .map(({ relayId }): Event => ({ type: 'envelope-consumed', relayId }));

const knownTurn = (state: State, turnId: string): boolean => state.turns[turnId] !== undefined && state.turns[turnId].status !== 'ended';
const staleTurn = (turnId: string) => refuse('stale', `Turn ${turnId} has ended or is not known.`);

/** Notes of the effect worker about a turn under way. */
export const turnHandlers: Handlers<'note-turn-prepared' | 'note-turn-spawned' | 'note-turn-session' | 'note-turn-failure'> = {
  'note-turn-prepared': (state, { type: _type, ...fields }) => {
    if (!knownTurn(state, fields.turnId)) return staleTurn(fields.turnId);
    return ok([...readEnvelopes(state, fields.turnId), { type: 'turn-prepared', ...fields }]);
  },
  'note-turn-spawned': (state, { turnId, pid, startTime }) =>
    knownTurn(state, turnId) ? ok([{ type: 'turn-spawned', turnId, pid, startTime }]) : staleTurn(turnId),
  'note-turn-session': (state, { turnId, sessionId }) =>
    knownTurn(state, turnId) ? ok([{ type: 'turn-session', turnId, sessionId }]) : staleTurn(turnId),
  'note-turn-failure': (state, { turnId, reason, message, log }) =>
    knownTurn(state, turnId) ? ok([{ type: 'turn-failed-attempt', turnId, reason, message, log }]) : staleTurn(turnId),
};
