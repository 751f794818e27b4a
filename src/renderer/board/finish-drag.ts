import type { ColumnId } from '../../shared/domain/board.js';
import { columns } from '../../shared/domain/board.js';
import { focusCard } from '../app/focus-card.js';
import { en } from '../i18n/en.js';
import { giveOnCard, refuse } from '../state/give-command.js';
import type { Services } from '../state/services.js';
import { beginMove } from './move-flow.js';
import { planReorder } from './plan-reorder.js';

const placePrefix = 'place ';

/** The id of the drop target that a card is for others of its column. */
export const placeId = (cardId: string): string => `${placePrefix}${cardId}`;

/** What a drop means: another column moves the card, a place in its own column changes the order, nothing changes nothing. */
export function finishDrag(services: Services, cardId: string, overId: string | null): void {
  const { cards } = services.views.getState();
  const card = cards.get(cardId);
  if (card === undefined || overId === null) return;
  requestAnimationFrame(() => focusCard(cardId));
  if (overId.startsWith(placePrefix)) {
    const other = cards.get(overId.slice(placePrefix.length));
    if (other === undefined) return;
    if (other.column === card.column) void placeBefore(services, card.column, cardId, other.id);
    else beginMove(services, card, other.column);
    return;
  }
  const to = columns.find((column) => column === overId);
  if (to !== undefined && to !== card.column) beginMove(services, card, to);
}

/** Puts a card at the place of another one of its column. */
async function placeBefore(services: Services, column: ColumnId, cardId: string, otherId: string): Promise<void> {
  const { columns: all, cards } = services.views.getState();
  const standing = all[column].flatMap((id) => {
    const card = cards.get(id);
    return card === undefined ? [] : [card];
  });
  const at = standing.findIndex(({ id }) => id === otherId);
  const plan = planReorder(standing, cardId, at);
  if (!plan.ok) return refuse(services.ui, cardId, plan.error);
  for (const { todoId, order } of plan.value) {
    const isDone = await giveOnCard(services, todoId, en.drag.order, (client, commandId) =>
      client.todos.reorder({ commandId, todoId, order }),
    );
    if (!isDone) return;
  }
}
