import type { ReactElement } from 'react';
import type { ColumnId } from '../../shared/domain/board.js';
import { Skeleton } from '../ui/skeleton.js';

const counts: Readonly<Record<ColumnId, number>> = { todo: 3, in_progress: 2, review: 1, done: 2, approved: 3 };

/** Cards that are still on their way, in their geometry. */
export function CardSkeletons({ column }: { readonly column: ColumnId }): ReactElement {
  return (
    <div className="flex flex-col gap-2 pt-px">
      {Array.from({ length: counts[column] }, (_, index) => (
        <Skeleton key={index} className="h-[84px] rounded-card" />
      ))}
    </div>
  );
}
