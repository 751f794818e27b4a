import { ListPlus, ListX, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { MayDo, useMay } from '../app/may-do.js';
import { openDialog } from '../app/page-actions.js';
import { PageHeader } from '../app/page-header.js';
import { enPages } from '../i18n/en-pages.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import type { ViewState } from '../state/view-store.js';
import { Button } from '../ui/button.js';
import { Chips } from '../ui/chips.js';
import { Empty } from '../ui/empty.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { SearchField } from '../ui/search-field.js';
import { backlogFilters, backlogList } from './backlog-list.js';
import type { BacklogFilter } from './backlog-list.js';
import { BacklogRows } from './backlog-rows.js';

const text = enPages.backlog;

/** Planned work in the order in which it is taken up. */
export function BacklogPage(): ReactElement {
  const services = useServices();
  const backlog = useView((view) => view.backlog);
  const version = useView((view) => view.version);
  const isLoaded = useView((view) => view.isLoaded);
  const mayRank = useMay('backlog.rank');
  const [filter, setFilter] = useState<BacklogFilter>('open');
  const [search, setSearch] = useState('');
  // The map is changed in place: `version` says when.
  const lists = useMemo(
    () => ({ of: version, shown: backlogList(backlog.values(), filter, search), counts: countsOf(backlog) }),
    [backlog, version, filter, search],
  );
  const add = (): void => openDialog(services, { kind: 'backlog-item', id: null });
  return (
    <>
      <PageHeader title={en.pages.backlog} text={text.text(lists.counts.open)}>
        <SearchField label={text.search} value={search} onChange={setSearch} />
        <MayDo method="backlog.add">
          <Button tone="primary" onClick={add}>
            <Plus size={15} aria-hidden="true" />
            {en.item.new}
          </Button>
        </MayDo>
      </PageHeader>
      <div className="px-5 py-2.5">
        <Chips
          label={text.filter}
          value={filter}
          onChange={setFilter}
          choices={backlogFilters.map((value) => ({ value, label: text.filters[value], count: lists.counts[value] }))}
        />
      </div>
      {!isLoaded ? (
        <ListSkeleton />
      ) : lists.shown.length > 0 ? (
        <BacklogRows items={lists.shown} canRank={mayRank && filter === 'open' && search.trim() === ''} />
      ) : lists.counts.all === 0 ? (
        <Empty
          icon={ListPlus}
          title={text.none}
          text={text.noneText}
          action={mayRank ? <Button onClick={add}>{en.item.new}</Button> : null}
        />
      ) : (
        <Empty icon={ListX} title={text.noneFiltered} text={text.noneFilteredText} />
      )}
    </>
  );
}

const countsOf = (backlog: ViewState['backlog']): Readonly<Record<BacklogFilter, number>> => {
  const counts = { open: 0, done: 0, dropped: 0, all: backlog.size };
  for (const { status } of backlog.values()) counts[status === 'done' || status === 'dropped' ? status : 'open'] += 1;
  return counts;
};
