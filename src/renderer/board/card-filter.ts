import type { BoardCardView } from '../../shared/contract/board-views.js';

/** Kinds of cards that can be shown alone; several together show what is any of them. */
export const filterIds = ['needs_you', 'needs_fix', 'blocked', 'running', 'not_verified'] as const;

export type FilterId = (typeof filterIds)[number];

/** What cards of a column can stand together by. */
export const groupings = ['none', 'owner', 'state'] as const;

export type GroupBy = (typeof groupings)[number];

const tests: Readonly<Record<FilterId, (card: BoardCardView) => boolean>> = {
  needs_you: (card) => card.needsPerson,
  needs_fix: (card) => card.badges.includes('needs_fix'),
  blocked: (card) => ['blocked', 'uncommitted', 'failed', 'paused'].includes(card.status),
  running: (card) => card.status === 'running',
  not_verified: (card) => card.receiptBadge === 'with_gaps' || card.receiptBadge === 'not_verified',
};

/** What the reader wants to see. An empty one lets every card through. */
export interface CardQuery {
  readonly search: string;
  readonly filters: readonly FilterId[];
  /** Only what this role has in hand; empty for all. */
  readonly role: string;
}

export const isEmptyQuery = ({ search, filters, role }: CardQuery): boolean => search.trim() === '' && filters.length === 0 && role === '';

/** Whether a card is what the reader wants to see: every word of the search is in its id, title, owner or badges. */
export function matches(card: BoardCardView, { search, filters, role }: CardQuery): boolean {
  if (filters.length > 0 && !filters.some((filter) => tests[filter](card))) return false;
  if (role !== '' && card.owner !== role) return false;
  const text = `${card.id} ${card.title} ${card.owner} ${card.badges.join(' ').replaceAll('_', ' ')}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The states by which cards can be grouped, in the order in which they stand. */
export const stateGroups = ['person', 'running', 'waiting', 'landed'] as const;

/** The name of the group that a card is in; empty without grouping. */
export function groupOf(card: BoardCardView, by: GroupBy): string {
  if (by === 'none') return '';
  if (by === 'owner') return card.owner;
  if (card.needsPerson) return 'person';
  if (card.status === 'running') return 'running';
  return card.status === 'committed' || card.status === 'completed' ? 'landed' : 'waiting';
}
