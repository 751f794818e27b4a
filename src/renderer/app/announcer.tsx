import type { ReactElement } from 'react';
import { useUi } from '../state/services.js';

/** What a screen reader hears of moves, refusals and drags; nobody sees it. */
export function Announcer(): ReactElement {
  const text = useUi((ui) => ui.announcement);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
