import { ChevronDown, ListFilter, Plus, Rows3, Search, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { openDialog } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { MayDo } from '../app/may-do.js';
import { Button } from '../ui/button.js';
import { Kbd } from '../ui/kbd.js';
import { Menu } from '../ui/menu.js';
import { filterIds, groupings } from './card-filter.js';
import type { FilterId } from './card-filter.js';

const quiet = 'inline-flex h-[26px] shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-12 whitespace-nowrap transition-colors';
const off = `${quiet} border-line text-muted hover:border-line-strong hover:text-ink`;
const on = `${quiet} border-transparent bg-accent-soft font-medium text-accent`;

/** Search, filters, groups and density: what of the board is in sight. */
export function BoardToolbar(): ReactElement {
  const services = useServices();
  return (
    <div
      role="toolbar"
      aria-label={en.toolbar.label}
      className="flex shrink-0 items-center gap-2 overflow-x-auto border-b border-line px-4 pb-2.5"
    >
      <SearchField />
      <FilterMenu />
      <ActiveFilters />
      <div className="flex-1" />
      <GroupMenu />
      <DensityButton />
      <MayDo method="backlog.add">
        <Button size="small" tone="ghost" aria-label={en.item.new} onClick={() => openDialog(services, { kind: 'backlog-item', id: null })}>
          <Plus size={14} aria-hidden="true" />
          <span className="@max-[780px]:hidden">{en.item.new}</span>
        </Button>
      </MayDo>
    </div>
  );
}

function SearchField(): ReactElement {
  const { ui } = useServices();
  const search = useUi((state) => state.search);
  return (
    <label className="flex h-[30px] w-60 shrink-0 @max-[780px]:w-40 items-center gap-2 rounded-control border border-line bg-surface px-2 text-faint focus-within:border-accent">
      <Search size={15} aria-hidden="true" className="shrink-0" />
      <input
        data-search
        type="text"
        aria-label={en.toolbar.search}
        placeholder={en.toolbar.search}
        value={search}
        onChange={(event) => ui.setState({ search: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          ui.setState({ search: '' });
          event.currentTarget.blur();
        }}
        className="min-w-0 flex-1 bg-transparent text-13 text-ink outline-none focus-visible:outline-none"
      />
      {search === '' && <Kbd keys="/" />}
    </label>
  );
}

function useToggleFilter(): (id: FilterId) => void {
  const { ui } = useServices();
  return (id) =>
    ui.setState(({ filters }) => ({ filters: filters.includes(id) ? filters.filter((other) => other !== id) : [...filters, id] }));
}

function FilterMenu(): ReactElement {
  const { ui } = useServices();
  const filters = useUi((state) => state.filters);
  const roleFilter = useUi((state) => state.roleFilter);
  const roles = useView((view) => view.roles);
  const toggle = useToggleFilter();
  return (
    <Menu
      groups={[
        {
          title: en.toolbar.filter,
          items: filterIds.map((id) => ({
            id,
            label: en.toolbar.filters[id],
            isChecked: filters.includes(id),
            onSelect: () => toggle(id),
          })),
        },
        {
          title: en.toolbar.role,
          items: roles
            .filter(({ isPublic }) => isPublic)
            .map(({ role }) => ({
              id: role,
              label: role,
              isChecked: roleFilter === role,
              onSelect: () => ui.setState({ roleFilter: roleFilter === role ? '' : role }),
            })),
        },
      ]}
    >
      <button type="button" className={off}>
        <ListFilter size={13} aria-hidden="true" />
        {en.toolbar.filter}
      </button>
    </Menu>
  );
}

function ActiveFilters(): ReactElement {
  const { ui } = useServices();
  const filters = useUi((state) => state.filters);
  const role = useUi((state) => state.roleFilter);
  const toggle = useToggleFilter();
  const chips = [
    ...filters.map((id) => ({ id: id as string, label: en.toolbar.filters[id], remove: () => toggle(id) })),
    ...(role === '' ? [] : [{ id: 'role', label: role, remove: () => ui.setState({ roleFilter: '' }) }]),
  ];
  return (
    <>
      {chips.map(({ id, label, remove }) => (
        <button key={id} type="button" aria-label={en.toolbar.removeFilter(label)} onClick={remove} className={on}>
          {label}
          <X size={12} aria-hidden="true" />
        </button>
      ))}
    </>
  );
}

function GroupMenu(): ReactElement {
  const { ui } = useServices();
  const groupBy = useUi((state) => state.groupBy);
  return (
    <Menu
      align="end"
      groups={[
        {
          items: groupings.map((id) => ({
            id,
            label: en.toolbar.groups[id],
            isChecked: groupBy === id,
            onSelect: () => ui.setState({ groupBy: id }),
          })),
        },
      ]}
    >
      <button type="button" className={groupBy === 'none' ? off : on}>
        {groupBy === 'none' ? en.toolbar.group : en.toolbar.groups[groupBy]}
        <ChevronDown size={12} aria-hidden="true" />
      </button>
    </Menu>
  );
}

function DensityButton(): ReactElement {
  const { ui } = useServices();
  const isCompact = useUi((state) => state.density === 'compact');
  return (
    <button
      type="button"
      aria-pressed={isCompact}
      onClick={() => ui.setState({ density: isCompact ? 'comfortable' : 'compact' })}
      className={isCompact ? on : off}
    >
      <Rows3 size={13} aria-hidden="true" />
      {en.toolbar.densities.compact}
    </button>
  );
}
