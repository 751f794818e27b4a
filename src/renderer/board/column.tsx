import { useDroppable } from '@dnd-kit/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ColumnId } from '../../shared/domain/board.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { Dot } from '../ui/dot.js';
import { Card } from './card.js';
import { CardSkeletons } from './card-skeletons.js';
import { isEmptyQuery } from './card-filter.js';
import { cardIdsOf, columnRows } from './column-rows.js';
import type { Row } from './column-rows.js';
import { columnTones } from './column-tones.js';
import { DropHint } from './drop-hint.js';
import { GroupHead } from './group-head.js';
import { useInSight } from './use-in-sight.js';

const estimates = { comfortable: 92, compact: 60 } as const;

/** The rows of a column, made anew only when its cards, or with a filter or groups any card, changed. */
function useRows(id: ColumnId): readonly Row[] {
  const { views } = useServices();
  const search = useUi((ui) => ui.search);
  const filters = useUi((ui) => ui.filters);
  const role = useUi((ui) => ui.roleFilter);
  const groupBy = useUi((ui) => ui.groupBy);
  const ids = useView((view) => view.columns[id]);
  const query = useMemo(() => ({ search, filters, role }), [search, filters, role]);
  const looksInside = groupBy !== 'none' || !isEmptyQuery(query);
  const version = useView((view) => (looksInside ? view.version : 0));
  return useMemo(() => {
    void version;
    return columnRows(ids, views.getState().cards, query, groupBy);
  }, [views, ids, query, groupBy, version]);
}

/** One column: its name and count, and what is in sight of its cards. */
export function Column({ id }: { readonly id: ColumnId }): ReactElement {
  const rows = useRows(id);
  const isLoaded = useView((view) => view.isLoaded);
  const density = useUi((ui) => ui.density);
  const scroller = useRef<HTMLDivElement>(null);
  const { setNodeRef, isOver } = useDroppable({ id });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimates[density],
    getItemKey: (index) => rows[index]?.id ?? index,
    gap: 8,
    overscan: 6,
  });
  const cardIds = cardIdsOf(rows);
  useInSight(rows, (index) => virtual.scrollToIndex(index, { align: 'auto' }), scroller);
  return (
    <section
      ref={setNodeRef}
      aria-label={`${en.columns[id]}, ${en.plural(cardIds.length, 'card')}`}
      className={classNames('relative flex min-h-0 min-w-0 flex-col rounded-card transition-colors', isOver && 'bg-ink/4')}
    >
      <h2 className="flex h-8 shrink-0 items-center gap-2 px-2 text-11 font-semibold tracking-[0.04em] whitespace-nowrap text-muted">
        <Dot tone={columnTones[id]} size="medium" />
        {en.columns[id]}
        <span className="font-normal text-faint">{cardIds.length}</span>
      </h2>
      <DropHint column={id} isOver={isOver} />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-1 pb-3" tabIndex={-1}>
        {!isLoaded && <CardSkeletons column={id} />}
        {isLoaded && rows.length === 0 && <p className="px-2 py-3 text-12 text-faint">{en.emptyColumns[id]}</p>}
        <ul aria-label={en.columns[id]} className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <li
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0.5"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.kind === 'group' ? (
                  <GroupHead name={row.name} count={row.count} />
                ) : (
                  <Card id={row.id} isFirst={row.id === cardIds[0]} />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
