import { DndContext, PointerSensor, closestCenter, useSensor, useSensors } from '@dnd-kit/core';
import type { DragEndEvent } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { ReactElement } from 'react';
import type { BacklogItemView } from '../../shared/contract/views.js';
import { enPages } from '../i18n/en-pages.js';
import { useServices } from '../state/services.js';
import { CarryKeys } from '../ui/carry-keys.js';
import { BacklogRow } from './backlog-row.js';
import { giveRank } from './give-rank.js';
import { rankAnnouncements } from './rank-announcements.js';

const rowHeight = 52;

interface BacklogRowsProps {
  readonly items: readonly BacklogItemView[];
  /** Whether places can be changed here: only where the whole order is in sight. */
  readonly canRank: boolean;
}

/** The rows in sight. A row's grip changes its place by pointer and by keys. */
export function BacklogRows({ items, canRank }: BacklogRowsProps): ReactElement {
  const services = useServices();
  const box = useRef<HTMLDivElement>(null);
  const announcements = useMemo(() => rankAnnouncements(items), [items]);
  const ids = useMemo(() => items.map(({ id }) => id), [items]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 8,
  });
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(CarryKeys, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const move = (from: number, to: number): void => void giveRank(services, items, from, to);
  const onDragEnd = ({ active, over }: DragEndEvent): void => {
    if (over !== null && over.id !== active.id) move(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
  };
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-auto px-5 pb-4">
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={{ announcements, screenReaderInstructions: { draggable: enPages.backlog.carried.instructions } }}
        onDragEnd={onDragEnd}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy} disabled={!canRank}>
          <ul aria-label={enPages.backlog.listLabel} className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ key, index, start }) => {
              const item = items[index];
              return (
                item !== undefined && (
                  <BacklogRow key={key} item={item} index={index} last={items.length - 1} top={start} canRank={canRank} onMove={move} />
                )
              );
            })}
          </ul>
        </SortableContext>
      </DndContext>
    </div>
  );
}
