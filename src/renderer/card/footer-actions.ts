import type { CardView } from '../../shared/contract/card-views.js';
import { planMove } from '../../shared/domain/card-moves.js';
import type { ColumnId } from '../../shared/domain/board.js';

/** What can be asked of a card in its panel. */
export type CardActionId =
  | 'approve'
  | 'request-changes'
  | 'ask-for-review'
  | 'withdraw-review'
  | 'take-back'
  | 'override-verification'
  | 'start-next'
  | 'answer'
  | 'retry'
  | 'requeue'
  | 'revert-todo'
  | 'back-to-backlog'
  | 'cancel-todo';

/** A button of the panel's footer. `refusal`: why the table of moves does not let it through; empty where it may be tried. */
export interface FooterAction {
  readonly id: CardActionId;
  readonly refusal: string;
}

/** Buttons in sight, the one that matters most last; the rest in the menu. */
export interface FooterPlan {
  readonly shown: readonly FooterAction[];
  readonly more: readonly FooterAction[];
}

type Facts = Pick<CardView, 'id' | 'title' | 'place' | 'status' | 'step' | 'column' | 'isOnBoard' | 'revert'> & {
  readonly actions: readonly { readonly id: string }[];
};

/** The method of the contract behind each action. */
const methods: Readonly<Record<CardActionId, string>> = {
  approve: 'review.approve',
  'request-changes': 'review.requestChanges',
  'ask-for-review': 'review.askForReview',
  'withdraw-review': 'review.withdraw',
  'take-back': 'review.takeBack',
  'override-verification': 'review.override',
  'start-next': 'todos.startNext',
  answer: 'todos.answer',
  retry: 'todos.retry',
  requeue: 'todos.requeue',
  'revert-todo': 'review.revert',
  'back-to-backlog': 'todos.backToBacklog',
  'cancel-todo': 'todos.cancel',
};

const goals: Readonly<Partial<Record<CardActionId, ColumnId>>> = {
  approve: 'approved',
  'start-next': 'in_progress',
};

/** Verdicts that a reader looks for on every card, allowed or not. */
const expected: Readonly<Record<Facts['place'], readonly CardActionId[]>> = {
  todo: ['start-next'],
  in_progress: ['approve'],
  review_by_agents: ['request-changes', 'approve'],
  review_by_person: ['request-changes', 'approve'],
  done: ['request-changes', 'approve'],
  approved: ['take-back'],
};

const inSight: readonly CardActionId[] = [
  'withdraw-review',
  'ask-for-review',
  'requeue',
  'retry',
  'take-back',
  'override-verification',
  'request-changes',
  'start-next',
  'answer',
  'approve',
];
const inMenu: readonly CardActionId[] = ['requeue', 'retry', 'back-to-backlog', 'revert-todo', 'cancel-todo'];
const endedStatuses: readonly string[] = ['cancelled', 'failed', 'carried_over'];

/**
 * What the footer offers: all that the rules allow, and the verdict that one looks for, with the reason where the table of moves
 * refuses it; at most `mostInSight` of them as buttons. What this session may not do is left out. What only the runtime can judge (whose work, whose turn) may be tried; its answer is shown beside the button.
 */
export function footerPlan(card: Facts, mostInSight = 3, may: (method: string) => boolean = () => true): FooterPlan {
  const allowed = new Set(card.actions.map(({ id }) => id));
  const refusals = new Map(looked(card).map((id) => [id, allowed.has(id) ? '' : refusalFor(card, id)]));
  const has = (id: CardActionId): boolean => may(methods[id]) && (allowed.has(id) || refusals.has(id));
  const isEnded = endedStatuses.includes(card.status);
  const wanted = inSight.filter((id) => has(id) && !(inMenu.includes(id) && hidesInMenu(card, id, isEnded)));
  const shown = wanted.slice(-mostInSight);
  const rest = [...inSight, ...inMenu].filter((id, at, all) => has(id) && !shown.includes(id) && all.indexOf(id) === at);
  const action = (id: CardActionId): FooterAction => ({ id, refusal: refusals.get(id) ?? '' });
  return { shown: shown.map(action), more: rest.map(action) };
}

const looked = (card: Facts): readonly CardActionId[] =>
  !card.isOnBoard || card.revert !== '' || endedStatuses.includes(card.status) || card.status === 'blocked' ? [] : expected[card.place];

/** Stopping and trying again are for the menu, unless the card stands still and that is what it needs. */
const hidesInMenu = (card: Facts, id: CardActionId, isEnded: boolean): boolean =>
  id === 'retry'
    ? !isEnded && card.revert !== 'blocked' && !['blocked', 'uncommitted', 'paused'].includes(card.status)
    : card.status !== 'running';

function refusalFor(card: Facts, id: CardActionId): string {
  const goal = goals[id];
  if (goal === undefined) return '';
  const plan = planMove(card, goal);
  return plan.ok ? '' : plan.error.message;
}
