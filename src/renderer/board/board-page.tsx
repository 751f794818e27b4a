import type { ReactElement } from 'react';
import { SprintBar } from '../app/sprint-bar.js';
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
      <HaltBanner />
      <Board />
      <SelectionBar />
    </>
  );
}
