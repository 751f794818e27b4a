import type { CardView, HistoryLine, RevertView, RevisionView } from '../../shared/contract/card-views.js';
import type { RequestView } from '../../shared/contract/views.js';
import { shortBranchName } from '../../shared/domain/branch-name.js';
import { canBeBuiltOn, isLanded, isOnBoard } from '../../shared/domain/board.js';
import { hasOpenAction } from '../../shared/domain/operation.js';
import { currentRevision } from '../../shared/domain/state.js';
import type { Revert } from '../../shared/domain/closeout.js';
import type { Blocker, Request, Revision, SprintTerms, State, Todo } from '../../shared/domain/state.js';
import { cardActions, requestActions } from './views-actions.js';
import type { Viewer } from './views-actions.js';
import { boardCardView, inputsView, receiptView, reportView, turnsOf, whoView, whoWords } from './views-parts.js';

/** Everything about one todo, for whoever asks. */
export function cardView(todo: Todo, state: State, viewer: Viewer): CardView {
  const turns = turnsOf(state, todo.todoId);
  return {
    ...boardCardView(todo, state),
    ...ownWork(todo, viewer),
    backlogId: todo.backlogId,
    sprintId: todo.sprintId,
    summary: todo.summary,
    scope: todo.scope,
    acceptanceCriteria: [...todo.acceptanceCriteria],
    phase: todo.workflow.phase,
    isOnBoard: isOnBoard(todo, state),
    dependsOn: todo.dependsOn.map((id) => {
      const other = state.todos[id];
      return { id, title: other?.title ?? '', isDone: other === undefined || canBeBuiltOn(other) };
    }),
    members: { ...todo.members },
    limits: limitsOf(todo, state),
    blocker: blockerView(todo.blocker),
    revisions: todo.revisions.map((revision) => revisionView(revision, todo, state.sprints[todo.sprintId]?.terms)),
    turns,
    reports: todo.reports.map(reportView),
    inputs: inputsView(todo.inputs),
    history: historyOf(todo, turns),
    actions: cardActions(todo, state, viewer),
    createdAt: todo.createdAt,
    startedAt: todo.startedAt,
    endedAt: todo.endedAt,
  };
}

/** Who made a part of it is told who may approve it: somebody else. */
function ownWork(todo: Todo, { actor }: Viewer): Partial<Pick<CardView, 'waitingFor'>> {
  const { makers, isApproved, revert } = currentRevision(todo);
  if (!isLanded(todo) || isApproved || revert || todo.needsFix || !makers.includes(actor.id)) return {};
  return { waitingFor: `waits for somebody else to approve it: ${actor.id} made a part of it and may not` };
}

function limitsOf({ workflow, turnsSpent }: Todo, state: State): CardView['limits'] {
  const limits = state.configuration?.limits;
  if (!limits) return [];
  return [
    { name: 'turns', used: turnsSpent, of: limits.cardTurns },
    { name: 'reopens', used: workflow.reopens, of: limits.reopens },
    { name: 'architect reviews', used: workflow.reviewCycles, of: limits.architectReviews },
    { name: 'advisory passes', used: workflow.planningPasses, of: limits.advisoryPasses },
    { name: 'contract returns', used: workflow.contractReturns, of: limits.contractReturns },
  ];
}

/** The branch that the work is on: its own, or, without worktrees, the one that is checked out; empty where there is none. */
function branchOf(revision: Revision, terms: SprintTerms | undefined): string {
  if (terms?.kind === 'no-repository') return '';
  return terms?.isolation === 'in_place' ? shortBranchName(terms.targetRef) : revision.branch;
}

function revisionView(revision: Revision, todo: Todo, terms: SprintTerms | undefined): RevisionView {
  const { closeout, receipt } = revision;
  return {
    number: revision.number,
    branch: revision.branch === '' ? '' : branchOf(revision, terms),
    worktree: revision.worktreePath,
    request: revision.request,
    commit: revision.commit ?? '',
    isIntegrated: revision.isIntegrated,
    isApproved: revision.isApproved,
    isReviewOpen: revision.isReviewOpen,
    makers: [...revision.makers],
    closeout: closeout && { stage: closeout.stage, waiting: closeout.waiting?.reason ?? '', files: [...(closeout.waiting?.files ?? [])] },
    receipt: receipt && receiptView(receipt, todo.title),
    revert: revision.revert ? revertView(revision.revert, todo) : null,
    verdicts: revision.verdicts.map(({ at, by, kind, comment, revision: number }) => ({
      at,
      by: whoView(by),
      kind,
      comment,
      revision: number,
    })),
  };
}

function revertView({ at, by, comment, commit, closeout, receipt, blocker, revertedAt }: Revert, todo: Todo): RevertView {
  return {
    at,
    by: whoView(by),
    comment,
    undoes: commit,
    commit: closeout.rebased ?? '',
    revertedAt,
    waiting: closeout.waiting?.reason ?? '',
    files: [...(closeout.waiting?.files ?? [])],
    blocker: blockerView(blocker),
    receipt: receipt && receiptView(receipt, todo.title),
  };
}

const blockerView = (blocker: Blocker | null): CardView['blocker'] =>
  blocker && { ...blocker, requiredInputs: [...blocker.requiredInputs], logs: [...blocker.logs] };

const shortName = (commit: string): string => commit.slice(0, 12);

/** What happened to the undoing of a revision. */
function revertHistory({ number, revert }: Revision): HistoryLine[] {
  if (!revert) return [];
  const { at, by, comment, commit, closeout, receipt, blocker, revertedAt } = revert;
  const lines = [{ at, by: whoWords(by), text: withComment(`had commit ${shortName(commit)} of revision ${number} reverted`, comment) }];
  if (receipt)
    lines.push({ at: receipt.time, by: 'the program', text: `Receipt for the revert of revision ${number}: ${spaced(receipt.badge)}.` });
  if (blocker) lines.push({ at: blocker.at, by: 'the program', text: blocker.reason });
  if (revertedAt !== null)
    lines.push({
      at: revertedAt,
      by: 'the program',
      text: `Commit ${shortName(closeout.rebased ?? '')} undoes ${shortName(commit)} on the target.`,
    });
  return lines;
}

const verdictWords: Readonly<Record<Revision['verdicts'][number]['kind'], string>> = {
  approved: 'approved',
  'changes-requested': 'asked for changes on',
  'taken-back': 'took back the approval of',
  'review-asked': 'asked for a review of',
  'review-withdrawn': 'withdrew the review of',
};

const withComment = (text: string, comment: string): string => (comment === '' ? text : `${text}: ${comment}`);

/** What happened to the card, oldest first: turns, reports, answers, receipts and verdicts in one list. */
function historyOf(todo: Todo, turns: CardView['turns']): HistoryLine[] {
  const lines: HistoryLine[] = [{ at: todo.createdAt, by: 'the planner', text: 'The todo was made.' }];
  for (const turn of turns)
    if (turn.endedAt !== null && turn.outcome !== 'report')
      lines.push({
        at: turn.endedAt,
        by: turn.member,
        text: `A turn at ${spaced(turn.step)} ended: ${turn.outcome || 'without an outcome'}.`,
      });
  for (const report of todo.reports)
    lines.push({ at: report.at, by: report.role, text: `${spaced(report.step)}, ${report.status}: ${report.summary}` });
  // A comment is an input of the next turn as well; here it is told once, with its verdict.
  const comments = new Set(todo.revisions.flatMap(({ verdicts }) => verdicts.map(({ at, comment }) => `${at} ${comment}`)));
  for (const input of todo.inputs)
    if (!comments.has(`${input.at} ${input.text}`)) lines.push({ at: input.at, by: input.by, text: input.text });
  for (const revision of todo.revisions) {
    if (revision.receipt)
      lines.push({
        at: revision.receipt.time,
        by: 'the program',
        text: `Receipt for revision ${revision.number}: ${spaced(revision.receipt.badge)}.`,
      });
    if (revision.receipt?.override)
      lines.push({
        at: revision.receipt.time,
        by: revision.receipt.override.by,
        text: `let the red verification of revision ${revision.number} pass: ${revision.receipt.override.reason}`,
      });
    lines.push(...revertHistory(revision));
    for (const verdict of revision.verdicts)
      lines.push({
        at: verdict.at,
        by: whoWords(verdict.by),
        text: withComment(`${verdictWords[verdict.kind]} revision ${verdict.revision}`, verdict.comment),
      });
  }
  return lines.sort((a, b) => a.at.localeCompare(b.at));
}

const spaced = (word: string): string => word.replaceAll('_', ' ');

/** Everything about one request. */
export function requestView(request: Request, state: State, viewer: Viewer): RequestView {
  return {
    id: request.requestId,
    status: request.status,
    scope: request.scope,
    body: request.body,
    requestedBy: whoView(request.requestedBy),
    currentRole: request.currentRole,
    waitingFor: requestWaitingFor(request, state),
    blocker: blockerView(request.blocker),
    outcome: request.outcome,
    backlog: request.backlogIds.map((id) => ({ id, title: state.backlog[id]?.title ?? '', status: state.backlog[id]?.status ?? '' })),
    turns: turnsOf(state, request.requestId),
    reports: request.reports.map(reportView),
    inputs: inputsView(request.inputs),
    actions: requestActions(request, state, viewer),
    createdAt: request.createdAt,
    updatedAt: request.updatedAt,
  };
}

function requestWaitingFor(request: Request, state: State): string {
  if (hasOpenAction(state, request)) return `the action "${state.operations[request.operationId ?? '']?.action ?? ''}"`;
  if (request.status === 'blocked') return `waits for you: ${request.blocker?.reason ?? 'it is blocked'}`;
  return request.status === 'queued' || request.status === 'delegated' ? `${request.currentRole}` : '';
}
