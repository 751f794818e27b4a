import { workTakenOver } from '../stack.js';
import type { Actor, Blocker, State, Todo, TodoStatus, Verdict } from '../state.js';
import { currentRevision } from '../state.js';
import { newWorkflow } from '../workflow.js';
import type { Folds } from './fold.js';
import { recordOf } from './fold.js';
import { noteActivity } from './sprint-folds.js';

type TodoEvent =
  | 'todo-created'
  | 'todo-started'
  | 'worktree-asked'
  | 'worktree-ready'
  | 'step-entered'
  | 'step-resumed'
  | 'evidence-asked'
  | 'evidence-gathered'
  | 'todo-blocked'
  | 'todo-paused'
  | 'todo-requeued'
  | 'todo-ended'
  | 'todo-reordered'
  | 'todo-assigned'
  | 'changed-by-hand'
  | 'input-given'
  | 'worktree-removal-asked'
  | 'worktree-removed'
  | 'revision-opened'
  | 'verdict-given';

const todoOf = (state: State, todoId: string): Todo => recordOf(state.todos, todoId, 'todo');

function touch(state: State, todo: Todo, at: string, type: string, role: string, summary: string): void {
  todo.updatedAt = at;
  noteActivity(state.sprints[todo.sprintId], { at, type, role, todoId: todo.todoId, summary });
}

function setStatus(todo: Todo, status: TodoStatus, at: string): void {
  todo.status = status;
  todo.updatedAt = at;
  if (['completed', 'failed', 'cancelled', 'carried_over'].includes(status)) todo.endedAt = at;
}

/** Why a card stands still, where nobody but the runtime or a person said so. */
const stopped = (at: string, reason: string, by: Actor): Blocker => ({
  at,
  reason,
  byRole: by.id,
  kind: 'stopped',
  requiredInputs: [],
  logs: [],
});

/** Different people who approved since the last verdict of another kind. */
function approvals(verdicts: readonly Verdict[]): number {
  const lastOther = verdicts.findLastIndex((verdict) => !['approved', 'review-asked'].includes(verdict.kind));
  return new Set(
    verdicts
      .slice(lastOther + 1)
      .filter((verdict) => verdict.kind === 'approved')
      .map((verdict) => verdict.by.id),
  ).size;
}

/** Folds of a todo's life, its verdicts and its revisions. */
export const todoFolds: Folds<TodoEvent> = {
  'todo-created': (state, { todo }) => {
    state.todos[todo.todoId] = JSON.parse(JSON.stringify(todo)) as Todo;
    const sprint = state.sprints[todo.sprintId];
    if (sprint && !sprint.todoIds.includes(todo.todoId)) sprint.todoIds.push(todo.todoId);
  },
  'todo-started': (state, { todoId }, at) => {
    const todo = todoOf(state, todoId);
    setStatus(todo, 'running', at);
    todo.activity = { kind: 'idle' };
    todo.isHeld = false;
    todo.workflow.phaseStatus = 'active';
    todo.startedAt ??= at;
    todo.endedAt = null;
    todo.blocker = null;
    todo.stepSince = at;
    touch(state, todo, at, 'todo_started', '', todo.title);
  },
  'worktree-asked': (state, { todoId, branch }, at) => {
    const todo = todoOf(state, todoId);
    todo.activity = { kind: 'preparing' };
    todo.updatedAt = at;
    currentRevision(todo).branch = branch;
  },
  'worktree-ready': (state, { todoId, path, base, gitFileSha256, tree }, at) => {
    const todo = todoOf(state, todoId);
    const revision = currentRevision(todo);
    const isMoved = revision.worktreePath !== '';
    if (tree !== undefined || isMoved) revision.leftTree = tree ?? '';
    revision.worktreePath = path;
    revision.base = base;
    revision.gitFileSha256 = gitFileSha256;
    todo.activity = { kind: 'idle' };
    todo.updatedAt = at;
  },
  'step-entered': (state, { todoId, move, workflow }, at) => {
    const todo = todoOf(state, todoId);
    todo.workflow = { ...workflow, visits: { ...workflow.visits } };
    todo.status = 'running';
    todo.activity = { kind: 'idle' };
    todo.stepSince = at;
    if (workflow.step === 'qa_validation') todo.evidence = null;
    currentRevision(todo).closeout = null;
    touch(state, todo, at, move.counts.includes('reopen') ? 'reopened' : 'role_delegated', move.owner, `${move.step} (${move.row})`);
  },
  'step-resumed': (state, { todoId, workflow, why }, at) => {
    const todo = todoOf(state, todoId);
    todo.workflow = { ...workflow, visits: { ...workflow.visits } };
    todo.status = 'queued';
    todo.isHeld = false;
    delete todo.endedInQueue;
    todo.activity = { kind: 'idle' };
    todo.blocker = null;
    todo.endedAt = null;
    // The work may be another one by now.
    if (workflow.step === 'qa_validation') todo.evidence = null;
    const { closeout } = currentRevision(todo);
    if (closeout) {
      closeout.tipMoves = 0;
      closeout.waiting = null;
    }
    touch(state, todo, at, 'resumed', todo.workflow.owner, why);
  },
  'evidence-asked': (state, { todoId }, at) => {
    const todo = todoOf(state, todoId);
    todo.activity = { kind: 'evidence' };
    todo.updatedAt = at;
  },
  'evidence-gathered': (state, { todoId, evidence }, at) => {
    const todo = todoOf(state, todoId);
    todo.evidence = evidence;
    todo.activity = { kind: 'idle' };
    todo.updatedAt = at;
  },
  'todo-blocked': (state, { todoId, blocker }, at) => {
    const todo = todoOf(state, todoId);
    todo.blocker = { ...blocker };
    todo.workflow.phaseStatus = 'blocked';
    todo.activity = { kind: 'idle' };
    setStatus(todo, 'blocked', at);
    touch(state, todo, at, 'blocked', blocker.byRole, blocker.reason);
  },
  'todo-paused': (state, { todoId, reason, by }, at) => {
    const todo = todoOf(state, todoId);
    todo.activity = { kind: 'idle' };
    todo.blocker = stopped(at, reason, by);
    setStatus(todo, 'paused', at);
    touch(state, todo, at, 'paused', '', reason);
  },
  'todo-requeued': (state, { todoId, reason }, at) => {
    const todo = todoOf(state, todoId);
    todo.isHeld = true;
    todo.activity = { kind: 'idle' };
    todo.blocker = null;
    setStatus(todo, 'queued', at);
    touch(state, todo, at, 'requeued', '', reason);
  },
  'todo-ended': (state, { todoId, status, reason, by }, at) => {
    const todo = todoOf(state, todoId);
    todo.activity = { kind: 'idle' };
    todo.blocker = status === 'completed' ? null : stopped(at, reason || status, by);
    if (todo.status === 'queued') todo.endedInQueue = true;
    if (status === 'completed') todo.workflow.phaseStatus = 'completed';
    setStatus(todo, status, at);
    touch(state, todo, at, 'todo_completed', '', reason || status);
  },
  'todo-reordered': (state, { todoId, order }, at) => {
    const todo = todoOf(state, todoId);
    todo.order = order;
    todo.updatedAt = at;
  },
  'todo-assigned': (state, { todoId, role, member }, at) => {
    const todo = todoOf(state, todoId);
    todo.members[role] = member;
    touch(state, todo, at, 'assigned', role, `${role}: ${member}`);
  },
  'changed-by-hand': (state, { todoId, paths, by, tree, head }, at) => {
    const todo = todoOf(state, todoId);
    const revision = currentRevision(todo);
    for (const names of [revision.makers, revision.changedBy]) if (!names.includes(by)) names.push(by);
    if (tree !== undefined) revision.leftTree = tree;
    if (head !== undefined) revision.handHead = head;
    touch(state, todo, at, 'changed_by_hand', '', `Changed by hand (${by}): ${paths.slice(0, 5).join(', ') || 'a commit'}`);
  },
  'input-given': (state, { todoId, text, by }, at) => {
    const todo = todoOf(state, todoId);
    todo.inputs.push({ at, by: by.id, text });
    todo.updatedAt = at;
  },
  'worktree-removal-asked': () => undefined,
  'worktree-removed': (state, { todoId, revision }, at) => {
    const todo = todoOf(state, todoId);
    const record = todo.revisions[revision - 1];
    if (record) record.worktreePath = '';
    todo.updatedAt = at;
  },
  'revision-opened': (state, { todoId, request }, at) => {
    const todo = todoOf(state, todoId);
    todo.revision += 1;
    const { makers, changedBy } = workTakenOver(todo) ?? { makers: [], changedBy: [] };
    todo.revisions.push({
      number: todo.revision,
      branch: '',
      base: '',
      worktreePath: '',
      gitFileSha256: null,
      request,
      closeout: null,
      receipt: null,
      commit: null,
      isIntegrated: false,
      isApproved: false,
      isReviewOpen: false,
      verdicts: [],
      makers: [...makers],
      changedBy: [...changedBy],
    });
    todo.workflow = newWorkflow('developer_revision');
    todo.activity = { kind: 'idle' };
    todo.needsFix = true;
    todo.blocker = null;
    todo.evidence = null;
    todo.endedAt = null;
    setStatus(todo, 'queued', at);
  },
  'verdict-given': (state, { todoId, revision, kind, comment, by }, at) => {
    const todo = todoOf(state, todoId);
    const record = todo.revisions[revision - 1];
    if (!record) throw new Error(`Todo ${todoId} has no revision ${revision}.`);
    record.verdicts.push({ at, by, kind, revision, comment });
    if (kind === 'review-asked') record.isReviewOpen = true;
    else if (kind === 'approved') {
      record.isApproved = approvals(record.verdicts) >= (state.configuration?.review.required ?? 1);
      if (record.isApproved) record.isReviewOpen = false;
    } else record.isReviewOpen = false;
    if (kind === 'taken-back' || kind === 'changes-requested') record.isApproved = false;
    if (kind === 'changes-requested') todo.needsFix = true;
    touch(state, todo, at, `verdict_${kind}`, '', comment || todo.title);
  },
};
