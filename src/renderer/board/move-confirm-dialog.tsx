import type { ReactElement } from 'react';
import { planMove } from '../../shared/domain/card-moves.js';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Question } from '../ui/question.js';
import { factsOf, sendMove } from './move-flow.js';

/** Asks before a move that ends work. */
export function MoveConfirmDialog({ dialog: { cardId, to }, onClose }: DialogOf<'move-confirm'>): ReactElement | null {
  const services = useServices();
  const card = useView((view) => view.cards.get(cardId));
  const plan = card === undefined ? null : planMove(factsOf(card), to);
  if (card === undefined || plan === null) return null;
  if (!plan.ok) return <Question title={plan.error.message} yes={en.close} onYes={() => Promise.resolve()} onClose={onClose} />;
  const send = (): Promise<void> => {
    onClose();
    return sendMove(services, card, to, plan.value);
  };
  return (
    <Question title={plan.value.question} text={card.title} yes={plan.value.label} tone="danger" onYes={send} onClose={onClose}>
      <p className="text-13 text-muted">{en.move.confirmText}</p>
    </Question>
  );
}
