import { CircleCheck } from 'lucide-react';
import type { ReactElement } from 'react';
import { cardAttribute } from '../app/focus-card.js';
import { PageHeader } from '../app/page-header.js';
import { CardFace } from '../board/card-face.js';
import { CardRefusal } from '../board/card-refusal.js';
import { columnTones } from '../board/column-tones.js';
import { en } from '../i18n/en.js';
import { useServices, useUi, useView } from '../state/services.js';
import { classNames } from '../ui/class-names.js';
import { Dot } from '../ui/dot.js';
import { Empty } from '../ui/empty.js';
import { NeedsYouButtons } from './needs-you-buttons.js';

/** One queue of everything that waits for a person, the oldest first. */
export function NeedsYouPage(): ReactElement {
  const ids = useView((view) => view.needsYou);
  return (
    <>
      <PageHeader title={en.pages['needs-you']} text={en.needsYou.text(ids.length)} />
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        {ids.length === 0 ? (
          <Empty icon={CircleCheck} title={en.needsYou.none} text={en.needsYou.noneText} />
        ) : (
          <ul className="mx-auto flex max-w-3xl flex-col gap-2">
            {ids.map((id) => (
              <li key={id}>
                <Waiting id={id} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function Waiting({ id }: { readonly id: string }): ReactElement | null {
  const { ui } = useServices();
  const card = useView((view) => view.cards.get(id));
  const isOpen = useUi((state) => state.openCardId === id);
  if (card === undefined) return null;
  return (
    <article
      {...{ [cardAttribute]: id }}
      tabIndex={0}
      aria-label={card.title}
      aria-current={isOpen || undefined}
      onClick={() => ui.setState({ cursorId: id, openCardId: id })}
      onFocus={() => ui.setState({ cursorId: id })}
      className={classNames(
        'flex items-center gap-4 rounded-card bg-surface px-3 py-2.5 shadow-card outline-none focus-visible:shadow-[0_0_0_2px_var(--accent)]',
        isOpen && 'shadow-[0_0_0_2px_var(--accent)]',
      )}
    >
      <div className="min-w-0 flex-1">
        <CardFace card={card} hasButtons={false} />
        <CardRefusal id={id} />
      </div>
      <span className="flex w-28 shrink-0 items-center gap-1.5 text-11 font-semibold tracking-[0.04em] text-muted max-[1000px]:hidden">
        <Dot tone={columnTones[card.column]} size="medium" />
        {en.columns[card.column]}
      </span>
      <NeedsYouButtons card={card} />
    </article>
  );
}
