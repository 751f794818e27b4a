import { subjectIdOf } from '../advance.js';
import type { Sprint } from '../state.js';
import type { Folds } from './fold.js';
import { recordOf } from './fold.js';

const activityKept = 25;

/** Adds a line to a sprint's recent activity (sprint-runtime 4.6: at most 25). */
export function noteActivity(sprint: Sprint | undefined, entry: Sprint['activity'][number]): void {
  if (!sprint) return;
  sprint.activity.push({ ...entry, summary: entry.summary.slice(0, 220) });
  if (sprint.activity.length > activityKept) sprint.activity.splice(0, sprint.activity.length - activityKept);
}

const endedStatuses: readonly Sprint['status'][] = ['completed', 'failed', 'blocked', 'cancelled'];

/** Folds of sprints. */
export const sprintFolds: Folds<
  'sprint-started' | 'sprint-changed' | 'planning-step-entered' | 'document-authored' | 'sprint-archive-asked' | 'sprint-archived'
> = {
  'sprint-started': (state, { sprint }, at) => {
    const copy = JSON.parse(JSON.stringify(sprint)) as Sprint;
    state.sprints[sprint.sprintId] = copy;
    state.activeSprintId = sprint.sprintId;
    noteActivity(copy, { at, type: 'started', role: '', todoId: '', summary: sprint.milestoneTitle });
  },
  'sprint-changed': (state, { sprintId, changes, why }, at) => {
    const sprint = recordOf(state.sprints, sprintId, 'sprint');
    Object.assign(sprint, changes, { updatedAt: at });
    if (why) noteActivity(sprint, { at, type: changes.status ?? 'changed', role: '', todoId: '', summary: why });
    if (changes.status && endedStatuses.includes(changes.status)) {
      sprint.endedAt = at;
      if (state.activeSprintId === sprintId) state.activeSprintId = null;
    }
  },
  'planning-step-entered': (state, { sprintId, planning, why }, at) => {
    const sprint = recordOf(state.sprints, sprintId, 'sprint');
    sprint.planning = { ...planning };
    sprint.updatedAt = at;
    noteActivity(sprint, { at, type: 'planning', role: 'planner', todoId: '', summary: why });
  },
  'document-authored': (state, { sprintId, name, sha256, by }, at) => {
    const sprint = recordOf(state.sprints, sprintId, 'sprint');
    const version = (sprint.documents[name]?.version ?? 0) + 1;
    sprint.documents[name] = { sha256, version, by, at };
  },
  'sprint-archive-asked': () => undefined,
  'sprint-archived': (state, { sprintId }) => {
    const sprint = recordOf(state.sprints, sprintId, 'sprint');
    const subjects = new Set([sprintId, ...sprint.todoIds]);
    for (const todoId of sprint.todoIds) {
      const todo = state.todos[todoId];
      if (!todo) continue;
      sprint.tally[todo.status] = (sprint.tally[todo.status] ?? 0) + 1;
      delete state.todos[todoId];
    }
    for (const [turnId, turn] of Object.entries(state.turns)) {
      if (subjects.has(subjectIdOf(turn.subject))) delete state.turns[turnId];
    }
    for (const [relayId, envelope] of Object.entries(state.envelopes)) {
      if (subjects.has(envelope.subjectId)) delete state.envelopes[relayId];
    }
    for (const key of Object.keys(state.sessions)) {
      if (subjects.has(key.slice(0, key.indexOf('/')))) delete state.sessions[key];
    }
    sprint.reports = [];
    sprint.activity = [];
    sprint.isArchived = true;
  },
};
