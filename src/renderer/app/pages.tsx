import type { ComponentType } from 'react';
import { BacklogPage } from '../backlog/backlog-page.js';
import { BoardPage } from '../board/board-page.js';
import { InsightsPage } from '../insights/insights-page.js';
import { NeedsYouPage } from '../needs-you/needs-you-page.js';
import { RequestsPage } from '../requests/requests-page.js';
import { RosterPage } from '../roster/roster-page.js';
import { SprintsPage } from '../sprint/sprints-page.js';
import type { PageId } from './route.js';

/** The page of every place. */
export const pages: Readonly<Record<PageId, ComponentType>> = {
  'needs-you': NeedsYouPage,
  board: BoardPage,
  backlog: BacklogPage,
  requests: RequestsPage,
  roster: RosterPage,
  sprints: SprintsPage,
  insights: InsightsPage,
};
