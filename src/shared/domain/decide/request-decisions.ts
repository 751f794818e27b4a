import { newRequestId } from '../../kernel/ids.js';
import { ok } from '../../kernel/result.js';
import { mergeProposals } from '../backlog.js';
import type { Report } from '../report.js';
import { refuse } from '../refusal.js';
import type { Request, State, Turn } from '../state.js';
import type { DecideContext, Event, TurnOutcome } from '../vocabulary.js';
import { askAction, stopActions } from './action-decisions.js';
import { cancelLane, cancelledTurn, stopSprint } from './handler.js';
import type { Handlers } from './handler.js';
import { stopRequest } from './contract-return.js';
import { digestOf } from './report-digest.js';
import { findRole } from '../roster.js';

const openStatuses: readonly Request['status'][] = ['queued', 'delegated', 'blocked'];

function newRequest(text: string, ctx: DecideContext): Request {
  const scope = text.split('\n')[0]?.trim() ?? text;
  return {
    requestId: newRequestId(ctx.ids, ctx.now),
    status: 'queued',
    scope,
    body: text,
    requestedBy: ctx.actor,
    currentRole: 'orchestrator',
    activeTurnId: null,
    visit: 1,
    contractReturns: 0,
    backlogIds: [],
    reports: [],
    inputs: [],
    outcome: '',
    blocker: null,
    fingerprint: requestFingerprint(text, ctx.actor.id),
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
}

const requestFingerprint = (text: string, by: string): string => `${by}|${text.toLowerCase().replace(/\s+/g, ' ').trim()}`;

/** What a valid report on a request does: finish it, hand it to the planner, or stop with a question. */
export function requestReportEvents(
  state: State,
  turn: Turn,
  report: Report,
  outcome: Extract<TurnOutcome, { kind: 'report' }>,
  ctx: DecideContext,
): Event[] {
  if (turn.subject.kind !== 'request') return [];
  const { requestId } = turn.subject;
  const request = state.requests[requestId];
  if (!request || !openStatuses.includes(request.status)) return [];
  const events: Event[] = [];
  const notes = [...outcome.notes];
  let backlogIds = request.backlogIds;
  if (findRole(turn.role)?.mayPlan && report.proposals.backlogItems.length > 0) {
    const merge = mergeProposals(
      state,
      report.proposals.backlogItems,
      { sprintId: '', source: 'user', requestId },
      { ...ctx, actor: { kind: 'role', id: turn.role } },
    );
    events.push(...merge.events);
    notes.push(...merge.notes);
    backlogIds = [...new Set([...backlogIds, ...merge.items.map((item) => item.backlogId)])];
  }
  events.push({ type: 'report-accepted', subject: turn.subject, digest: digestOf(report, turn, outcome.reportSha256, notes, ctx) });
  if (report.status !== 'completed')
    return [
      ...events,
      ...stopRequest(
        requestId,
        turn.role,
        report.proposals.blockedReason || report.error || report.summary,
        ctx,
        report.proposals.requiredInputs,
      ),
    ];
  const control = turn.role === 'orchestrator' ? controlEvents(state, request, report, ctx) : null;
  if (control) return [...events, ...control];
  const isDone = turn.role !== 'orchestrator' || report.proposals.requestHandling?.mode === 'complete';
  const changes: Partial<Request> = isDone
    ? { status: 'completed', outcome: report.summary, backlogIds }
    : { status: 'delegated', currentRole: 'planner', contractReturns: 0 };
  return [...events, { type: 'request-changed', requestId, changes, why: isDone ? 'completed' : 'handed to the planner' }];
}

/** Control actions that the orchestrator asks for in answer to a person's request; validated fields, under that person's rights. */
function controlEvents(state: State, request: Request, report: Report, ctx: DecideContext): Event[] | null {
  const action = report.proposals.controlAction;
  if (!action) return null;
  const done = (outcome: string, status: Request['status'] = 'completed'): Event => ({
    type: 'request-changed',
    requestId: request.requestId,
    changes: { status, outcome },
    why: outcome,
  });
  if (request.requestedBy.kind !== 'person') return [done('A control action needs a person who asked for it.', 'failed')];
  if (action.kind === 'cancel_request') {
    const other = state.requests[action.requestId];
    if (!other || !openStatuses.includes(other.status)) return [done(`There is no open request ${action.requestId} to cancel.`, 'failed')];
    return [...cancelEvents(state, other, ctx), done(`Request ${action.requestId} was cancelled.`)];
  }
  if (action.kind === 'execute_action') {
    const { requestId, requestedBy: by } = request;
    const asked = askAction(state, { name: action.actionName, params: action.params, requestId, by }, ctx);
    return asked.ok ? asked.value : [done(asked.error.message, 'failed')];
  }
  if (action.kind === 'sprint_lifecycle' && action.command === 'stop') {
    const sprint = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
    if (!sprint) return [done('No sprint is running.')];
    return [...stopSprint(state, sprint, request.requestedBy, ctx.now), done('The sprint stops after the todos that run.')];
  }
  if (action.kind === 'sprint_lifecycle' && action.command === 'status') return [done(report.summary)];
  return [done('Muster cannot do that from a request; use `muster sprint start` or the board.', 'failed')];
}

function cancelEvents(state: State, request: Request, ctx: DecideContext): Event[] {
  const stopped = stopActions(state, 'its request was cancelled.', ctx, request.requestId).filter(({ type }) => type !== 'request-changed');
  const events = [...cancelLane(state, `request:${request.requestId}`, 'cancelled'), ...stopped];
  if (request.activeTurnId) events.push(cancelledTurn(state, request.activeTurnId));
  return [
    ...events,
    { type: 'request-changed', requestId: request.requestId, changes: { status: 'cancelled', outcome: 'cancelled' }, why: 'cancelled' },
  ];
}

/** Requests of people, and files that arrive in an inbox. */
export const requestHandlers: Handlers<'submit-request' | 'cancel-request' | 'take-intake'> = {
  'submit-request': (state, { text }, ctx) => {
    if (text.trim() === '') return refuse('bad-input', 'A request needs words: say what should be done.');
    const open = Object.values(state.requests).find(
      (request) => openStatuses.includes(request.status) && request.fingerprint === requestFingerprint(text, ctx.actor.id),
    );
    if (open)
      return refuse(
        'no-effect',
        `The same request is open already: ${open.requestId}. \`muster show ${open.requestId}\` tells how it stands.`,
      );
    return ok([{ type: 'request-accepted', request: newRequest(text.trim(), ctx) }]);
  },
  'cancel-request': (state, { requestId }, ctx) => {
    const request = state.requests[requestId];
    if (!request) return refuse('unknown-id', `There is no request ${requestId}. \`muster list\` names the requests.`);
    if (!openStatuses.includes(request.status))
      return refuse('already-ended', `Request ${requestId} is ${request.status} and cannot be cancelled.`);
    return ok(cancelEvents(state, request, ctx));
  },
  'take-intake': (state, { sha256, role, envelope, reason }, ctx) => {
    if (state.intakes[sha256]) return ok([]);
    if (!envelope) return ok([{ type: 'intake-taken', sha256, role, isValid: false, reason, requestId: '' }]);
    const request = newRequest(envelope.body || envelope.scope, {
      ...ctx,
      actor: { kind: 'file-edit', id: `relay file from ${envelope.from}` },
    });
    // A file is nobody's word: its request waits until a person lets it start (rules 6).
    const waits = `It came as a file from ${envelope.from}. Look at it with \`muster show ${request.requestId}\`, and let it start with \`muster retry ${request.requestId}\`.`;
    const blocker = { at: ctx.now, reason: waits, byRole: 'runtime', kind: 'stopped', requiredInputs: [], logs: [] } as const;
    return ok([
      { type: 'request-accepted', request: { ...request, status: 'blocked', blocker: { ...blocker, requiredInputs: [], logs: [] } } },
      { type: 'intake-taken', sha256, role, isValid: true, reason: '', requestId: request.requestId },
    ]);
  },
};
