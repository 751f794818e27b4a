import { ok } from '../../kernel/result.js';
import { isLanded } from '../board.js';
import { shortBranchName } from '../branch-name.js';
import { moveFactsOf, revertBar } from '../card-moves.js';
import { restrictedReason } from '../queue.js';
import { isGreen, redText } from '../receipt.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { Revert } from '../closeout.js';
import type { Blocker, Closeout, State, Todo } from '../state.js';
import { revertStandOf } from '../closeout.js';
import { currentRevision } from '../state.js';
import type { DecideContext, EffectOutcomes, Event, SetupAsked } from '../vocabulary.js';
import { conflictText, tipMoveLimit, tipMoveText } from './closeout-texts.js';
import { findTodo, haltRefusal } from './handler.js';
import type { Handlers } from './handler.js';
import { mayReview, staleRevision } from './review-decisions.js';
import { acceptSetup, setupQuestion } from './setup-question.js';

const name = (todo: Todo): string => `${todo.todoId} "${todo.title}"`;
const short = (commit: string): string => commit.slice(0, 12);
const lower = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;

/** Why nothing of this card can be undone on the target, or null. */
function nothingToRevert(state: State, todo: Todo): Decision | null {
  const { commit, isIntegrated } = currentRevision(todo);
  const terms = state.sprints[todo.sprintId]?.terms;
  if (terms?.kind === 'no-repository')
    return refuse('not-integrated', `Could not revert ${name(todo)}: the project has no repository, so there is no commit to undo.`);
  if (!isLanded(todo))
    return refuse(
      'not-integrated',
      `Could not revert ${name(todo)}: revision ${todo.revision} has not landed. Request changes, or cancel it.`,
    );
  if (commit === null)
    return refuse('not-integrated', `Could not revert ${name(todo)}: it was completed without a commit, so there is nothing to undo.`);
  if (isIntegrated) return null;
  return refuse(
    'not-integrated',
    `Could not revert ${name(todo)}: its commit ${short(commit)} is not on ${shortBranchName(terms?.targetRef ?? 'the target')} yet. Request changes instead.`,
  );
}

/** A card whose sprint is on its way out of memory takes nothing any more. */
function leavesBoard(state: State, todo: Todo): Decision | null {
  const isLeaving = Object.values(state.effects).some(
    ({ effect }) => effect.type === 'archive-sprint' && effect.sprintId === todo.sprintId,
  );
  return isLeaving
    ? refuse('off-the-board', `Could not revert ${name(todo)}: its sprint is being archived. Undo its commit by hand.`)
    : null;
}

/** Work that is made in the person's own checkout takes its base from there, and a revert would pull it away below. */
function inPlaceWork(state: State, todo: Todo): Decision | null {
  const active = state.activeSprintId ? state.sprints[state.activeSprintId] : undefined;
  if (active?.terms.kind !== 'repository' || active.terms.isolation !== 'in_place') return null;
  return refuse(
    'sprint-active',
    `Could not revert ${name(todo)}: the sprint ${active.sprintId} works in your own checkout. Revert it when that sprint has ended.`,
  );
}

const asked = (todo: Todo, of: Pick<Revert, 'commit' | 'comment' | 'by'>, { ids }: DecideContext): Event => ({
  type: 'revert-asked',
  todoId: todo.todoId,
  closeoutId: `revert-${todo.todoId}-r${todo.revision}-${ids.hex(6)}`,
  commit: of.commit,
  comment: of.comment,
  by: of.by,
});

/** Tries a revert that stood still again, with a commit and a verification of its own; null where there is none. */
export function retriedRevert(todo: Todo, ctx: DecideContext): Event[] | null {
  const revision = currentRevision(todo);
  return revision.revert && revertStandOf(revision) === 'blocked' ? [asked(todo, revision.revert, ctx)] : null;
}

/** A person's word on the setup that a revert asks for, after which it goes on; null where it asks nothing. */
export function answeredRevert(todo: Todo, text: string, ctx: DecideContext): Decision | null {
  const key = currentRevision(todo).revert?.blocker?.setupKey;
  if (key === undefined) return null;
  const accepted = acceptSetup(todo, key, text, ctx);
  return accepted.ok ? ok([...accepted.value, ...(retriedRevert(todo, ctx) ?? [])]) : accepted;
}

/** Gives up a revert that stood still; null where there is none. */
export const droppedRevert = (todo: Todo, reason: string, { actor }: DecideContext): Event[] | null =>
  revertStandOf(currentRevision(todo)) === 'blocked'
    ? [{ type: 'revert-dropped', todoId: todo.todoId, reason: reason || 'the revert was given up', by: actor }]
    : null;

/** Stops a revert where it is, with what helps; the card keeps its place, as its commit stays on the target. */
export const blockRevert = (
  todo: Todo,
  {
    kind = 'git',
    logs = [],
    ...why
  }: Pick<Blocker, 'reason'> & Partial<Pick<Blocker, 'kind' | 'setupKey'>> & { readonly logs?: readonly string[] },
  ctx: DecideContext,
): Event => ({
  type: 'revert-blocked',
  todoId: todo.todoId,
  blocker: { ...why, at: ctx.now, byRole: 'version_controller', kind, requiredInputs: [], logs: logs.filter((log) => log !== '') },
});

interface Scene {
  readonly state: State;
  readonly todo: Todo;
  readonly revert: Revert;
  readonly ctx: DecideContext;
}

const waysOut = (todo: Todo): string =>
  `\`muster retry ${todo.todoId}\` tries again, \`muster cancel ${todo.todoId}\` gives the revert up.`;

const stop = (
  { todo, ctx }: Scene,
  why: string,
  more: { readonly kind?: Blocker['kind']; readonly logs?: readonly string[] } = {},
): Event[] => [blockRevert(todo, { ...more, reason: `Could not revert ${name(todo)}: ${why} ${waysOut(todo)}` }, ctx)];

const go = ({ todo }: Scene, stage: Closeout['stage'], changes: Partial<Closeout>): Event => ({
  type: 'closeout-advanced',
  todoId: todo.todoId,
  stage,
  changes,
});

/** Setup has the network, so a person is asked before it runs with what the revert changes of its manifests (rules 4). */
function askForSetup({ state, todo, ctx }: Scene, asked: SetupAsked): Event[] {
  const reason = setupQuestion(
    state,
    todo,
    `The revert of ${name(todo)}`,
    asked,
    `give the revert up with \`muster cancel ${todo.todoId}\``,
  );
  return [blockRevert(todo, { reason, kind: 'setup-question', setupKey: asked.key }, ctx)];
}

function made(scene: Scene, outcome: EffectOutcomes['revert']): Event[] {
  const undone = short(scene.revert.commit);
  switch (outcome.kind) {
    case 'reverted': {
      const { commit, tree, onto, patchId, paths } = outcome;
      return [go(scene, 'verify', { commit, tree, rebased: commit, onto, patchId, paths: [...paths] })];
    }
    case 'conflict':
      return stop(scene, `what landed after its commit ${undone} changed the same, ${conflictText(outcome)}. Revert it by hand there.`, {
        logs: [outcome.log],
      });
    case 'empty':
      return stop(scene, `the target holds nothing of its commit ${undone} any more.`);
    case 'setup-asked':
      return askForSetup(scene, outcome);
    case 'refused':
      return stop(scene, outcome.reason);
  }
}

function verified(scene: Scene, outcome: EffectOutcomes['verify']): Event[] {
  if (outcome.kind === 'refused') return stop(scene, outcome.reason);
  if (outcome.kind === 'setup-asked') return askForSetup(scene, outcome);
  if (outcome.kind === 'setup-failed')
    return stop(scene, `the setup for its verification failed: ${outcome.reason}`, { kind: 'setup', logs: [outcome.log] });
  const { receipt } = outcome;
  const written: Event = { type: 'receipt-written', todoId: scene.todo.todoId, receipt };
  return isGreen(receipt)
    ? [written, go(scene, 'integrate', { waiting: null })]
    : [
        written,
        ...stop(
          scene,
          `without its commit ${short(scene.revert.commit)} the verification is red where the target is green: ${redText(receipt)}.`,
        ),
      ];
}

function integrated(scene: Scene, outcome: EffectOutcomes['integrate']): Event[] {
  const { tipMoves } = scene.revert.closeout;
  switch (outcome.kind) {
    case 'integrated':
      return [{ type: 'todo-reverted', todoId: scene.todo.todoId, commit: outcome.commit }];
    case 'waiting':
      return [go(scene, 'integrate', { waiting: { reason: outcome.reason, files: [...outcome.files] } })];
    case 'refused':
      return stop(scene, outcome.reason);
    case 'tip-moved':
      if (tipMoves >= tipMoveLimit) return stop(scene, lower(tipMoveText(tipMoves)));
      return [go(scene, 'commit', { tipMoves: tipMoves + 1, waiting: null })];
  }
}

const byEffect: { readonly [T in 'revert' | 'verify' | 'integrate']: (scene: Scene, outcome: EffectOutcomes[T]) => Event[] } = {
  revert: made,
  verify: verified,
  integrate: integrated,
};

/** What the outcome of one step of a revert means; nothing, where it is not the revert that the todo is in. */
export function revertEvents<T extends keyof typeof byEffect>(
  state: State,
  at: { readonly todoId: string; readonly closeoutId: string },
  effectType: T,
  outcome: EffectOutcomes[T],
  ctx: DecideContext,
): Event[] {
  const todo = state.todos[at.todoId];
  const revert = todo ? currentRevision(todo).revert : undefined;
  return todo && revert?.closeout.closeoutId === at.closeoutId ? byEffect[effectType]({ state, todo, revert, ctx }, outcome) : [];
}

/** Undoing what landed is an action of its own (rules 3): a verdict never touches the target. */
export const revertHandlers: Handlers<'revert-todo'> = {
  'revert-todo': (state, { todoId, revision, comment }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const current = currentRevision(todo);
    const bar = revertBar(moveFactsOf(todo));
    const refusal =
      nothingToRevert(state, todo) ??
      staleRevision(todo, revision) ??
      (bar ? refuse(bar.id, bar.message) : null) ??
      (comment.trim() === '' ? refuse('comment-required', `Say why ${name(todo)} is reverted: a revert needs a comment.`) : null) ??
      (ctx.actor.kind === 'person' ? null : refuse('may-not-review', 'Only a person has landed work reverted.')) ??
      mayReview(state, { ...current, makers: [] }, ctx.actor) ??
      haltRefusal(state) ??
      (state.isTrusted ? null : refuse('not-trusted', restrictedReason(state))) ??
      leavesBoard(state, todo) ??
      inPlaceWork(state, todo);
    return refusal ?? ok([asked(todo, { commit: current.commit ?? '', comment: comment.trim(), by: ctx.actor }, ctx)]);
  },
};
