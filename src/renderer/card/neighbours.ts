import type { Columns } from '../state/card-order.js';

const columnOrder = ['todo', 'in_progress', 'review', 'done', 'approved'] as const;

/** The cards before and after one, down each column and from left to right; null at the ends and off the board. */
export function neighboursOf(columns: Columns, cardId: string): { readonly previous: string | null; readonly next: string | null } {
  const ids = columnOrder.flatMap((column) => columns[column]);
  const at = ids.indexOf(cardId);
  return at === -1 ? { previous: null, next: null } : { previous: ids[at - 1] ?? null, next: ids[at + 1] ?? null };
}
