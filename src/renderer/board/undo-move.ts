import type { AppClient } from '../../shared/contract/app-contract.js';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import type { MovePlan, MoveStep } from '../../shared/domain/card-moves.js';
import { en } from '../i18n/en.js';
import { giveOnCard } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import type { UndoStep } from '../state/ui-store.js';

interface Onto {
  readonly commandId: string;
  readonly todoId: string;
  readonly revision: number;
}

type Answer = ReturnType<AppClient['review']['takeBack']>;

/** The command that takes a step back, for the steps that one can: nothing was stopped, started or thrown away by them. */
const back: { readonly [S in MoveStep]?: (client: AppClient, onto: Onto) => Answer } = {
  approve: (client, onto) => client.review.takeBack(onto),
  'take-back': (client, onto) => client.review.approve({ ...onto, comment: '' }),
  'ask-for-review': (client, onto) => client.review.withdraw(onto),
  'withdraw-review': (client, onto) => client.review.askForReview(onto),
};

/** How a move can be taken back with another command; null where that would not bring the same state. */
export function undoOf(services: Services, card: BoardCardView, plan: MovePlan): UndoStep | null {
  const [step, ...more] = plan.steps;
  const undo = step === undefined || more.length > 0 ? undefined : back[step];
  // Asking for a review of an approved card took the approval back as well.
  if (undo === undefined || (card.place === 'approved' && step === 'ask-for-review')) return null;
  const { id: todoId, revision } = card;
  return {
    cardId: card.id,
    label: plan.label,
    run: async () => {
      const isDone = await giveOnCard(services, todoId, en.undo, (client, commandId) => undo(client, { commandId, todoId, revision }));
      if (isDone) services.ui.setState({ announcement: en.move.undone(card.title) });
    },
  };
}
