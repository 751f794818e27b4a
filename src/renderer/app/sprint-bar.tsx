import { Ellipsis, OctagonX, Plus } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import { Time } from '../ui/time.js';
import { MayDo } from './may-do.js';
import { openDialog } from './page-actions.js';
import { SprintProgress } from './sprint-progress.js';
import { SprintStatus } from './sprint-status.js';
import { durationText } from '../ui/relative-time.js';

const isActive = (sprint: SprintHeadView | null): sprint is SprintHeadView => sprint !== null && sprint.endedAt === null;

/** The sprint at work: its aim, how far it is, and how to start, stop and go on. */
export function SprintBar(): ReactElement {
  const services = useServices();
  const sprint = useView((view) => view.sprint);
  return (
    <header className="flex shrink-0 items-center gap-2 px-4 pt-3 pb-2">
      {sprint === null ? (
        <h1 className="text-16 font-semibold">{en.sprint.none}</h1>
      ) : (
        <>
          <div className="min-w-24">
            <div className="flex min-w-0 items-center gap-2">
              <h1 className="shorten text-16 font-semibold" title={sprint.milestone}>
                {sprint.milestone === '' ? sprint.name : sprint.milestone}
              </h1>
              <SprintStatus sprint={sprint} />
            </div>
            <SprintFacts sprint={sprint} />
          </div>
          <SprintProgress sprint={sprint} />
        </>
      )}
      <div className="flex-1" />
      <MayDo method="sprint.start">
        <SprintButtons sprint={sprint} />
      </MayDo>
      <MayDo method="requests.submit">
        <Button tone={isActive(sprint) ? 'primary' : 'plain'} keys="C" onClick={() => openDialog(services, { kind: 'new-request' })}>
          <Plus size={15} aria-hidden="true" className="-mx-0.5" />
          {en.request.new}
        </Button>
      </MayDo>
    </header>
  );
}

function SprintFacts({ sprint }: { readonly sprint: SprintHeadView }): ReactElement {
  return (
    <p className="shorten text-12 text-muted">
      {sprint.id}
      {' · '}
      {sprint.endedAt === null ? (
        <>
          {en.sprint.started} <Time at={sprint.startedAt} />
        </>
      ) : (
        <>
          {en.sprint.took} {durationText(Date.parse(sprint.endedAt) - Date.parse(sprint.startedAt))}
          {', '}
          {en.sprint.ended} <Time at={sprint.endedAt} />
        </>
      )}
    </p>
  );
}

function SprintButtons({ sprint }: { readonly sprint: SprintHeadView | null }): ReactElement {
  const services = useServices();
  const isHalted = useView((view) => view.halt !== null);
  const isAtWork = useView((view) => view.turns.length > 0);
  const stopAll = (
    <Menu
      align="end"
      groups={[
        {
          items: [
            {
              id: 'stop-all',
              label: `${en.sprint.stopAll}…`,
              icon: OctagonX,
              isDanger: true,
              onSelect: () => openDialog(services, { kind: 'stop-all' }),
            },
          ],
        },
      ]}
    >
      <IconButton icon={Ellipsis} label={en.sprint.more} />
    </Menu>
  );
  if (!isActive(sprint))
    return (
      <>
        {isAtWork && stopAll}
        <Button tone="primary" onClick={() => openDialog(services, { kind: 'start-sprint' })}>
          {en.sprint.start}
        </Button>
      </>
    );
  return (
    <>
      {!sprint.isStopping && (
        <Button tone="ghost-danger" onClick={() => openDialog(services, { kind: 'stop-sprint' })}>
          {en.sprint.stop}
        </Button>
      )}
      {!isHalted && stopAll}
    </>
  );
}
