import type { State, Todo } from '../state.js';
import { currentRevision } from '../state.js';
import type { Folds } from './fold.js';
import { recordOf } from './fold.js';
import { noteActivity } from './sprint-folds.js';

type CloseoutEvent =
  | 'closeout-started'
  | 'closeout-advanced'
  | 'receipt-written'
  | 'setup-accepted'
  | 'verification-overridden'
  | 'todo-uncommitted'
  | 'todo-committed';

const todoOf = (state: State, todoId: string): Todo => recordOf(state.todos, todoId, 'todo');

/** Folds of a closeout. */
export const closeoutFolds: Folds<CloseoutEvent> = {
  'closeout-started': (state, { todoId, closeoutId, workflow }, at) => {
    const todo = todoOf(state, todoId);
    todo.workflow = { ...workflow, visits: { ...workflow.visits } };
    todo.activity = { kind: 'idle' };
    todo.stepSince = at;
    todo.updatedAt = at;
    currentRevision(todo).closeout = {
      closeoutId,
      stage: 'commit',
      commit: null,
      tree: null,
      rebased: null,
      onto: null,
      patchId: null,
      tipMoves: 0,
      paths: [],
      waiting: null,
    };
  },
  'closeout-advanced': (state, { todoId, stage, changes }, at) => {
    const todo = todoOf(state, todoId);
    const { closeout } = currentRevision(todo);
    if (!closeout) throw new Error(`Todo ${todoId} has no closeout to advance.`);
    Object.assign(closeout, changes, { stage });
    todo.activity = stage === 'approval' || stage === 'done' ? { kind: 'idle' } : { kind: 'closeout', stage };
    todo.updatedAt = at;
  },
  'receipt-written': (state, { todoId, receipt }, at) => {
    const todo = todoOf(state, todoId);
    currentRevision(todo).receipt = receipt;
    todo.updatedAt = at;
  },
  'setup-accepted': (state, { todoId, key, by }, at) => {
    state.acceptedSetups = { ...state.acceptedSetups, [key]: { at, by: by.id } };
    const sprint = state.sprints[todoOf(state, todoId).sprintId];
    noteActivity(sprint, { at, type: 'setup_accepted', role: '', todoId, summary: `accepted by ${by.id}` });
  },
  'verification-overridden': (state, { todoId, commands, reason, by }, at) => {
    const todo = todoOf(state, todoId);
    const { closeout } = currentRevision(todo);
    if (!closeout) throw new Error(`Todo ${todoId} has no closeout whose verification could be overridden.`);
    closeout.override = { by: by.id, reason, commands: [...commands] };
    todo.updatedAt = at;
    const sprint = state.sprints[todo.sprintId];
    noteActivity(sprint, { at, type: 'verification_overridden', role: '', todoId, summary: `${by.id}: ${reason}` });
  },
  'todo-uncommitted': (state, { todoId, reason }, at) => {
    const todo = todoOf(state, todoId);
    todo.status = 'uncommitted';
    todo.activity = { kind: 'idle' };
    todo.blocker = { at, reason, byRole: 'version_controller', kind: 'git', requiredInputs: [], logs: [] };
    todo.updatedAt = at;
  },
  'todo-committed': (state, { todoId, commit, isIntegrated }, at) => {
    const todo = todoOf(state, todoId);
    const revision = currentRevision(todo);
    revision.commit = commit;
    revision.isIntegrated = isIntegrated;
    todo.status = 'committed';
    todo.needsFix = false;
    todo.blocker = null;
    todo.workflow.phaseStatus = 'completed';
    todo.activity = { kind: 'idle' };
    todo.endedAt = at;
    todo.updatedAt = at;
    noteActivity(state.sprints[todo.sprintId], { at, type: 'committed', role: 'version_controller', todoId, summary: commit.slice(0, 12) });
  },
};
