import type { BoardCardView } from '../../shared/contract/board-views.js';
import type { Cards } from '../state/card-order.js';
import { groupOf, isEmptyQuery, matches, stateGroups } from './card-filter.js';
import type { CardQuery, GroupBy } from './card-filter.js';

/** A row of a column: the head of a group, or a card. */
export type Row =
  | { readonly kind: 'group'; readonly id: string; readonly name: string; readonly count: number }
  | { readonly kind: 'card'; readonly id: string };

/** The cards of a column that the reader wants to see, in order. */
export function visibleIds(ids: readonly string[], cards: Cards, query: CardQuery): readonly string[] {
  if (isEmptyQuery(query)) return ids;
  return ids.filter((id) => {
    const card = cards.get(id);
    return card !== undefined && matches(card, query);
  });
}

const stateOrder: readonly string[] = stateGroups;

/** Groups stand in a fixed order for states, by name for roles; what has none stands last. */
function compareGroups(a: string, b: string): number {
  const [first, second] = [stateOrder.indexOf(a), stateOrder.indexOf(b)];
  if (first !== -1 && second !== -1) return first - second;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  return a.localeCompare(b);
}

/** The rows of a column, with a head before each group. */
export function columnRows(ids: readonly string[], cards: Cards, query: CardQuery, groupBy: GroupBy): readonly Row[] {
  const visible = visibleIds(ids, cards, query);
  if (groupBy === 'none') return visible.map((id) => ({ kind: 'card', id }));
  const groups = Map.groupBy(
    visible.flatMap((id): readonly BoardCardView[] => present(cards.get(id))),
    (card) => groupOf(card, groupBy),
  );
  return [...groups]
    .toSorted(([a], [b]) => compareGroups(a, b))
    .flatMap(([name, members]): Row[] => [
      { kind: 'group', id: `group ${name}`, name, count: members.length },
      ...members.map(({ id }): Row => ({ kind: 'card', id })),
    ]);
}

/** The ids of the cards among rows. */
export const cardIdsOf = (rows: readonly Row[]): readonly string[] => rows.flatMap((row) => (row.kind === 'card' ? [row.id] : []));

const present = (card: BoardCardView | undefined): readonly BoardCardView[] => (card === undefined ? [] : [card]);
