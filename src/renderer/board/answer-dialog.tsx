import { useState } from 'react';
import type { ReactElement } from 'react';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices, useView } from '../state/services.js';
import { TextArea } from '../ui/field.js';
import { Question } from '../ui/question.js';

/** Answers what a blocked card waits for. */
export function AnswerDialog({ dialog: { cardId }, onClose }: DialogOf<'answer'>): ReactElement | null {
  const services = useServices();
  const card = useView((view) => view.cards.get(cardId));
  const [text, setText] = useState('');
  if (card === undefined) return null;
  const send = (): Promise<unknown> => {
    if (text.trim() === '') return Promise.reject(new Error(en.answer.missing));
    return give(services, (client, commandId) => client.todos.answer({ commandId, subjectId: cardId, text: text.trim() }));
  };
  return (
    <Question
      title={card.title}
      text={card.badgeReasons['blocked'] ?? card.waitingFor}
      yes={en.answer.send}
      width="medium"
      onYes={send}
      onClose={onClose}
    >
      <TextArea label={en.answer.label} hint={en.answer.hint} value={text} onChange={(event) => setText(event.target.value)} />
    </Question>
  );
}
