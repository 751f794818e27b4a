import { ArrowDownToLine, Ban } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ColumnId } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { besideCard } from './card-words.js';
import { factsOf } from './move-flow.js';

interface DropHintProps {
  readonly column: ColumnId;
  readonly isOver: boolean;
}

/** While a card is in the hand: what a drop in this column would mean, or why it may not be. Assistive technology hears it announced. */
export function DropHint({ column, isOver }: DropHintProps): ReactElement | null {
  const id = useUi((ui) => ui.dragging);
  const card = useView((view) => (id === null ? undefined : view.cards.get(id)));
  if (card === undefined || card.column === column) return null;
  const plan = planMove(factsOf(card), column);
  const Icon = plan.ok ? ArrowDownToLine : Ban;
  return (
    <div
      aria-hidden="true"
      data-drop={plan.ok ? 'allowed' : 'refused'}
      className={classNames(
        'appearing pointer-events-none absolute inset-x-1 top-8 bottom-2 z-10 rounded-card border p-1 transition-colors',
        plan.ok && (isOver ? 'border-accent bg-accent/12' : 'border-dashed border-accent/60 bg-bg/30'),
        !plan.ok && (isOver ? 'border-bad/60 bg-bg/75' : 'border-transparent bg-bg/75'),
      )}
    >
      <div
        className={classNames(
          'flex items-start gap-2 rounded-control px-2.5 py-2 text-12 shadow-card transition-colors',
          plan.ok && (isOver ? 'bg-accent font-semibold text-on-accent' : 'bg-accent-soft font-medium text-accent'),
          !plan.ok && 'bg-surface',
          !plan.ok && (isOver ? 'text-bad' : 'text-muted'),
        )}
      >
        <Icon size={14} className="mt-px shrink-0" />
        {plan.ok ? plan.value.label : besideCard(plan.error.message, card)}
      </div>
    </div>
  );
}
