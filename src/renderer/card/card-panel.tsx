import { SearchX, TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import { enCard } from '../i18n/en-card.js';
import { en } from '../i18n/en.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Tabs } from '../ui/tabs.js';
import { useServices, useUi } from '../state/services.js';
import type { CardView } from '../../shared/contract/card-views.js';
import { TurnsTab } from '../turn/turns-tab.js';
import { CardFooter } from './card-footer.js';
import { CardHeader } from './card-header.js';
import { CardSkeleton } from './card-skeleton.js';
import { DiffTab } from './diff-tab.js';
import { HistoryTab } from './history-tab.js';
import { OverviewTab } from './overview-tab.js';
import { ReceiptTab } from './receipt-tab.js';
import { useCard } from './use-card.js';

interface CardPanelProps {
  readonly cardId: string;
  readonly onClose: () => void;
}

/** Everything about one card, beside the board. */
export function CardPanel({ cardId, onClose }: CardPanelProps): ReactElement {
  const { card, again } = useCard(cardId);
  switch (card.kind) {
    case 'loading':
      return <CardSkeleton cardId={cardId} onClose={onClose} />;
    case 'failed':
      return <NoCard isGone={card.id === 'unknown-id'} sentence={card.sentence} onAgain={again} onClose={onClose} />;
    case 'there':
      return <Loaded card={card.value} onClose={onClose} />;
  }
}

function Loaded({ card, onClose }: { readonly card: CardView; readonly onClose: () => void }): ReactElement {
  const { ui } = useServices();
  const tab = useUi((state) => state.panelTab);
  const tabs = [
    { id: 'overview', label: enCard.tabs.overview, content: <OverviewTab card={card} /> },
    { id: 'turns', label: enCard.tabs.turns, count: card.turns.length, content: <TurnsTab card={card} /> },
    { id: 'diff', label: enCard.tabs.diff, content: <DiffTab card={card} /> },
    { id: 'receipt', label: enCard.tabs.receipt, content: <ReceiptTab card={card} /> },
    { id: 'history', label: enCard.tabs.history, content: <HistoryTab card={card} /> },
  ];
  return (
    <>
      <CardHeader card={card} onClose={onClose} />
      <Tabs
        label={enCard.tabsLabel}
        tabs={tabs}
        value={tabs.some(({ id }) => id === tab) ? tab : 'overview'}
        onChange={(id) => ui.setState({ panelTab: id })}
      />
      <CardFooter card={card} />
    </>
  );
}

interface NoCardProps {
  readonly isGone: boolean;
  readonly sentence: string;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

function NoCard({ isGone, sentence, onAgain, onClose }: NoCardProps): ReactElement {
  return (
    <div className="grid flex-1 place-items-center" role="alert">
      <Empty
        icon={isGone ? SearchX : TriangleAlert}
        title={isGone ? enCard.gone : enCard.failed}
        text={isGone ? enCard.goneText : sentence}
        action={isGone ? <Button onClick={onClose}>{enCard.backToBoard}</Button> : <Button onClick={onAgain}>{en.retry}</Button>}
      />
    </div>
  );
}
