import { DndContext, DragOverlay, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { DragEndEvent, DragStartEvent } from '@dnd-kit/core';
import type { ReactElement } from 'react';
import { columns } from '../../shared/domain/board.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { CarryKeys } from '../ui/carry-keys.js';
import { BoardEmpty } from './board-empty.js';
import { CardFace } from './card-face.js';
import { Column } from './column.js';
import { announcementsFor } from './drag-announcements.js';
import { columnCoordinates, dropTargets } from './drag-geometry.js';
import { finishDrag } from './finish-drag.js';

const keyboardCodes = { start: ['KeyD'], cancel: ['Escape'], end: ['Enter', 'Space', 'KeyD'] };

/** Five columns, and the drag between them. */
export function Board(): ReactElement {
  const services = useServices();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(CarryKeys, { coordinateGetter: columnCoordinates, keyboardCodes }),
  );
  const isEmpty = useView((view) => view.isLoaded && view.cards.size === 0);
  const onStart = ({ active }: DragStartEvent): void => services.ui.setState({ dragging: String(active.id), cursorId: String(active.id) });
  const onEnd = (event: DragEndEvent): void => {
    services.ui.setState({ dragging: null });
    finishDrag(services, String(event.active.id), event.over === null ? null : String(event.over.id));
  };
  if (isEmpty) return <BoardEmpty />;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={dropTargets}
      accessibility={{ announcements: announcementsFor(services), screenReaderInstructions: { draggable: en.card.instructions } }}
      onDragStart={onStart}
      onDragEnd={onEnd}
      onDragCancel={() => services.ui.setState({ dragging: null })}
    >
      <Columns />
      <Lifted />
    </DndContext>
  );
}

/** The columns side by side. Beside an open panel the empty ones are narrow, so that the others stay in sight. */
function Columns(): ReactElement {
  const filled = useView((view) => columns.map((column) => (view.columns[column].length > 0 ? '1' : '0')).join(''));
  const narrow = [...filled].map((isFilled) => (isFilled === '1' ? 'minmax(148px,1fr)' : 'minmax(96px,0.4fr)')).join(' ');
  return (
    <div
      style={{ '--narrow-columns': narrow } as Record<string, string>}
      className="grid min-h-0 flex-1 grid-cols-[repeat(5,minmax(184px,1fr))] gap-1 overflow-x-auto px-3 pt-2 pb-1 @max-[980px]:grid-cols-(--narrow-columns)"
    >
      {columns.map((column) => (
        <Column key={column} id={column} />
      ))}
    </div>
  );
}

/** The card in the hand. */
function Lifted(): ReactElement {
  const id = useUi((ui) => ui.dragging);
  const card = useView((view) => (id === null ? undefined : view.cards.get(id)));
  return (
    <DragOverlay dropAnimation={null}>
      {card !== undefined && (
        <div className="rotate-[1.2deg] cursor-grabbing rounded-card bg-surface px-2.5 pt-2 pb-2.5 shadow-lift">
          <CardFace card={card} />
        </div>
      )}
    </DragOverlay>
  );
}
