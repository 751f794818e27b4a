import { useState } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { TextField } from '../ui/field.js';
import { Question } from '../ui/question.js';
import { toastQueue } from '../ui/toast-queue.js';
import type { DialogOf } from './dialog-of.js';

/** Asks before a backlog item is dropped, and why. */
export function DropItemDialog({ dialog: { id }, onClose }: DialogOf<'drop-backlog-item'>): ReactElement {
  const services = useServices();
  const [title] = useState(() => services.views.getState().backlog.get(id)?.title ?? id);
  const [reason, setReason] = useState('');
  const drop = async (): Promise<void> => {
    await give(services, (client, commandId) => client.backlog.drop({ commandId, backlogId: id, reason: reason.trim() }));
    toastQueue.show({ tone: 'plain', text: en.item.dropped(title) });
  };
  return (
    <Question title={en.item.dropTitle(title)} yes={en.item.drop} tone="danger" onYes={drop} onClose={onClose}>
      <TextField label={en.item.dropReason} value={reason} onChange={(event) => setReason(event.target.value)} />
    </Question>
  );
}
