import type { Closeout, Revision, State, Todo } from '../state.js';
import { closeoutInWork } from '../closeout.js';
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
  | 'todo-committed'
  | 'revert-asked'
  | 'revert-blocked'
  | 'revert-dropped'
  | 'todo-reverted';

const todoOf = (state: State, todoId: string): Todo => recordOf(state.todos, todoId, 'todo');

const newCloseout = (closeoutId: string, stage: Closeout['stage']): Closeout => ({
  closeoutId,
  stage,
  commit: null,
  tree: null,
  rebased: null,
  onto: null,
  patchId: null,
  tipMoves: 0,
  paths: [],
  waiting: null,
});

/** A todo's revert, which has to be there; nothing else drives the todo from now on. */
function revertOf(state: State, todoId: string, at: string): { readonly todo: Todo; readonly revert: NonNullable<Revision['revert']> } {
  const todo = todoOf(state, todoId);
  const { revert } = currentRevision(todo);
  if (!revert) throw new Error(`Todo ${todoId} has no revert.`);
  todo.activity = { kind: 'idle' };
  todo.updatedAt = at;
  return { todo, revert };
}

/** Folds of a closeout, and of a revert, which is one. */
export const closeoutFolds: Folds<CloseoutEvent> = {
  'closeout-started': (state, { todoId, closeoutId, workflow }, at) => {
    const todo = todoOf(state, todoId);
    todo.workflow = { ...workflow, visits: { ...workflow.visits } };
    todo.activity = { kind: 'idle' };
    todo.stepSince = at;
    todo.updatedAt = at;
    currentRevision(todo).closeout = newCloseout(closeoutId, 'commit');
  },
  'closeout-advanced': (state, { todoId, stage, changes }, at) => {
    const todo = todoOf(state, todoId);
    const closeout = closeoutInWork(currentRevision(todo));
    if (!closeout) throw new Error(`Todo ${todoId} has no closeout to advance.`);
    Object.assign(closeout, changes, { stage });
    todo.activity = stage === 'approval' || stage === 'done' ? { kind: 'idle' } : { kind: 'closeout', stage };
    todo.updatedAt = at;
  },
  'receipt-written': (state, { todoId, receipt }, at) => {
    const todo = todoOf(state, todoId);
    const revision = currentRevision(todo);
    if (revision.revert?.closeout.closeoutId === receipt.closeoutId) revision.revert.receipt = receipt;
    else revision.receipt = receipt;
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
  'revert-asked': (state, { todoId, closeoutId, commit, comment, by }, at) => {
    const todo = todoOf(state, todoId);
    const closeout = newCloseout(closeoutId, 'approval');
    currentRevision(todo).revert = { at, by, comment, commit, closeout, receipt: null, blocker: null, revertedAt: null };
    todo.updatedAt = at;
    noteActivity(state.sprints[todo.sprintId], { at, type: 'revert_asked', role: '', todoId, summary: comment });
  },
  'revert-blocked': (state, { todoId, blocker }, at) => {
    const { todo, revert } = revertOf(state, todoId, at);
    revert.blocker = { ...blocker };
    revert.closeout.stage = 'approval';
    revert.closeout.waiting = null;
    noteActivity(state.sprints[todo.sprintId], { at, type: 'blocked', role: blocker.byRole, todoId, summary: blocker.reason });
  },
  'revert-dropped': (state, { todoId, reason }, at) => {
    const { todo } = revertOf(state, todoId, at);
    delete currentRevision(todo).revert;
    noteActivity(state.sprints[todo.sprintId], { at, type: 'revert_dropped', role: '', todoId, summary: reason });
  },
  'todo-reverted': (state, { todoId, commit }, at) => {
    const { todo, revert } = revertOf(state, todoId, at);
    revert.closeout.stage = 'done';
    revert.closeout.waiting = null;
    revert.revertedAt = at;
    noteActivity(state.sprints[todo.sprintId], { at, type: 'reverted', role: 'version_controller', todoId, summary: commit.slice(0, 12) });
  },
};
