import type { Folds } from './fold.js';
import { recordOf } from './fold.js';

/** Folds of what actions did. */
export const actionFolds: Folds<'operation-asked' | 'operation-begun' | 'operation-ended'> = {
  'operation-asked': (state, { operation }) => {
    state.operations[operation.operationId] = { ...operation, params: { ...operation.params }, command: [...operation.command] };
    const request = state.requests[operation.requestId];
    if (request) request.operationId = operation.operationId;
  },
  'operation-begun': (state, { operationId }, at) => {
    Object.assign(recordOf(state.operations, operationId, 'operation'), { status: 'running', updatedAt: at });
  },
  'operation-ended': (state, { operationId, type: _type, ...ending }, at) => {
    Object.assign(recordOf(state.operations, operationId, 'operation'), ending, { updatedAt: at });
  },
};
