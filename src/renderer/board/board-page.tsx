import type { ReactElement } from 'react';
import { SprintBar } from '../app/sprint-bar.js';
import { TrustBanner } from '../settings/trust-banner.js';
import { Board } from './board.js';
import { BoardToolbar } from './board-toolbar.js';
import { HaltBanner } from './halt-banner.js';
import { SelectionBar } from './selection-bar.js';

/** The board with its sprint above. */
export function BoardPage(): ReactElement {
  return (
    <>
      <SprintBar />
      <BoardToolbar />
      <TrustBanner className="mx-4 mt-2" />
      <HaltBanner />
      <Board />
      <SelectionBar />
    </>
  );
}
