import { ChartColumn, ChevronDown, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { PageHeader } from '../app/page-header.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useView } from '../state/services.js';
import { useAsked, useTouched } from '../state/use-record.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { Menu } from '../ui/menu.js';
import { FigureCards } from './figure-cards.js';
import { loadFigures } from './load-figures.js';

const text = enPages.insights;

/** What a sprint's turns, tokens and times say. */
export function InsightsPage(): ReactElement {
  const sprints = useView((view) => view.sprints);
  const isLoaded = useView((view) => view.isLoaded);
  const [chosen, setChosen] = useState('');
  const sprint = sprints.find(({ id }) => id === chosen) ?? sprints[0];
  const items = sprints.map(({ id, name, milestone }) => ({
    id,
    label: milestone === '' ? name : milestone,
    isChecked: id === sprint?.id,
    onSelect: () => setChosen(id),
  }));
  return (
    <>
      <PageHeader title={en.pages.insights} {...(sprint === undefined ? {} : { text: sprint.milestone || sprint.name })}>
        {sprints.length > 1 && (
          <Menu groups={[{ title: text.sprint, items }]} align="end">
            <Button>
              {text.sprint}
              <ChevronDown size={14} aria-hidden="true" />
            </Button>
          </Menu>
        )}
      </PageHeader>
      {!isLoaded ? (
        <ListSkeleton />
      ) : sprint === undefined ? (
        <Empty icon={ChartColumn} title={text.none} text={text.noneText} />
      ) : (
        <Loaded key={sprint.id} sprintId={sprint.id} />
      )}
    </>
  );
}

function Loaded({ sprintId }: { readonly sprintId: string }): ReactElement {
  // Only when a sprint is over or goes on is it worth asking for every card again; not on every step of a card.
  const touched = useTouched(sprintId);
  const { asked, again } = useAsked(`${sprintId} ${touched}`, (client) => loadFigures(client, sprintId));
  if (asked.kind === 'loading') return <ListSkeleton rows={5} />;
  if (asked.kind === 'failed')
    return <Empty icon={TriangleAlert} title={text.failed} text={asked.sentence} action={<Button onClick={again}>{en.retry}</Button>} />;
  if (asked.value.byRole.length === 0) return <Empty icon={ChartColumn} title={text.none} text={text.noneText} />;
  return <FigureCards figures={asked.value} />;
}
