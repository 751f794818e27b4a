import { useState } from 'react';
import type { ReactElement } from 'react';
import { planMove } from '../../shared/domain/card-moves.js';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { TextArea } from '../ui/field.js';
import { Question } from '../ui/question.js';
import { factsOf, sendMove } from './move-flow.js';

/** Asks what should change before a card is sent back. */
export function MoveCommentDialog({ dialog: { cardId, to }, onClose }: DialogOf<'move-comment'>): ReactElement | null {
  const services = useServices();
  const card = useView((view) => view.cards.get(cardId));
  const [comment, setComment] = useState('');
  const plan = card === undefined ? null : planMove(factsOf(card), to);
  if (card === undefined || plan === null) return null;
  if (!plan.ok) return <Question title={plan.error.message} yes={en.close} onYes={() => Promise.resolve()} onClose={onClose} />;
  const send = (): Promise<unknown> => {
    if (comment.trim() === '') return Promise.reject(new Error(en.move.commentMissing));
    onClose();
    return sendMove(services, card, to, plan.value, comment.trim());
  };
  return (
    <Question title={plan.value.label} text={card.title} yes={plan.value.label} width="medium" onYes={send} onClose={onClose}>
      <TextArea
        label={en.move.commentLabel}
        hint={en.move.commentHint}
        rows={5}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
    </Question>
  );
}
