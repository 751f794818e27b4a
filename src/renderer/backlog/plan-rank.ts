import type { BacklogItemView } from '../../shared/contract/views.js';

/** A rank to be given to an item. */
export interface RankChange {
  readonly id: string;
  readonly rank: number;
}

type Ranked = Pick<BacklogItemView, 'id' | 'priorityRank' | 'reworkOf'>;

/** More changes than these for one move are refused. */
export const mostRankChanges = 100;

/**
 * The fewest ranks that put the item at `from` in the place `to` of a list in the order of work: those before it need lower ones,
 * those after it with the same or a lower one move up. `rework` where it would cross the line between rework and the rest, which no
 * rank can; `too-many` where more than a hundred items would change.
 */
export function planRank(items: readonly Ranked[], from: number, to: number): readonly RankChange[] | 'rework' | 'too-many' {
  const moved = items[from];
  const target = items[to];
  if (moved === undefined || target === undefined || from === to) return [];
  if ((moved.reworkOf === '') !== (target.reworkOf === '')) return 'rework';
  const next = items.toSpliced(from, 1).toSpliced(to, 0, moved);
  const changes: RankChange[] = [];
  let last = 0;
  for (const [index, item] of next.entries()) {
    // Rework has an order of its own.
    if ((item.reworkOf === '') !== (moved.reworkOf === '')) continue;
    const isBefore = index <= to;
    if (!isBefore && (item.priorityRank === 0 || item.priorityRank > last)) break;
    const keeps = item.id !== moved.id && item.priorityRank > last;
    const rank = keeps ? item.priorityRank : last + 1;
    if (rank !== item.priorityRank) changes.push({ id: item.id, rank });
    last = rank;
    if (changes.length > mostRankChanges) return 'too-many';
  }
  return changes;
}
