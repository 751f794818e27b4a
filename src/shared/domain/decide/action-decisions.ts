import { newOperationId, newRequestId } from '../../kernel/ids.js';
import { ok } from '../../kernel/result.js';
import type { Result } from '../../kernel/result.js';
import { filledCommand, placeholdersOf } from '../action-command.js';
import type { ActionDefinition } from '../configuration.js';
import { restrictedReason } from '../queue.js';
import { refuse } from '../refusal.js';
import { isUnderWay } from '../operation.js';
import type { ActionEnd, ActionOutcome, Operation } from '../operation.js';
import type { Actor, Request, State } from '../state.js';
import type { DecideContext, Event, Refusal } from '../vocabulary.js';
import { haltRefusal } from './handler.js';
import type { Handlers } from './handler.js';

/** What is asked to be run, for whom, and in answer to which request (empty: to none). */
export interface ActionAsk {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly by: Actor;
}

const longestValue = 4_000;

/** Why these values may not stand in the action's command, or null. A word of the command stays one word, whatever the value says. */
function paramProblem(name: string, { command, allowedParams }: ActionDefinition, params: ActionAsk['params']): string | null {
  const takes = allowedParams.length > 0 ? `It takes ${allowedParams.join(', ')}.` : 'It takes none.';
  const foreign = Object.keys(params).find((key) => !allowedParams.includes(key));
  if (foreign !== undefined) return `The action "${name}" has no parameter "${foreign}". ${takes}`;
  for (const key of placeholdersOf(command)) {
    if (!allowedParams.includes(key))
      return `The action "${name}" cannot be run: its command names {${key}}, which is not among its allowed_params in team_runtime.yaml.`;
    const value = Object.hasOwn(params, key) ? params[key] : undefined;
    if (value === undefined || value === '') return `The action "${name}" needs a value for "${key}": \`--param ${key}=…\`.`;
    if (value.length > longestValue) return `The value of "${key}" has ${value.length} characters; at most ${longestValue} are taken.`;
    if (/[\u0000-\u001f\u007f]/.test(value)) return `The value of "${key}" must be one line without control characters.`;
    if (value.startsWith('-') && command.some((word) => word.startsWith(`{${key}}`)))
      return `The value of "${key}" must not begin with "-": the command would take it for an option.`;
  }
  return null;
}

function actionNamed(state: State, name: string): Result<ActionDefinition, Refusal> {
  const actions = state.configuration?.actions ?? {};
  const names = Object.keys(actions);
  if (names.length === 0)
    return refuse(
      'unknown-id',
      'This workspace has no actions. Name them as `actions` in team_runtime.yaml, and accept them with `muster trust`.',
    );
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return refuse('unknown-id', `There is no action "${name}". The actions are ${names.join(', ')}.`);
  if (action.lifecycle === 'managed')
    return refuse(
      'may-not',
      `The action "${name}" is managed: it would run on in the background, which Muster does not do. Make it \`lifecycle: foreground\` in team_runtime.yaml.`,
    );
  return ok(action);
}

/** The events that begin an action, exactly as the trusted configuration says it; or why it is not run. */
export function askAction(state: State, ask: ActionAsk, ctx: DecideContext): Result<Event[], Refusal> {
  if (!state.isTrusted) return refuse('not-trusted', restrictedReason(state));
  const found = actionNamed(state, ask.name);
  if (!found.ok) return found;
  const halted = haltRefusal(state);
  if (halted) return halted;
  const problem = paramProblem(ask.name, found.value, ask.params);
  if (problem !== null) return refuse('bad-input', problem);
  const { command, domain, network, timeoutSeconds } = found.value;
  const operation: Operation = {
    operationId: newOperationId(ctx.ids, ask.requestId || newRequestId(ctx.ids, ctx.now), ask.name),
    requestId: ask.requestId,
    action: ask.name,
    params: { ...ask.params },
    command: filledCommand(command, ask.params),
    domain,
    network,
    timeoutSeconds,
    requestedBy: ask.by,
    status: 'waiting',
    returncode: null,
    outcome: '',
    outputSha256: '',
    outputBytes: 0,
    isJailed: true,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  return ok([{ type: 'operation-asked', operation }]);
}

const nothingKnown = { returncode: null, outputSha256: '', outputBytes: 0, isJailed: true } as const;

function endingOf(operation: Operation, outcome: ActionOutcome): ActionEnd {
  const { action, operationId, timeoutSeconds } = operation;
  const name = `The action "${action}"`;
  if (outcome.kind === 'could-not-start')
    return { ...nothingKnown, status: 'failed', outcome: `${name} could not start: ${outcome.reason}` };
  if (outcome.kind === 'unknown') return { ...nothingKnown, status: 'unknown', outcome: mayHaveHappened(operation) };
  const { outputSha256, outputBytes, isJailed } = outcome;
  const kept = { outputSha256, outputBytes, isJailed };
  const where = `${isJailed ? '' : ' It ran without a jail.'} Its output is in logs/operations/${operationId}.log.`;
  if (outcome.kind === 'exited')
    return {
      ...kept,
      status: outcome.exitCode === 0 ? 'completed' : 'failed',
      returncode: outcome.exitCode,
      outcome: `${name} ended with exit code ${outcome.exitCode}.${where}`,
    };
  const why = outcome.kind === 'timed-out' ? `took longer than ${timeoutSeconds} s` : 'said more than an action may';
  return {
    ...kept,
    returncode: null,
    status: 'failed',
    outcome: `${name} ${why} and was ended; it may have done a part of its work.${where}`,
  };
}

const mayHaveHappened = ({ action }: Operation): string =>
  `Muster was ended while the action "${action}" ran, so it may have happened, in part or in whole. Look at what it did before it is run again.`;

/** What its end means for the request that it answers; without one, what nobody can know is a problem that a person sees. */
function toldEvents(state: State, operation: Operation, ending: ActionEnd, ctx: DecideContext): Event[] {
  const request = openRequestOf(state, operation);
  const { status, outcome } = ending;
  if (!request) {
    if (status !== 'unknown') return [];
    const problemId = `operation-${operation.operationId}`;
    return [{ type: 'problem-found', problem: { problemId, path: '', reason: outcome, at: ctx.now } }];
  }
  const { requestId } = request;
  if (status === 'completed' || status === 'failed')
    return [{ type: 'request-changed', requestId, changes: { status, outcome }, why: outcome }];
  const reason = `${outcome} \`muster retry ${requestId}\` asks for it again, \`muster cancel ${requestId}\` leaves it.`;
  const blocker = { at: ctx.now, reason, byRole: 'runtime', kind: 'stopped', requiredInputs: [], logs: [] } as const;
  return [
    {
      type: 'request-changed',
      requestId,
      why: reason,
      changes: { status: 'blocked', blocker: { ...blocker, requiredInputs: [], logs: [] } },
    },
  ];
}

function openRequestOf(state: State, { operationId, requestId }: Operation): Request | null {
  const request = state.requests[requestId];
  const isOpen = request !== undefined && ['queued', 'delegated', 'blocked'].includes(request.status);
  return isOpen && request.operationId === operationId ? request : null;
}

function ended(state: State, operation: Operation, ending: ActionEnd, ctx: DecideContext): Event[] {
  return [{ type: 'operation-ended', operationId: operation.operationId, ...ending }, ...toldEvents(state, operation, ending, ctx)];
}

/** What the outcome of an action's effect means. */
export function actionOutcomeEvents(state: State, operationId: string, outcome: ActionOutcome, ctx: DecideContext): Event[] {
  const operation = state.operations[operationId];
  return isUnderWay(operation) ? ended(state, operation, endingOf(operation, outcome), ctx) : [];
}

/** An action whose effect was set aside: it failed, or, once it had begun, may have happened. */
export const parkedActionEvents = (state: State, operationId: string, reason: string, ctx: DecideContext): Event[] =>
  actionOutcomeEvents(
    state,
    operationId,
    state.operations[operationId]?.status === 'running' ? { kind: 'unknown' } : { kind: 'could-not-start', reason },
    ctx,
  );

/** Ends actions that wait or run, with their processes: all of them, or those that answer one request. */
export function stopActions(state: State, reason: string, ctx: DecideContext, requestId?: string): Event[] {
  return Object.values(state.operations)
    .filter((operation) => isUnderWay(operation) && (requestId === undefined || operation.requestId === requestId))
    .flatMap((operation) => {
      const begun = operation.status === 'running' ? ' It had begun, so it may have done a part of its work.' : '';
      const outcome = `The action "${operation.action}" was stopped: ${reason}${begun}`;
      const cancelled = Object.values(state.effects)
        .filter(({ effect }) => effect.type === 'run-action' && effect.operationId === operation.operationId)
        .map(({ effectId }): Event => ({ type: 'effect-cancelled', effectId, reason }));
      return [...cancelled, ...ended(state, operation, { ...nothingKnown, status: 'failed', outcome }, ctx)];
    });
}

/** Actions that a person asks for by name, and their begin. */
export const actionHandlers: Handlers<'execute-action' | 'note-operation-begun'> = {
  'execute-action': (state, { actionName, params }, ctx) =>
    ctx.actor.kind === 'person'
      ? askAction(state, { name: actionName, params, requestId: '', by: ctx.actor }, ctx)
      : refuse('may-not', 'An action is run for a person, who asks for it by name or in a request.'),
  'note-operation-begun': (state, { operationId }) =>
    state.operations[operationId]?.status === 'waiting'
      ? ok([{ type: 'operation-begun', operationId }])
      : refuse('no-effect', `Operation ${operationId} does not wait to begin.`),
};
