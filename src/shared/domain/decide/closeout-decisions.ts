import { blockTodo } from '../advance.js';
import { reworkEvent } from '../backlog.js';
import { isGreen, redText } from '../receipt.js';
import { openBelow, workBelow } from '../stack.js';
import type { Closeout, Sprint, State, Todo } from '../state.js';
import { currentRevision } from '../state.js';
import type { ReopenCategory } from '../workflow.js';
import type { DecideContext, EffectOutcomes, Event } from '../vocabulary.js';
import { conflictText, tipMoveLimit, tipMoveText } from './closeout-texts.js';
import { rebuildWorktree, wakeForStumble, wakeSprint } from './handler.js';
import { askForSetup } from './setup-question.js';
import { moveEvents } from './turn-decisions.js';

interface Scene {
  readonly state: State;
  readonly todo: Todo;
  readonly sprint: Sprint;
  readonly closeout: Closeout;
  readonly ctx: DecideContext;
}

type Outcome<T extends keyof EffectOutcomes> = EffectOutcomes[T];

const go = (scene: Scene, stage: Closeout['stage'], changes: Partial<Closeout>): Event => ({
  type: 'closeout-advanced',
  todoId: scene.todo.todoId,
  stage,
  changes,
});

/** Sends the work back from the closeout; after it landed on its own branch that means a new revision, after its sprint a new item. */
function reopen({ state, todo, sprint, ctx }: Scene, category: ReopenCategory, reason: string): Event[] {
  if (todo.status === 'committed') {
    const by = { kind: 'runtime', id: 'runtime' } as const;
    const asked: Event = {
      type: 'verdict-given',
      todoId: todo.todoId,
      revision: todo.revision,
      kind: 'changes-requested',
      comment: reason,
      by,
    };
    if (sprint.endedAt !== null)
      return [
        asked,
        { type: 'closeout-advanced', todoId: todo.todoId, stage: 'approval', changes: {} },
        reworkEvent(state, todo, reason, { ...ctx, actor: by }),
      ];
    return [
      asked,
      { type: 'revision-opened', todoId: todo.todoId, request: reason, by },
      ...wakeSprint(state, sprint.sprintId, 'landed work has to be redone', by),
    ];
  }
  const transition = {
    outcome: 'reopen',
    targetPhase: '',
    targetStep: '',
    requestedRole: '',
    category,
    finalizePhase: false,
    reason,
  } as const;
  const told: Event = { type: 'input-given', todoId: todo.todoId, text: reason, by: { kind: 'runtime', id: 'runtime' } };
  return [
    told,
    ...moveEvents(state, todo, { role: 'version_controller', status: 'completed', transition, isDocumentsOnly: false }, [], ctx),
  ];
}

const uncommitted = ({ todo }: Scene, reason: string): Event => ({ type: 'todo-uncommitted', todoId: todo.todoId, reason });

function committed(scene: Scene, outcome: Outcome<'commit'>): Event[] {
  const isInPlace = scene.sprint.terms.isolation === 'in_place';
  if (outcome.kind === 'refused') return [uncommitted(scene, outcome.reason)];
  if (outcome.kind === 'setup-asked') return [askForSetup(scene.state, scene.todo, outcome, scene.ctx)];
  if (outcome.kind === 'worktree-gone') return rebuildWorktree(scene.todo);
  if (outcome.kind === 'nothing') return [go(scene, 'verify', { commit: null, tree: '', rebased: null })];
  const { commit, tree, paths } = outcome;
  const made = { commit, tree, paths: [...paths] };
  return [
    isInPlace
      ? go(scene, 'verify', { ...made, rebased: commit })
      : go(scene, 'rebase', { ...made, below: workBelow(scene.todo, scene.state) }),
  ];
}

function rebased(scene: Scene, outcome: Outcome<'rebase'>): Event[] {
  switch (outcome.kind) {
    case 'refused':
      return [uncommitted(scene, outcome.reason)];
    case 'conflict': {
      const reason = `The work conflicts with what landed meanwhile, ${conflictText(outcome)}.\n${outcome.detail}`;
      const reopened = reopen(scene, 'implementation', reason);
      const goesOn = reopened.some((event) => event.type === 'step-entered');
      return goesOn ? [...reopened, ontoNewBase(scene, outcome.onto)] : reopened;
    }
    case 'empty':
      return [go(scene, 'verify', { commit: null, tree: '', rebased: null, onto: outcome.onto })];
    case 'rebased': {
      const { commit, tree, onto, patchId } = outcome;
      // As with an approval, what was let pass is the patch that was seen.
      const isOther = scene.closeout.override != null && scene.closeout.patchId !== patchId;
      return [
        ...takeBackForNewPatch(scene, patchId),
        go(scene, 'verify', { rebased: commit, tree, onto, patchId, ...(isOther ? { override: null } : {}) }),
      ];
    }
  }
}

/** An approval holds for the patch id that was seen (rules 3): a rebase that changes the patch asks for a new one. */
function takeBackForNewPatch({ todo, closeout }: Scene, patchId: string): Event[] {
  if (!currentRevision(todo).isApproved || closeout.patchId === null || closeout.patchId === patchId) return [];
  const comment = 'The change itself became another one when it was brought onto the target. Look at it again.';
  const by = { kind: 'runtime', id: 'runtime' } as const;
  return [{ type: 'verdict-given', todoId: todo.todoId, revision: todo.revision, kind: 'taken-back', comment, by }];
}

/** After a conflict the same branch goes on from the target's tip, with both sides in the files. */
const ontoNewBase = ({ todo }: Scene, onto: string): Event => ({
  type: 'worktree-asked',
  todoId: todo.todoId,
  branch: currentRevision(todo).branch,
  onto,
});

function verified(scene: Scene, outcome: Outcome<'verify'>): Event[] {
  const { todo, sprint, closeout, ctx } = scene;
  if (outcome.kind === 'refused') return [uncommitted(scene, outcome.reason)];
  if (outcome.kind === 'setup-failed')
    return [
      blockTodo(
        todo.todoId,
        {
          kind: 'setup',
          byRole: 'version_controller',
          reason: `The setup for the verification failed: ${outcome.reason}`,
          logs: [outcome.log],
        },
        ctx,
      ),
    ];
  if (outcome.kind === 'setup-asked') return [askForSetup(scene.state, todo, outcome, ctx)];
  const { receipt } = outcome;
  const written: Event = { type: 'receipt-written', todoId: todo.todoId, receipt };
  // What landed on its branch keeps the receipt that it landed with; that it is red on a newer target is said by the verdict.
  if (!isGreen(receipt))
    return [
      ...(todo.status === 'committed' ? [] : [written]),
      ...reopen(scene, 'verification', `The verification is red where the base was green: ${redText(receipt)}.`),
    ];
  if (closeout.rebased !== null) {
    if (sprint.terms.isolation === 'in_place') return [written, go(scene, 'done', {}), landed(todo, closeout.rebased, true)];
    return waitsForApproval(scene)
      ? [written, go(scene, 'approval', {}), landed(todo, closeout.rebased, false)]
      : [written, go(scene, 'integrate', { waiting: null })];
  }
  const isToBeCommitted =
    sprint.terms.kind === 'repository' && sprint.terms.isolation === 'in_place' && closeout.tree === null && receipt.diffHash !== '';
  if (isToBeCommitted) return [written, go(scene, 'commit', { tree: receipt.tree })];
  return [
    written,
    go(scene, 'done', {}),
    {
      type: 'todo-ended',
      todoId: todo.todoId,
      status: 'completed',
      reason: 'Completed without a commit.',
      by: { kind: 'runtime', id: 'runtime' },
    },
  ];
}

/** Whether the commit stays on its branch until somebody approves it and what it builds on; an approval may have been taken back meanwhile. */
const waitsForApproval = ({ state, todo, sprint }: Scene): boolean =>
  sprint.terms.integrate === 'on_approval' &&
  sprint.terms.isolation === 'worktree' &&
  (!currentRevision(todo).isApproved || openBelow(todo, state).length > 0);

const landed = (todo: Todo, commit: string, isIntegrated: boolean): Event => ({
  type: 'todo-committed',
  todoId: todo.todoId,
  commit,
  isIntegrated,
});

function integrated(scene: Scene, outcome: Outcome<'integrate'>): Event[] {
  const { todo, closeout, ctx } = scene;
  switch (outcome.kind) {
    case 'integrated':
      return [go(scene, 'done', { waiting: null }), landed(todo, outcome.commit, true)];
    case 'waiting':
      if (waitsForApproval(scene)) return [go(scene, 'approval', { waiting: null })];
      return [go(scene, 'integrate', { waiting: { reason: outcome.reason, files: [...outcome.files] } })];
    case 'refused':
      return [uncommitted(scene, outcome.reason)];
    case 'tip-moved':
      if (closeout.tipMoves >= tipMoveLimit) {
        return [
          blockTodo(
            todo.todoId,
            {
              kind: 'git',
              byRole: 'version_controller',
              reason: tipMoveText(closeout.tipMoves),
            },
            ctx,
          ),
        ];
      }
      return [go(scene, 'rebase', { tipMoves: closeout.tipMoves + 1, waiting: null })];
  }
}

const byEffect: { readonly [T in 'commit' | 'rebase' | 'verify' | 'integrate']: (scene: Scene, outcome: EffectOutcomes[T]) => Event[] } = {
  commit: committed,
  rebase: rebased,
  verify: verified,
  integrate: integrated,
};

/** What the outcome of one closeout step means. An outcome of an older closeout changes nothing. */
export function closeoutEvents<T extends keyof typeof byEffect>(
  state: State,
  at: { readonly todoId: string; readonly closeoutId: string },
  effectType: T,
  outcome: EffectOutcomes[T],
  ctx: DecideContext,
): Event[] {
  const todo = state.todos[at.todoId];
  const sprint = todo ? state.sprints[todo.sprintId] : undefined;
  const closeout = todo ? currentRevision(todo).closeout : null;
  if (!todo || !sprint || !closeout || closeout.closeoutId !== at.closeoutId) return [];
  const events = byEffect[effectType]({ state, todo, sprint, closeout, ctx }, outcome);
  return [...events, ...wakeForStumble(state, todo, events)];
}
