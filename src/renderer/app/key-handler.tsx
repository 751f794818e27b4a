import { useEffect } from 'react';
import { useServices } from '../state/services.js';
import type { Services } from '../state/services.js';
import { cardAttribute } from './focus-card.js';
import { keyTable } from './key-table.js';
import { readKey } from './read-key.js';
import type { FocusPlace } from './read-key.js';

/** How long the first half of a key with two waits for the other. */
const prefixMs = 1_200;

function placeOf(target: EventTarget | null): FocusPlace {
  if (!(target instanceof HTMLElement) || target === document.body) return openOverlay() ? 'overlay' : 'nowhere';
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null || openOverlay()) return 'overlay';
  if (target.matches('input, textarea, select, [contenteditable="true"]')) return 'field';
  if (target.hasAttribute(cardAttribute)) return 'card';
  // What scrolls in the panel has the arrow keys for itself.
  if (target.closest('aside') !== null) return 'widget';
  return target.matches('button, a[href], [role="tab"], [role="separator"], summary') ? 'widget' : 'nowhere';
}

const openOverlay = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/** Before a workspace is open, and where the page may not come in, there is nothing that a key could act on. */
const hasBoard = ({ views }: Services): boolean => ['live', 'connecting', 'reconnecting'].includes(views.getState().connection.kind);

/** Listens for the page's keys. */
export function KeyHandler(): null {
  const services = useServices();
  useEffect(() => {
    let prefix = '';
    let pressedAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || services.ui.getState().dragging !== null) return;
      if (!hasBoard(services)) return;
      const press = { key: event.key, isMod: event.metaKey || event.ctrlKey, isShift: event.shiftKey, isAlt: event.altKey };
      if (event.timeStamp - pressedAt > prefixMs) prefix = '';
      const reading = readKey(keyTable, press, prefix, placeOf(event.target), services.ui.getState().singleKeys);
      prefix = reading.prefix;
      pressedAt = event.timeStamp;
      if (reading.binding === null || reading.binding.id === 'drag') return;
      event.preventDefault();
      reading.binding.run(services);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [services]);
  return null;
}
