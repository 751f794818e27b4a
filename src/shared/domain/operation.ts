import type { Operation, Request, State } from './state.js';

/** Whether an action has been asked for and has not ended. */
export const isUnderWay = (operation: Operation | undefined): operation is Operation =>
  operation?.status === 'waiting' || operation?.status === 'running';

/** Whether the request waits for an action that was asked for in answer to it. */
export const hasOpenAction = (state: State, request: Request): boolean =>
  request.operationId !== undefined && isUnderWay(state.operations[request.operationId]);
