import type { Folds } from './fold.js';
import { recordOf } from './fold.js';

/** So many relay files are remembered, so that none is taken twice. */
const intakesKept = 10_000;

/** Folds of backlog items and requests. */
export const backlogFolds: Folds<'backlog-item-added' | 'backlog-item-changed' | 'request-accepted' | 'request-changed' | 'intake-taken'> =
  {
    'backlog-item-added': (state, { item }) => {
      state.backlog[item.backlogId] = structuredCloneOf(item);
    },
    'backlog-item-changed': (state, { backlogId, changes }, at) => {
      Object.assign(recordOf(state.backlog, backlogId, 'backlog item'), changes, { updatedAt: at });
    },
    'request-accepted': (state, { request }) => {
      state.requests[request.requestId] = structuredCloneOf(request);
    },
    'request-changed': (state, { requestId, changes, report }, at) => {
      const request = recordOf(state.requests, requestId, 'request');
      Object.assign(request, changes, { updatedAt: at });
      if (report) request.reports.push(report);
    },
    'intake-taken': (state, { sha256, requestId, isValid }, at) => {
      state.intakes[sha256] = { at, requestId, isValid };
      const ids = Object.keys(state.intakes);
      for (const oldest of ids.slice(0, Math.max(0, ids.length - intakesKept))) delete state.intakes[oldest];
    },
  };

/** A deep copy of plain data, so that an event that is still being written cannot change with the state. */
function structuredCloneOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
