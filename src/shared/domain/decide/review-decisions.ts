import { ok } from '../../kernel/result.js';
import { reworkEvent } from '../backlog.js';
import { isAgentReview, isLanded } from '../board.js';
import { moveFactsOf, planMove, revertBar } from '../card-moves.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import type { Actor, Revision, State, Todo } from '../state.js';
import { currentRevision } from '../state.js';
import { withFreshLimits } from '../workflow.js';
import type { DecideContext, Event } from '../vocabulary.js';
import { cancelWork, findTodo, wakeSprint } from './handler.js';
import type { Handlers } from './handler.js';

const name = (todo: Todo): string => `${todo.todoId} "${todo.title}"`;

/** Why nothing can be approved on this card yet: what the table of moves says of APPROVED (rules 3). */
function notLanded(todo: Todo): Decision | null {
  if (isLanded(todo)) return null;
  const planned = planMove(moveFactsOf(todo), 'approved');
  return planned.ok ? null : planned;
}

/** An older revision than the present one is refused: somebody looked at something else (rules 3). */
export function staleRevision(todo: Todo, revision: number): Decision | null {
  if (revision === todo.revision) return null;
  return refuse(
    'card-changed',
    `The card changed since you looked: ${name(todo)} is at revision ${todo.revision}, not ${revision}. Look at it again.`,
  );
}

/** Who may give a verdict on a revision (rules 3): listed or any person, never its maker alone, never an unlisted role. */
export function mayReview(state: State, revision: Revision, actor: Actor): Decision | null {
  const reviewers = state.configuration?.review.reviewers ?? [];
  if (actor.kind === 'runtime' || actor.kind === 'file-edit')
    return refuse('may-not-review', 'A verdict is given by a person, not by a file or the program.');
  if (reviewers.length > 0 && !reviewers.includes(actor.id))
    return refuse('may-not-review', `${actor.id} is not among the reviewers of this workspace: ${reviewers.join(', ')}.`);
  if (actor.kind === 'role' && !reviewers.includes(actor.id))
    return refuse('may-not-review', `The role ${actor.id} may give a verdict only where review.reviewers names it.`);
  if (revision.makers.includes(actor.id))
    return refuse('own-work', `${actor.id} made a part of this revision and may not approve it. Ask somebody else for a review.`);
  return null;
}

const verdict = (todo: Todo, kind: Extract<Event, { type: 'verdict-given' }>['kind'], comment: string, by: Actor): Event => ({
  type: 'verdict-given',
  todoId: todo.todoId,
  revision: todo.revision,
  kind,
  comment,
  by,
});

/** Why a card whose commit is or was being undone takes no verdict, or null; what was undone may be asked for anew. */
function undone(todo: Todo, to: 'verdict' | 'changes' = 'verdict'): Decision | null {
  const bar = revertBar(moveFactsOf(todo), to);
  return bar ? refuse(bar.id, bar.message) : null;
}

/** What the next turn has to know besides the comment: the target does not hold the old work any more. */
function revertedInput(todo: Todo): Event[] {
  const { revert, number } = currentRevision(todo);
  if (!revert || revert.revertedAt === null) return [];
  const text = `The commit ${revert.commit.slice(0, 12)} of revision ${number} was reverted by ${revert.closeout.rebased?.slice(0, 12) ?? 'another one'}: the target does not hold that work any more.`;
  return [{ type: 'input-given', todoId: todo.todoId, text, by: { kind: 'runtime', id: 'runtime' } }];
}

/** Work that was on its way to the target waits on its branch again, not approved. */
function stayOnBranch(todo: Todo): Event[] {
  const { commit, isIntegrated, closeout } = currentRevision(todo);
  if (commit === null || isIntegrated || !closeout) return [];
  const landed: Event[] = isLanded(todo) ? [] : [{ type: 'todo-committed', todoId: todo.todoId, commit, isIntegrated }];
  return [...landed, { type: 'closeout-advanced', todoId: todo.todoId, stage: 'approval', changes: { waiting: null } }];
}

/** Changes that were asked for after the sprint are in the backlog; the same revision is not approved behind their back. */
function reworkRefusal(todo: Todo): Decision | null {
  if (currentRevision(todo).verdicts.at(-1)?.kind !== 'changes-requested') return null;
  return refuse(
    'request-changes-first',
    `Changes were requested on ${name(todo)}, and their rework is in the backlog. To have it as it is, ask for a review first with \`muster ask-for-review\`.`,
  );
}

function changesEvents(state: State, todo: Todo, comment: string, ctx: DecideContext): Event[] {
  const by = ctx.actor;
  const sprint = state.sprints[todo.sprintId];
  const takenBack = currentRevision(todo).isApproved ? [verdict(todo, 'taken-back', '', by)] : [];
  const asked = verdict(todo, 'changes-requested', comment, by);
  if (!isLanded(todo) && currentRevision(todo).commit === null) {
    const workflow = {
      ...withFreshLimits(todo.workflow),
      step: 'developer_revision',
      phase: 'implementation',
      owner: 'developer',
    } as const;
    const visits = { ...workflow.visits, developer_revision: (workflow.visits.developer_revision ?? 0) + 1 };
    return [
      ...cancelWork(state, todo, 'changes were requested'),
      asked,
      { type: 'input-given', todoId: todo.todoId, text: comment, by },
      { type: 'step-resumed', todoId: todo.todoId, workflow: { ...workflow, visits }, why: comment, by },
      ...wakeSprint(state, todo.sprintId, 'changes were requested', by),
    ];
  }
  const stop = cancelWork(state, todo, 'changes were requested');
  if (!sprint || sprint.endedAt !== null)
    return [...stop, ...takenBack, asked, ...stayOnBranch(todo), reworkEvent(state, todo, comment, ctx)];
  return [
    ...stop,
    ...takenBack,
    asked,
    { type: 'revision-opened', todoId: todo.todoId, request: comment, by },
    ...revertedInput(todo),
    { type: 'input-given', todoId: todo.todoId, text: comment, by },
    ...wakeSprint(state, todo.sprintId, 'changes were requested', by),
  ];
}

/** Verdicts on cards: one rule engine for every way in (rules 3). */
export const reviewHandlers: Handlers<'approve' | 'request-changes' | 'ask-for-review' | 'withdraw-review' | 'take-back'> = {
  approve: (state, { todoId, revision, comment }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const current = currentRevision(todo);
    const refusal =
      notLanded(todo) ??
      staleRevision(todo, revision) ??
      undone(todo) ??
      (current.isApproved ? refuse('approved-already', `${name(todo)} is approved already.`) : null) ??
      reworkRefusal(todo) ??
      mayReview(state, current, ctx.actor);
    return refusal ?? ok([verdict(todo, 'approved', comment, ctx.actor)]);
  },
  'request-changes': (state, { todoId, revision, comment }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const canChange = isAgentReview(todo) && planMove(moveFactsOf(todo), 'todo').ok;
    const early = canChange ? null : notLanded(todo);
    if (early) return early;
    const stale = staleRevision(todo, revision) ?? undone(todo, 'changes');
    if (stale) return stale;
    if (comment.trim() === '')
      return refuse('comment-required', `Say what should change on ${name(todo)}: a request for changes needs a comment.`);
    const barred = mayReview(state, { ...currentRevision(todo), makers: [] }, ctx.actor);
    if (barred) return barred;
    return ok(changesEvents(state, todo, comment.trim(), ctx));
  },
  'ask-for-review': (state, { todoId, revision }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const refusal =
      notLanded(todo) ??
      staleRevision(todo, revision) ??
      undone(todo) ??
      (currentRevision(todo).isReviewOpen ? refuse('review-open', `A review of ${name(todo)} is open already.`) : null) ??
      (currentRevision(todo).isApproved ? mayReview(state, { ...currentRevision(todo), makers: [] }, ctx.actor) : null);
    return (
      refusal ??
      ok([
        ...(currentRevision(todo).isApproved ? [verdict(todo, 'taken-back', '', ctx.actor)] : []),
        verdict(todo, 'review-asked', '', ctx.actor),
      ])
    );
  },
  'withdraw-review': (state, { todoId, revision }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const refusal =
      notLanded(todo) ??
      staleRevision(todo, revision) ??
      undone(todo) ??
      (currentRevision(todo).isReviewOpen ? null : refuse('no-review-open', `No review of ${name(todo)} is open.`));
    return refusal ?? ok([verdict(todo, 'review-withdrawn', '', ctx.actor)]);
  },
  'take-back': (state, { todoId, revision }, ctx) => {
    const found = findTodo(state, todoId);
    if (!found.ok) return found;
    const todo = found.value;
    const refusal =
      notLanded(todo) ??
      staleRevision(todo, revision) ??
      undone(todo) ??
      (currentRevision(todo).isApproved
        ? mayReview(state, { ...currentRevision(todo), makers: [] }, ctx.actor)
        : refuse('not-approved', `${name(todo)} is not approved, so there is no approval to take back.`));
    return refusal ?? ok([verdict(todo, 'taken-back', '', ctx.actor)]);
  },
};
