import type { ReactElement } from 'react';
import type { SprintHeadView } from '../../shared/contract/board-views.js';
import { columns } from '../../shared/domain/board.js';
import { columnTones } from '../board/column-tones.js';
import { en } from '../i18n/en.js';
import { toneFill } from '../ui/tone.js';
import { Tip } from '../ui/tip.js';

/** Landed work first, what did not start is left empty. */
const order = [...columns].reverse();

/** How much of the sprint stands in which column. */
export function SprintProgress({ sprint: { tally } }: { readonly sprint: SprintHeadView }): ReactElement | null {
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const landed = (tally['done'] ?? 0) + (tally['approved'] ?? 0) + (tally['completed'] ?? 0) + (tally['committed'] ?? 0);
  const parts = columns.map((column) => `${en.columns[column]} ${tally[column] ?? 0}`).join(', ');
  return (
    <div className="ml-3 flex shrink-0 items-center gap-2 @max-[780px]:hidden">
      <Tip text={en.sprint.progress(parts)}>
        <div role="img" aria-label={en.sprint.progress(parts)} className="flex h-1.5 w-36 gap-0.5 overflow-hidden rounded-full bg-line">
          {order.map((column) => {
            const count = tally[column] ?? 0;
            if (count === 0 || column === 'todo') return null;
            return <span key={column} className={toneFill[columnTones[column]]} style={{ width: `${(count / total) * 100}%` }} />;
          })}
        </div>
      </Tip>
      <span className="text-12 whitespace-nowrap text-muted">
        <b className="font-semibold text-ink">{landed}</b> {en.sprint.ofLanded(total)}
      </span>
    </div>
  );
}
