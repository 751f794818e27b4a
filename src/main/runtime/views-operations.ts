import type { ActionsView, OperationView } from '../../shared/contract/action-views.js';
import type { Operation } from '../../shared/domain/operation.js';
import type { State } from '../../shared/domain/state.js';
import { whoView } from './views-parts.js';

const shownAtMost = 50;

/** One run of an action. */
export const operationView = (operation: Operation): OperationView => {
  const { operationId: id, requestId, action, params, command, domain, network, requestedBy, ...rest } = operation;
  const { status, returncode, outcome, outputSha256, isJailed, createdAt, updatedAt } = rest;
  return {
    ...{ id, requestId, action, params: { ...params }, command: [...command], domain, network, requestedBy: whoView(requestedBy) },
    ...{ status, returncode, outcome, outputSha256, isJailed, createdAt, updatedAt },
    logFile: `logs/operations/${id}.log`,
  };
};

/** The actions of the configuration, and the newest runs. */
export const actionsView = (state: State): ActionsView => ({
  actions: Object.entries(state.configuration?.actions ?? {}).map(([name, action]) => ({
    name,
    command: [...action.command],
    params: [...action.allowedParams],
    domain: action.domain,
    network: action.network,
    timeoutSeconds: action.timeoutSeconds,
    isRunnable: action.lifecycle === 'foreground',
  })),
  operations: Object.values(state.operations).slice(-shownAtMost).reverse().map(operationView),
});
