import type { BoardCardView } from '../../shared/contract/board-views.js';
import type { ColumnId } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import type { MoveFacts, MovePlan } from '../../shared/domain/card-moves.js';
import { en } from '../i18n/en.js';
import { giveOnCard, refuse } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import { toastQueue } from '../ui/toast-queue.js';
import { besideCard } from './card-words.js';
import { undoOf } from './undo-move.js';

/** What the table of moves needs to know of a card. */
export const factsOf = ({ id, title, place, status, step, revert }: BoardCardView): MoveFacts => ({
  id,
  title,
  place,
  status,
  step,
  revert,
});

/**
 * Moves a card as a drop, a button or a key asks: refused, the reason stands beside the card; where the table wants a comment or a
 * yes, the question comes first; else the command goes out.
 */
export function beginMove(services: Services, card: BoardCardView, to: ColumnId): void {
  const plan = planMove(factsOf(card), to);
  if (!plan.ok) {
    if (plan.error.id !== 'same-column') refuse(services.ui, card.id, besideCard(plan.error.message, card));
    return;
  }
  if (plan.value.needs === 'comment') services.ui.setState({ dialog: { kind: 'move-comment', cardId: card.id, to } });
  else if (plan.value.needs === 'confirmation') services.ui.setState({ dialog: { kind: 'move-confirm', cardId: card.id, to } });
  else void sendMove(services, card, to, plan.value);
}

/** Sends a move whose questions are answered. */
export async function sendMove(services: Services, card: BoardCardView, to: ColumnId, plan: MovePlan, comment = ''): Promise<void> {
  const isDone = await giveOnCard(services, card.id, plan.label, (client, commandId) =>
    client.cards.move({
      commandId,
      todoId: card.id,
      revision: card.revision,
      to,
      comment,
      isConfirmed: plan.needs === 'confirmation',
    }),
  );
  if (isDone) offerUndo(services, card, plan);
}

function offerUndo({ ui, ...rest }: Services, card: BoardCardView, plan: MovePlan): void {
  const step = undoOf({ ui, ...rest }, card, plan);
  if (step === null) return;
  ui.setState(({ undo }) => ({ undo: [...undo, step].slice(-20) }));
  toastQueue.show({
    tone: 'plain',
    text: en.move.done(card.title, plan.steps[0] ?? ''),
    action: { label: en.undo, run: () => void undoLast({ ui, ...rest }, step.cardId) },
  });
}

/** Takes the last move back that can be, or the last one of a card. */
export async function undoLast({ ui }: Services, cardId?: string): Promise<void> {
  const { undo } = ui.getState();
  const step = undo.findLast((other) => cardId === undefined || other.cardId === cardId);
  if (step === undefined) {
    toastQueue.show({ tone: 'plain', text: en.move.noUndo });
    return;
  }
  ui.setState({ undo: undo.filter((other) => other !== step) });
  await step.run();
}
