import { Check, Copy, Ellipsis, PanelRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { isVerdictMove } from '../../shared/contract/rights.js';
import { columns } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import { maySession } from '../app/may-do.js';
import { toggleSelected } from '../app/page-actions.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { Menu } from '../ui/menu.js';
import type { MenuGroup } from '../ui/menu.js';
import { actionItems } from './card-actions.js';
import { besideCard } from './card-words.js';
import { beginMove, factsOf } from './move-flow.js';

/** The card's button for everything that can be done with it; what is refused says why. */
export function CardMenu({ card }: { readonly card: BoardCardView }): ReactElement {
  return (
    <div
      className="absolute top-1 right-1 opacity-0 transition-opacity group-hover:opacity-100 group-focus-within:opacity-100 has-[[data-state=open]]:opacity-100"
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <LazyMenu card={card} />
    </div>
  );
}

function LazyMenu({ card }: { readonly card: BoardCardView }): ReactElement {
  const services = useServices();
  const isSelected = useUi((ui) => ui.selected.has(card.id));
  const me = useView((view) => view.me);
  const refusalOf = (plan: ReturnType<typeof planMove>): string => {
    if (!plan.ok) return besideCard(plan.error.message, card);
    const may = maySession(me, 'cards.move') && (me?.role !== 'reviewer' || isVerdictMove(plan.value.steps));
    return may ? '' : en.card.notAllowed;
  };
  const others = actionItems(services, card).filter(({ method }) => maySession(me, method));
  const groups: MenuGroup[] = [
    {
      items: [
        {
          id: 'open',
          label: en.card.open,
          icon: PanelRight,
          keys: 'Enter',
          onSelect: () => services.ui.setState({ cursorId: card.id, openCardId: card.id }),
        },
        {
          id: 'select',
          label: isSelected ? en.card.deselect : en.card.select,
          icon: Check,
          keys: 'X',
          onSelect: () => toggleSelected(services, card.id),
        },
        { id: 'copy', label: en.card.copyId, icon: Copy, onSelect: () => void navigator.clipboard.writeText(card.id) },
      ],
    },
    {
      title: en.card.moveTo,
      items: columns
        .filter((to) => to !== card.column)
        .map((to) => {
          const plan = planMove(factsOf(card), to);
          return {
            id: to,
            label: plan.ok ? `${en.columns[to]}: ${plan.value.label}` : en.columns[to],
            keys: `M ${columns.indexOf(to) + 1}`,
            refusal: refusalOf(plan),
            onSelect: () => beginMove(services, card, to),
          };
        }),
    },
    ...(others.length > 0 ? [{ items: others }] : []),
  ];
  return (
    <Menu groups={groups} align="end">
      <button
        type="button"
        tabIndex={-1}
        aria-label={en.card.actions(card.title)}
        className="grid size-6 place-items-center rounded-control bg-surface text-muted hover:bg-hover hover:text-ink"
      >
        <Ellipsis size={15} aria-hidden="true" />
      </button>
    </Menu>
  );
}
