import type { ActionView } from '../../shared/contract/card-views.js';
import { isLanded } from '../../shared/domain/board.js';
import { decide } from '../../shared/domain/decide/decide.js';
import { currentRevision } from '../../shared/domain/state.js';
import type { Actor, Request, Sprint, State, Todo } from '../../shared/domain/state.js';
import type { PersonCommand } from '../../shared/domain/vocabulary.js';

/** Who asks what could be done, and when. */
export interface Viewer {
  readonly actor: Actor;
  readonly now: string;
}

interface Offer {
  readonly id: PersonCommand['type'];
  readonly label: string;
  readonly command: string;
  readonly try: PersonCommand;
}

// The ids of a trial are thrown away with it.
const trialIds = { hex: (digits: number): string => '0'.repeat(digits) };

const allowed = (offers: readonly Offer[], state: State, viewer: Viewer): ActionView[] =>
  offers
    .filter((offer) => decide(state, offer.try, { now: viewer.now, ids: trialIds, actor: viewer.actor }).ok)
    .map(({ id, label, command }) => ({ id, label, command }));

function answerOffer(todo: Todo): Offer {
  const { todoId } = todo;
  const isSetup = (currentRevision(todo).revert?.blocker ?? todo.blocker)?.setupKey !== undefined;
  return {
    id: 'answer',
    label: isSetup ? 'accept its setup' : 'answer it',
    command: `muster answer ${todoId} ${isSetup ? 'yes' : '"…"'}`,
    try: { type: 'answer', subjectId: todoId, text: isSetup ? 'yes' : '…' },
  };
}

/** What the rules let this person do with the card now, with the exact commands. */
export function cardActions(todo: Todo, state: State, viewer: Viewer): ActionView[] {
  const { todoId, revision } = todo;
  const isBlocked = todo.status === 'blocked';
  const offers: Offer[] = [
    { id: 'start-next', label: 'start it', command: `muster start-next ${todoId}`, try: { type: 'start-next', todoId } },
    { id: 'approve', label: 'approve it', command: `muster approve ${todoId}`, try: { type: 'approve', todoId, revision, comment: '' } },
    {
      id: 'request-changes',
      label: 'ask for changes',
      command: `muster request-changes ${todoId} --comment "…"`,
      try: { type: 'request-changes', todoId, revision, comment: '…' },
    },
    {
      id: 'ask-for-review',
      label: 'ask for a review',
      command: `muster ask-for-review ${todoId}`,
      try: { type: 'ask-for-review', todoId, revision },
    },
    {
      id: 'withdraw-review',
      label: 'withdraw the review',
      command: `muster withdraw-review ${todoId}`,
      try: { type: 'withdraw-review', todoId, revision },
    },
    {
      id: 'take-back',
      label: 'take the approval back',
      command: `muster take-back ${todoId}`,
      try: { type: 'take-back', todoId, revision },
    },
    ...(isBlocked || currentRevision(todo).revert?.blocker?.setupKey !== undefined ? [answerOffer(todo)] : []),
    {
      id: 'override-verification',
      label: 'let its red verification pass',
      command: `muster override ${todoId} --reason "…"`,
      try: { type: 'override-verification', todoId, revision, reason: '…' },
    },
    {
      id: 'revert-todo',
      label: 'have its commit undone on the target',
      command: `muster revert ${todoId} --comment "…"`,
      try: { type: 'revert-todo', todoId, revision, comment: '…' },
    },
    { id: 'retry', label: 'try it again', command: `muster retry ${todoId}`, try: { type: 'retry', subjectId: todoId } },
    { id: 'requeue', label: 'stop it and queue it again', command: `muster requeue ${todoId}`, try: { type: 'requeue', todoId } },
    {
      id: 'back-to-backlog',
      label: 'put it back to the backlog',
      command: `muster back-to-backlog ${todoId}`,
      try: { type: 'back-to-backlog', todoId },
    },
    {
      id: 'cancel-todo',
      label: isLanded(todo) ? 'give the revert up' : 'cancel it',
      command: `muster cancel ${todoId}`,
      try: { type: 'cancel-todo', todoId, reason: '' },
    },
  ];
  return allowed(offers, state, viewer);
}

/** What this person can do with the request now. */
export function requestActions(request: Request, state: State, viewer: Viewer): ActionView[] {
  const { requestId } = request;
  return allowed(
    [
      {
        id: 'answer',
        label: 'answer it',
        command: `muster answer ${requestId} "…"`,
        try: { type: 'answer', subjectId: requestId, text: '…' },
      },
      { id: 'retry', label: 'try it again', command: `muster retry ${requestId}`, try: { type: 'retry', subjectId: requestId } },
      { id: 'cancel-request', label: 'cancel it', command: `muster cancel ${requestId}`, try: { type: 'cancel-request', requestId } },
    ],
    state,
    viewer,
  );
}

/** What this person can do with the sprint now; nothing with one that is not active. */
export function sprintActions(sprint: Sprint, state: State, viewer: Viewer): ActionView[] {
  if (state.activeSprintId !== sprint.sprintId) return [];
  const offers: Offer[] = [{ id: 'resume-sprint', label: 'go on', command: 'muster sprint resume', try: { type: 'resume-sprint' } }];
  if (sprint.stopRequestedAt === null)
    offers.push({ id: 'stop-sprint', label: 'end it after the work in hand', command: 'muster sprint stop', try: { type: 'stop-sprint' } });
  offers.push({ id: 'stop-all', label: 'stop everything at once', command: 'muster stop-all', try: { type: 'stop-all' } });
  return allowed(offers, state, viewer);
}
