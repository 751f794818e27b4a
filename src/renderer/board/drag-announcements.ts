import type { Announcements } from '@dnd-kit/core';
import type { ColumnId } from '../../shared/domain/board.js';
import { columns } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { en } from '../i18n/en.js';
import type { Services } from '../state/services.js';
import { factsOf } from './move-flow.js';

/** What a screen reader says during a drag: what was picked up, and over each column what a drop there would mean. */
export function announcementsFor({ views }: Services): Announcements {
  const titleOf = (id: string | number): string => views.getState().cards.get(String(id))?.title ?? String(id);
  const whatAt = (id: string | number, overId: string | number): string => {
    const { cards } = views.getState();
    const card = cards.get(String(id));
    const column = columns.find((known) => known === overId) ?? cards.get(String(overId).replace(/^place /, ''))?.column;
    if (card === undefined || column === undefined) return en.drag.nowhere;
    return en.drag.over(en.columns[column], meaning(card.column === column, column, card));
  };
  return {
    onDragStart: ({ active }) => en.drag.picked(titleOf(active.id)),
    onDragOver: ({ active, over }) => (over === null ? en.drag.nowhere : whatAt(active.id, over.id)),
    onDragEnd: ({ active, over }) =>
      over === null ? en.drag.back(titleOf(active.id)) : en.drag.dropped(titleOf(active.id), whatAt(active.id, over.id)),
    onDragCancel: ({ active }) => en.drag.back(titleOf(active.id)),
  };
}

function meaning(isHere: boolean, column: ColumnId, card: Parameters<typeof factsOf>[0]): string {
  if (isHere) return en.drag.here;
  const plan = planMove(factsOf(card), column);
  return plan.ok ? plan.value.label : plan.error.message;
}
