import type { CardView } from '../../shared/contract/card-views.js';
import { en } from '../i18n/en.js';
import { useAsked, useTouched } from '../state/use-record.js';
import type { Asked } from '../state/use-record.js';
import { useView } from '../state/services.js';

/** Everything about one card, asked for again when its change arrives. */
export function useCard(cardId: string): { readonly card: Asked<CardView>; readonly again: () => void } {
  const touched = useTouched(cardId);
  const as = useView((view) => view.me?.name ?? '');
  const { asked, again } = useAsked(`${cardId} ${touched} ${as}`, async (client) => {
    const found = await client.show({ id: cardId });
    if (found.kind !== 'todo') throw new Error(en.plural(0, 'card'));
    return found.card;
  });
  return { card: asked, again };
}
