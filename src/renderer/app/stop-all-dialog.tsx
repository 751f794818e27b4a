import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Question } from '../ui/question.js';
import type { DialogOf } from './dialog-of.js';

/** Asks before everything is stopped at once. */
export function StopAllDialog({ onClose }: DialogOf<'stop-all'>): ReactElement {
  const services = useServices();
  return (
    <Question
      title={en.sprint.stopAllTitle}
      text={en.sprint.stopAllText}
      yes={en.sprint.stopAllYes}
      no={en.sprint.keepRunning}
      tone="danger"
      onYes={() => give(services, (client, commandId) => client.stopAll({ commandId }))}
      onClose={onClose}
    />
  );
}
