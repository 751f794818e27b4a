import type { BoardCardView } from '../../shared/contract/board-views.js';
import type { ColumnId } from '../../shared/domain/board.js';

/** Card ids of each column, in order. */
export type Columns = Readonly<Record<ColumnId, readonly string[]>>;

/** Cards by id. Changed in place by the view store; a card itself never changes, it is replaced. */
export type Cards = ReadonlyMap<string, BoardCardView>;

export const emptyColumns: Columns = { todo: [], in_progress: [], review: [], done: [], approved: [] };

/** Where a card with this key stands, or would stand, among the ids: a binary search by `sortKey`. */
export function placeOf(ids: readonly string[], cards: Cards, sortKey: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = cards.get(ids[middle] ?? '')?.sortKey ?? '';
    if (key < sortKey) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The columns without a card that stands where `card` says; the same ones where it is not there. `cards` still has it. */
export function withoutCard(columns: Columns, cards: Cards, card: BoardCardView): Columns {
  const ids = columns[card.column];
  const at = placeOf(ids, cards, card.sortKey);
  if (ids[at] !== card.id) return columns;
  return { ...columns, [card.column]: ids.toSpliced(at, 1) };
}

/** The columns with a card in its place; `cards` need not have it yet. */
export function withCard(columns: Columns, cards: Cards, card: BoardCardView): Columns {
  const ids = columns[card.column];
  return { ...columns, [card.column]: ids.toSpliced(placeOf(ids, cards, card.sortKey), 0, card.id) };
}

/** The columns of a whole board. */
export function columnsOf(board: readonly { readonly id: ColumnId; readonly cards: readonly BoardCardView[] }[]): Columns {
  const found: Record<ColumnId, readonly string[]> = { ...emptyColumns };
  for (const { id, cards } of board)
    found[id] = cards.toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : 0)).map((card) => card.id);
  return found;
}
