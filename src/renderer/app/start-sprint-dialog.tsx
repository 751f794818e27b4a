import { useState } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { TrustBanner } from '../settings/trust-banner.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { TextArea, TextField } from '../ui/field.js';
import { Question } from '../ui/question.js';
import type { DialogOf } from './dialog-of.js';

/** Asks what a sprint is for, and starts it. */
export function StartSprintDialog({ onClose }: DialogOf<'start-sprint'>): ReactElement {
  const services = useServices();
  const [milestone, setMilestone] = useState('');
  const [brief, setBrief] = useState('');
  const [requirements, setRequirements] = useState('');
  const start = async (): Promise<void> => {
    if (milestone.trim() === '') throw new Error(en.sprint.milestoneMissing);
    await give(services, (client, commandId) =>
      client.sprint.start({
        commandId,
        milestone: milestone.trim(),
        brief: brief.trim(),
        requirements: requirements.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
        sourceRequestId: '',
      }),
    );
  };
  return (
    <Question title={en.sprint.startTitle} text={en.sprint.startText} yes={en.sprint.start} width="medium" onYes={start} onClose={onClose}>
      <TrustBanner />
      <TextField
        label={en.sprint.milestone}
        hint={en.sprint.milestoneHint}
        value={milestone}
        onChange={(event) => setMilestone(event.target.value)}
      />
      <TextArea
        label={en.sprint.brief}
        hint={en.sprint.briefHint}
        rows={4}
        value={brief}
        onChange={(event) => setBrief(event.target.value)}
      />
      <TextArea
        label={en.sprint.requirements}
        hint={en.sprint.requirementsHint}
        rows={3}
        value={requirements}
        onChange={(event) => setRequirements(event.target.value)}
      />
    </Question>
  );
}
