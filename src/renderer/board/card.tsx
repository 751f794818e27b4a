import { useDraggable, useDroppable } from '@dnd-kit/core';
import { memo } from 'react';
import type { MouseEvent, ReactElement } from 'react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { cardAttribute } from '../app/focus-card.js';
import { toggleSelected } from '../app/page-actions.js';
import { useServices, useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { CardFace } from './card-face.js';
import { CardMenu } from './card-menu.js';
import { CardRefusal } from './card-refusal.js';
import { placeId } from './finish-drag.js';

interface CardProps {
  readonly id: string;
  /** The first of its column is where the Tab key comes in, unless the cursor is there. */
  readonly isFirst: boolean;
}

/** A card on the board. A change of one card draws one card. */
export const Card = memo(function Card({ id, isFirst }: CardProps): ReactElement | null {
  const card = useView((view) => view.cards.get(id));
  return card === undefined ? null : <Draggable card={card} isFirst={isFirst} />;
});

function Draggable({ card, isFirst }: { readonly card: BoardCardView; readonly isFirst: boolean }): ReactElement {
  const services = useServices();
  const { id, column } = card;
  const isCursor = useUi((ui) => ui.cursorId === id);
  const isOpen = useUi((ui) => ui.openCardId === id);
  const isSelected = useUi((ui) => ui.selected.has(id));
  const isBusy = useUi((ui) => ui.pending[id] !== undefined);
  const { setNodeRef, listeners, isDragging } = useDraggable({ id, data: { column } });
  const place = useDroppable({ id: placeId(id), data: { column } });
  const isBefore = place.isOver && place.active?.data.current?.['column'] === column;

  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return toggleSelected(services, id);
    services.ui.setState({ cursorId: id, openCardId: id });
  };
  return (
    <article
      ref={(element) => {
        setNodeRef(element);
        place.setNodeRef(element);
      }}
      {...{ [cardAttribute]: id }}
      {...listeners}
      tabIndex={isCursor || isFirst ? 0 : -1}
      aria-label={card.title}
      aria-current={isOpen || undefined}
      aria-busy={isBusy || undefined}
      onClick={onClick}
      onFocus={(event) => event.target === event.currentTarget && services.ui.setState({ cursorId: id })}
      className={classNames(
        'group @container relative cursor-default rounded-card bg-surface px-2.5 pt-2 pb-2.5 shadow-card transition-[opacity,box-shadow] outline-none select-none',
        'hover:shadow-[0_0_0_1px_var(--line-strong)] focus-visible:shadow-[0_0_0_2px_var(--accent)]',
        (isOpen || isSelected) && 'shadow-[0_0_0_2px_var(--accent)]!',
        isSelected && 'bg-accent-soft',
        isDragging && 'opacity-40',
        isBusy && 'opacity-75',
        isBefore && 'before:absolute before:inset-x-1 before:-top-[5px] before:h-0.5 before:rounded-full before:bg-accent',
      )}
    >
      <CardFace card={card} isSelected={isSelected} />
      <CardRefusal id={id} />
      <CardMenu card={card} />
    </article>
  );
}
