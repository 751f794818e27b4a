import type { ReactElement } from 'react';
import type { SprintView } from '../../shared/contract/views.js';
import { useMay } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { failureText } from '../connection/refusal-of.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { give } from '../state/give-command.js';
import { useServices } from '../state/services.js';
import { Button } from '../ui/button.js';
import { durationText } from '../ui/relative-time.js';
import { Time } from '../ui/time.js';
import { toastQueue } from '../ui/toast-queue.js';
import { SprintState } from './sprint-state.js';
import { tallyOf } from './sprint-tally.js';

const text = enPages.sprints;

/** A sprint's aim, how far it is, and what can be done with it. */
export function SprintHead({ sprint }: { readonly sprint: SprintView }): ReactElement {
  const services = useServices();
  const may = useMay('sprint.stop');
  const can = (id: string): boolean => may && sprint.actions.some((action) => action.id === id);
  const { landed, all } = tallyOf(sprint.tally);
  const resume = (): void => {
    give(services, (client, commandId) => client.sprint.resume({ commandId })).catch((error: unknown) =>
      toastQueue.show({ tone: 'bad', text: failureText(error) }),
    );
  };
  return (
    <header className="flex flex-wrap items-start gap-3">
      <div className="min-w-0 flex-1">
        <h2 className="text-20 leading-7 font-semibold break-words">{sprint.milestone === '' ? sprint.name : sprint.milestone}</h2>
        <p className="flex flex-wrap items-center gap-x-2 text-12 text-muted">
          <SprintState sprint={sprint} />
          <span>{sprint.id}</span>
          <span aria-hidden="true">·</span>
          <span>{text.landed(landed, all)}</span>
          <span aria-hidden="true">·</span>
          {sprint.endedAt === null ? (
            <span>
              {en.sprint.started} <Time at={sprint.startedAt} />
            </span>
          ) : (
            <span>
              {en.sprint.took} {durationText(Date.parse(sprint.endedAt) - Date.parse(sprint.startedAt))}, <Time at={sprint.endedAt} />
            </span>
          )}
        </p>
      </div>
      {can('resume-sprint') && (
        <Button tone="primary" onClick={resume}>
          {en.sprint.resume}
        </Button>
      )}
      {can('stop-sprint') && (
        <Button tone="ghost-danger" onClick={() => openDialog(services, { kind: 'stop-sprint' })}>
          {en.sprint.stop}
        </Button>
      )}
      {can('stop-all') && (
        <Button tone="ghost-danger" onClick={() => openDialog(services, { kind: 'stop-all' })}>
          {en.sprint.stopAll}
        </Button>
      )}
    </header>
  );
}
