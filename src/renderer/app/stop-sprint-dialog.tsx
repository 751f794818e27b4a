import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Question } from '../ui/question.js';
import type { DialogOf } from './dialog-of.js';

/** Asks before a sprint is brought to its end. */
export function StopSprintDialog({ onClose }: DialogOf<'stop-sprint'>): ReactElement {
  const services = useServices();
  return (
    <Question
      title={en.sprint.stopTitle}
      text={en.sprint.stopText}
      yes={en.sprint.stop}
      no={en.sprint.keepRunning}
      tone="danger"
      onYes={() => give(services, (client, commandId) => client.sprint.stop({ commandId }))}
      onClose={onClose}
    />
  );
}
