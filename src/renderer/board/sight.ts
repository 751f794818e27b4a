import { columns } from '../../shared/domain/board.js';
import type { Services } from '../state/services.js';
import type { UiState } from '../state/ui-store.js';
import type { CardQuery } from './card-filter.js';
import { cardIdsOf, columnRows } from './column-rows.js';
import type { Sight } from './cursor.js';

/** What the reader asked to see. */
export const queryOf = ({ search, filters, roleFilter }: UiState): CardQuery => ({ search, filters, role: roleFilter });

/** The cards in sight on the page: the columns of the board, or the one list of those that need a person. */
export function sightOf({ views, ui }: Pick<Services, 'views' | 'ui'>): Sight {
  const view = views.getState();
  const mine = ui.getState();
  if (mine.page === 'needs-you') return [view.needsYou];
  if (mine.page !== 'board') return [];
  return columns.map((column) => cardIdsOf(columnRows(view.columns[column], view.cards, queryOf(mine), mine.groupBy)));
}
