import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { MeView, VersionView, WorkspacesView } from '../../shared/contract/host-views.js';
import type { LiveActivity, RunningTurnView } from '../../shared/contract/live-events.js';
import type { BoardCardView, ProblemView, SprintHeadView } from '../../shared/contract/board-views.js';
import type { BacklogItemView, RequestHeadView, RoleStatusView, SpendView } from '../../shared/contract/views.js';
import type { ConnectionState } from '../connection/connection-state.js';
import { emptyColumns } from './card-order.js';
import type { Cards, Columns } from './card-order.js';

/** Something that happened, in a sentence. */
export interface FeedLine {
  readonly seq: number;
  readonly at: string;
  readonly text: string;
  readonly subjectId: string;
}

/** What of the workspace is not in any other view. */
export interface WorkspaceFacts {
  readonly workspace: string;
  readonly project: string;
  readonly isTrusted: boolean;
  readonly untrustedChanges: readonly string[];
  /** Why the journal takes no writes; empty when it does. */
  readonly writeProblem: string;
}

/**
 * What the runtime told, and nothing else: written by the subscription alone. The maps are changed in place, so that one change costs
 * one change; what is in them is replaced, never changed. `version` counts every write.
 */
export interface ViewState {
  readonly version: number;
  readonly connection: ConnectionState;
  /** Whether views were loaded since the page opened. */
  readonly isLoaded: boolean;
  readonly me: MeView | null;
  readonly server: VersionView | null;
  readonly workspaces: WorkspacesView | null;
  readonly facts: WorkspaceFacts | null;
  readonly cards: Cards;
  readonly columns: Columns;
  /** Ids of cards that go on only when a person does something, in the order in which they came to it. */
  readonly needsYou: readonly string[];
  readonly sprint: SprintHeadView | null;
  /** All sprints, newest first. */
  readonly sprints: readonly SprintHeadView[];
  readonly halt: { readonly reason: string; readonly at: string } | null;
  readonly problems: readonly ProblemView[];
  readonly roles: readonly RoleStatusView[];
  readonly backlog: ReadonlyMap<string, BacklogItemView>;
  readonly requests: ReadonlyMap<string, RequestHeadView>;
  readonly turns: readonly RunningTurnView[];
  readonly spend: SpendView | null;
  /** The last thing that a running turn said or did, by what it works on; at most two a second reach the page. */
  readonly activity: ReadonlyMap<string, LiveActivity>;
  /** When (`seq`) a thing was changed last, by its id: whoever shows its details asks for them again. */
  readonly touched: ReadonlyMap<string, number>;
  /** The newest sentences, oldest first. */
  readonly feed: readonly FeedLine[];
  /** The last change that is in this state. */
  readonly seq: number;
}

export type ViewStore = StoreApi<ViewState>;

export const emptyView = (): ViewState => ({
  version: 0,
  connection: { kind: 'connecting' },
  isLoaded: false,
  me: null,
  server: null,
  workspaces: null,
  facts: null,
  cards: new Map<string, BoardCardView>(),
  columns: emptyColumns,
  needsYou: [],
  sprint: null,
  sprints: [],
  halt: null,
  problems: [],
  roles: [],
  backlog: new Map(),
  requests: new Map(),
  turns: [],
  spend: null,
  activity: new Map(),
  touched: new Map(),
  feed: [],
  seq: 0,
});

/** An empty cache of what the runtime tells. */
export const createViewStore = (): ViewStore => createStore<ViewState>(emptyView);
