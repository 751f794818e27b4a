import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { columns } from '../../shared/domain/board.js';
import type { ColumnId } from '../../shared/domain/board.js';
import { planMove } from '../../shared/domain/card-moves.js';
import type { DialogOf } from '../app/dialog-of.js';
import { en } from '../i18n/en.js';
import { useServices, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { Dialog } from '../ui/dialog.js';
import { Dot } from '../ui/dot.js';
import { Kbd } from '../ui/kbd.js';
import { columnTones } from './column-tones.js';
import { besideCard } from './card-words.js';
import { beginMove, factsOf } from './move-flow.js';

/** The columns by number, each with what moving there would mean, or why it may not be. */
export function MoveToDialog({ dialog: { cardId }, onClose }: DialogOf<'move-to'>): ReactElement | null {
  const services = useServices();
  const card = useView((view) => view.cards.get(cardId));
  const [refused, setRefused] = useState<ColumnId | null>(null);
  if (card === undefined) return null;
  const choose = (to: ColumnId): void => {
    if (to === card.column) return;
    const plan = planMove(factsOf(card), to);
    if (!plan.ok) {
      setRefused(to);
      services.ui.setState({ announcement: plan.error.message });
      return;
    }
    onClose();
    beginMove(services, card, to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = columns[Number(event.key) - 1];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  };
  return (
    <Dialog title={en.move.title(card.title)} description={en.move.hint} width="small" onClose={onClose}>
      <ul className="flex flex-col gap-0.5" onKeyDown={onKeyDown}>
        {columns.map((to, index) => {
          const plan = planMove(factsOf(card), to);
          const isHere = to === card.column;
          const text = isHere ? en.drag.here : plan.ok ? plan.value.label : besideCard(plan.error.message, card);
          return (
            <li key={to}>
              <button
                type="button"
                {...(index === 0 ? { 'data-first-focus': '' } : {})}
                aria-disabled={!plan.ok}
                onClick={() => choose(to)}
                className={classNames(
                  'flex w-full items-start gap-2 rounded-control px-2 py-1.5 text-left',
                  plan.ok ? 'hover:bg-hover' : 'cursor-default',
                  refused === to && 'bg-bad/10',
                )}
              >
                <Kbd keys={String(index + 1)} />
                <span className="mt-1.5 flex">
                  <Dot tone={columnTones[to]} size="medium" />
                </span>
                <span className="min-w-0 flex-1">
                  <span className={classNames('block text-12 font-semibold', plan.ok ? 'text-ink' : 'text-faint')}>{en.columns[to]}</span>
                  <span className={classNames('block text-12', plan.ok ? 'text-muted' : refused === to ? 'text-bad' : 'text-faint')}>
                    {text}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
