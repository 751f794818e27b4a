import { Bot } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { usePanelStep } from '../card/use-panel-step.js';
import { enCard } from '../i18n/en-card.js';
import { Empty } from '../ui/empty.js';
import { TurnRow } from './turn-row.js';

/** Every run of a role on the card, newest first; the running one is open. */
export function TurnsTab({ card }: { readonly card: CardView }): ReactElement {
  const newest = card.turns.toReversed();
  const running = newest.find(({ status }) => status === 'running');
  const list = useRef<HTMLOListElement>(null);
  usePanelStep(list);
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({});
  if (newest.length === 0) return <Empty icon={Bot} title={enCard.turn.none} text={enCard.turn.noneText} />;
  return (
    <ol ref={list} className="flex flex-col gap-2 px-4 py-3">
      {newest.map((turn) => {
        const isOpen = toggled[turn.id] ?? turn === running;
        return (
          <TurnRow
            key={turn.id}
            turn={turn}
            report={card.reports.find(({ turnId }) => turnId === turn.id) ?? null}
            subjectId={card.id}
            isOpen={isOpen}
            onToggle={() => setToggled((before) => ({ ...before, [turn.id]: !isOpen }))}
          />
        );
      })}
    </ol>
  );
}
