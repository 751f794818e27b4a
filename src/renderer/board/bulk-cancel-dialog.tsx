import type { ReactElement } from 'react';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { useServices, useUi } from '../state/services.js';
import { Question } from '../ui/question.js';
import { cancelCards } from './bulk-commands.js';

/** Asks before several cards are cancelled. */
export function BulkCancelDialog({ onClose }: DialogOf<'bulk-cancel'>): ReactElement {
  const services = useServices();
  const selected = useUi((ui) => ui.selected);
  const send = (): Promise<void> => {
    onClose();
    return cancelCards(services, [...selected]);
  };
  return (
    <Question
      title={en.bulk.cancelTitle(selected.size)}
      text={en.bulk.cancelText}
      yes={en.bulk.cancelCards}
      no={en.bulk.keep}
      tone="danger"
      onYes={send}
      onClose={onClose}
    />
  );
}
