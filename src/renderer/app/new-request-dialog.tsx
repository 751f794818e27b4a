import { useState } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { TextArea } from '../ui/field.js';
import { Question } from '../ui/question.js';
import { toastQueue } from '../ui/toast-queue.js';
import type { DialogOf } from './dialog-of.js';

/** Asks the team for something. */
export function NewRequestDialog({ onClose }: DialogOf<'new-request'>): ReactElement {
  const services = useServices();
  const [text, setText] = useState('');
  const send = async (): Promise<void> => {
    if (text.trim() === '') throw new Error(en.request.missing);
    const { createdIds } = await give(services, (client, commandId) => client.requests.submit({ commandId, text: text.trim() }));
    toastQueue.show({ tone: 'plain', text: en.request.sent(createdIds[0] ?? '') });
  };
  return (
    <Question title={en.request.title} text={en.request.text} yes={en.request.send} width="medium" onYes={send} onClose={onClose}>
      <TextArea label={en.request.label} rows={6} value={text} onChange={(event) => setText(event.target.value)} />
    </Question>
  );
}
