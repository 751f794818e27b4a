import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ColumnId } from '../../shared/domain/board.js';
import type { PageId } from '../app/route.js';
import type { FilterId, GroupBy } from '../board/card-filter.js';
import { readKept } from './kept-settings.js';
import type { Drawer } from './kept-settings.js';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

/** A dialog that is open; one at a time. */
export type OpenDialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'trust' }
  | { readonly kind: 'workspaces' }
  | { readonly kind: 'new-request' }
  | { readonly kind: 'backlog-item'; readonly id: string | null }
  | { readonly kind: 'drop-backlog-item'; readonly id: string }
  | { readonly kind: 'start-sprint' }
  | { readonly kind: 'stop-sprint' }
  | { readonly kind: 'stop-all' }
  | { readonly kind: 'move-to'; readonly cardId: string }
  | { readonly kind: 'move-comment'; readonly cardId: string; readonly to: ColumnId }
  | { readonly kind: 'move-confirm'; readonly cardId: string; readonly to: ColumnId }
  | { readonly kind: 'answer'; readonly cardId: string }
  | { readonly kind: 'bulk-cancel' };

/** A command on a card that was sent and whose change has not arrived. */
export interface PendingMove {
  readonly label: string;
  /** From when on the change is in the views; 0 until the command was accepted. */
  readonly seq: number;
}

/** A command that can be taken back with another one. */
export interface UndoStep {
  readonly cardId: string;
  readonly label: string;
  readonly run: () => Promise<void>;
}

/** What is mine on this page; nobody else sees it. The kept part outlives a reload. */
export interface UiState {
  readonly theme: Theme;
  readonly density: Density;
  readonly groupBy: GroupBy;
  readonly filters: readonly FilterId[];
  readonly roleFilter: string;
  readonly search: string;
  readonly singleKeys: boolean;
  readonly isSidebarOpen: boolean;
  readonly panelWidth: number;
  readonly panelTab: string;
  readonly page: PageId;
  /** The thing that is chosen on a page that shows one beside the list: a request, a sprint. */
  readonly chosen: Readonly<Partial<Record<PageId, string>>>;
  /** The card whose panel is open; null when it is closed. */
  readonly openCardId: string | null;
  /** The card that the keys act on. */
  readonly cursorId: string | null;
  readonly selected: ReadonlySet<string>;
  readonly dialog: OpenDialog | null;
  readonly dragging: string | null;
  readonly pending: Readonly<Record<string, PendingMove>>;
  /** Why the last thing asked of a card was refused, beside the card until it is dismissed or changes. */
  readonly refusals: Readonly<Record<string, string>>;
  readonly undo: readonly UndoStep[];
  /** Asks an open panel for the previous or next file or turn; `count` grows with each press. */
  readonly panelStep: { readonly by: 1 | -1; readonly count: number };
  /** What a screen reader says next. */
  readonly announcement: string;
}

export type UiStore = StoreApi<UiState>;

/** What is mine on this page, with what was kept of the last visit. */
export const createUiStore = (drawer: Drawer): UiStore =>
  createStore<UiState>(() => ({
    ...readKept(drawer),
    search: '',
    page: 'board',
    chosen: {},
    openCardId: null,
    selected: new Set(),
    dialog: null,
    dragging: null,
    pending: {},
    refusals: {},
    undo: [],
    panelStep: { by: 1, count: 0 },
    announcement: '',
  }));
