import { Ban } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ColumnId } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { factsOf } from './move-flow.js';

/** While a card is in the hand: what a drop in this column would mean, or why it may not be. */
export function DropHint({ column, isOver }: { readonly column: ColumnId; readonly isOver: boolean }): ReactElement | null {
  const id = useUi((ui) => ui.dragging);
  const card = useView((view) => (id === null ? undefined : view.cards.get(id)));
  if (card === undefined || card.column === column) return null;
  const plan = planMove(factsOf(card), column);
  return (
    <div
      aria-hidden="true"
      data-drop={plan.ok ? 'allowed' : 'refused'}
      className={classNames(
        'appearing pointer-events-none absolute inset-x-1 top-8 bottom-2 z-10 flex flex-col items-center rounded-card border border-dashed px-3 pt-6 text-center text-12',
        plan.ok ? 'border-accent bg-accent-soft/80 font-medium text-accent' : 'border-line-strong bg-bg/85 text-muted',
        plan.ok && isOver && 'border-solid bg-accent-soft',
        !plan.ok && isOver && 'border-bad text-bad',
      )}
    >
      {!plan.ok && <Ban size={14} className="mb-1" />}
      {plan.ok ? plan.value.label : plan.error.message}
    </div>
  );
}
