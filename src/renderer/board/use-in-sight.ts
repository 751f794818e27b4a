import { useEffect, useEffectEvent } from 'react';
import type { RefObject } from 'react';
import { useUi } from '../state/services.js';
import type { Row } from './column-rows.js';

/** Brings the card under the cursor into sight of its column, and its column beside an open panel. */
export function useInSight(rows: readonly Row[], scrollTo: (index: number) => void, scroller: RefObject<HTMLElement | null>): void {
  const cursorId = useUi((ui) => ui.cursorId);
  const openCardId = useUi((ui) => ui.openCardId);
  // Only when the cursor goes elsewhere or a panel opens, not with each change of the column.
  const bring = useEffectEvent((id: string | null, isOpen: boolean) => {
    const index = rows.findIndex((row) => row.kind === 'card' && row.id === id);
    if (index === -1) return;
    scrollTo(index);
    const column = scroller.current?.closest('section');
    if (isOpen) requestAnimationFrame(() => column?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  });
  useEffect(() => bring(cursorId, cursorId !== null && openCardId === cursorId), [cursorId, openCardId]);
}
