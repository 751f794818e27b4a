import { useSyncExternalStore } from 'react';
import { useUi } from '../state/services.js';

/** As wide as `max-[1100px]` of the panel: below it an open card lies over the whole page. */
const narrow = window.matchMedia('(max-width: 1100px)');

const subscribe = (onChange: () => void): (() => void) => {
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
};

/** Whether an open card covers the page, so that nothing below it may have the focus. */
export function useCovered(): boolean {
  const isNarrow = useSyncExternalStore(subscribe, () => narrow.matches);
  const isOpen = useUi((ui) => ui.openCardId !== null);
  return isNarrow && isOpen;
}
