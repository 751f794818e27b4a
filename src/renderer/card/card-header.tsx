import { ChevronDown, ChevronUp, Maximize2, Minimize2, X } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { badgeTone, badgeWord, shortId } from '../board/card-words.js';
import { enCard } from '../i18n/en-card.js';
import { useServices, useUi, useView } from '../state/services.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';
import { CopyButton } from '../ui/copy-button.js';
import { IconButton } from '../ui/icon-button.js';
import { neighboursOf } from './neighbours.js';

const columnTones: Readonly<Record<CardView['column'], Tone>> = {
  todo: 'todo',
  in_progress: 'prog',
  review: 'rev',
  done: 'done',
  approved: 'appr',
};

const wideWidth = 960;
const usualWidth = 440;

/** Which card this is, where it stands, and the way to its neighbours. */
export function CardHeader({ card, onClose }: { readonly card: CardView; readonly onClose: () => void }): ReactElement {
  const badges = card.badges.filter((badge) => !['verified', 'with_gaps', 'not_verified'].includes(badge));
  return (
    <header className="flex flex-col px-4 pt-2.5 pb-2">
      <div className="flex items-center gap-1.5">
        <span className="-ml-1 min-w-0">
          <CopyButton text={card.id} what="id" shown={shortId(card.id)} />
        </span>
        <Badge tone={columnTones[card.column]}>{enCard.columns[card.column]}</Badge>
        {badges.map((badge) => (
          <Badge key={badge} tone={badgeTone(badge)} reason={card.badgeReasons[badge] ?? ''}>
            {badgeWord(badge)}
          </Badge>
        ))}
        <span className="flex-1" />
        <HeaderButtons cardId={card.id} onClose={onClose} />
      </div>
      <h2 className="pt-0.5 text-16 leading-[22px] font-semibold break-words">{card.title}</h2>
    </header>
  );
}

function HeaderButtons({ cardId, onClose }: { readonly cardId: string; readonly onClose: () => void }): ReactElement {
  const { ui } = useServices();
  const columns = useView((view) => view.columns);
  const width = useUi((state) => state.panelWidth);
  const { previous, next } = useMemo(() => neighboursOf(columns, cardId), [columns, cardId]);
  const isWide = width >= wideWidth * 0.9;
  const open = (id: string | null): void => {
    if (id !== null) ui.setState({ openCardId: id, cursorId: id });
  };
  return (
    <div className="-mr-1.5 flex shrink-0">
      <IconButton icon={ChevronUp} label={enCard.previous} disabled={previous === null} onClick={() => open(previous)} />
      <IconButton icon={ChevronDown} label={enCard.next} disabled={next === null} onClick={() => open(next)} />
      <IconButton
        icon={isWide ? Minimize2 : Maximize2}
        label={isWide ? enCard.narrow : enCard.wide}
        className="max-[1100px]:hidden"
        onClick={() => ui.setState({ panelWidth: isWide ? usualWidth : wideWidth })}
      />
      <IconButton icon={X} label={enCard.close} keys="Esc" onClick={onClose} />
    </div>
  );
}
