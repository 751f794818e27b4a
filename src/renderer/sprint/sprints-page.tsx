import { RefreshCw } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { MayDo } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { PageHeader } from '../app/page-header.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { MasterList } from '../ui/master-list.js';
import { Time } from '../ui/time.js';
import { SprintDetail } from './sprint-detail.js';
import { SprintState } from './sprint-state.js';
import { tallyOf } from './sprint-tally.js';

const text = enPages.sprints;

/** All sprints, newest first, and one of them beside the list. */
export function SprintsPage(): ReactElement {
  const services = useServices();
  const sprints = useView((view) => view.sprints);
  const isLoaded = useView((view) => view.isLoaded);
  const chosen = useUi((ui) => ui.chosen.sprints);
  const id = sprints.some((sprint) => sprint.id === chosen) ? chosen : sprints[0]?.id;
  const isActive = sprints.some(({ endedAt }) => endedAt === null);
  const start = (
    <MayDo method="sprint.start">
      <Button tone="primary" onClick={() => openDialog(services, { kind: 'start-sprint' })}>
        {en.sprint.start}
      </Button>
    </MayDo>
  );
  return (
    <>
      <PageHeader title={en.pages.sprints} text={text.text(sprints.length)}>
        {!isActive && start}
      </PageHeader>
      {!isLoaded ? (
        <ListSkeleton />
      ) : id === undefined ? (
        <Empty icon={RefreshCw} title={text.none} text={text.noneText} action={start} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <MasterList
            label={text.listLabel}
            ids={sprints.map((sprint) => sprint.id)}
            chosen={id}
            onChoose={(next) => services.ui.setState(({ chosen: all }) => ({ chosen: { ...all, sprints: next } }))}
            draw={(next) => {
              const sprint = sprints.find((other) => other.id === next);
              return sprint === undefined ? null : <Line sprint={sprint} />;
            }}
          />
          <SprintDetail key={id} sprintId={id} />
        </div>
      )}
    </>
  );
}

function Line({ sprint }: { readonly sprint: SprintHeadView }): ReactElement {
  const { landed, all } = tallyOf(sprint.tally);
  return (
    <>
      <span className="truncate font-medium">{sprint.milestone === '' ? sprint.name : sprint.milestone}</span>
      <span className="truncate text-12 text-muted">
        {sprint.id} · {text.landed(landed, all)}
      </span>
      <span className="flex items-center gap-2 text-12 text-muted">
        <SprintState sprint={sprint} />
        <span className="flex-1" />
        <Time at={sprint.startedAt} />
      </span>
    </>
  );
}
