import type { AppClient } from '../../shared/contract/app-contract.js';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { giveOnCard } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import type { CardActionId } from './footer-actions.js';

interface Said {
  readonly card: CardView;
  readonly text: string;
  readonly commandId: string;
}

type Send = (client: AppClient, said: Said) => ReturnType<AppClient['review']['approve']>;

/** The contract's method for every action. A verdict names the revision that was seen. */
const sends: Readonly<Record<CardActionId, Send>> = {
  approve: (client, { card, text, commandId }) =>
    client.review.approve({ commandId, todoId: card.id, revision: card.revision, comment: text }),
  'request-changes': (client, { card, text, commandId }) =>
    client.review.requestChanges({ commandId, todoId: card.id, revision: card.revision, comment: text }),
  'ask-for-review': (client, { card, commandId }) => client.review.askForReview({ commandId, todoId: card.id, revision: card.revision }),
  'withdraw-review': (client, { card, commandId }) => client.review.withdraw({ commandId, todoId: card.id, revision: card.revision }),
  'take-back': (client, { card, commandId }) => client.review.takeBack({ commandId, todoId: card.id, revision: card.revision }),
  'override-verification': (client, { card, text, commandId }) =>
    client.review.override({ commandId, todoId: card.id, revision: card.revision, reason: text }),
  'revert-todo': (client, { card, text, commandId }) =>
    client.review.revert({ commandId, todoId: card.id, revision: card.revision, comment: text }),
  'start-next': (client, { card, commandId }) => client.todos.startNext({ commandId, todoId: card.id }),
  answer: (client, { card, text, commandId }) => client.todos.answer({ commandId, subjectId: card.id, text }),
  retry: (client, { card, commandId }) => client.todos.retry({ commandId, subjectId: card.id }),
  requeue: (client, { card, commandId }) => client.todos.requeue({ commandId, todoId: card.id }),
  'back-to-backlog': (client, { card, commandId }) => client.todos.backToBacklog({ commandId, todoId: card.id }),
  'cancel-todo': (client, { card, text, commandId }) => client.todos.cancel({ commandId, todoId: card.id, reason: text }),
};

/** What an action is called on this card: of one whose revert stands still, the revert is what is cancelled. */
export const actionLabel = (card: Pick<CardView, 'revert'>, id: CardActionId): string =>
  id === 'cancel-todo' && card.revert === 'blocked' ? enCard.giveUpRevert : enCard.actions[id];

/** Gives a card's action; a refusal stands in the panel's footer and beside the card. Resolves with whether it was accepted. */
export const giveAction = (services: Services, card: CardView, id: CardActionId, text = ''): Promise<boolean> =>
  giveOnCard(services, card.id, actionLabel(card, id), (client, commandId) => sends[id](client, { card, text, commandId }));
