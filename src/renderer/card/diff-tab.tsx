import { FileDiff, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { en } from '../i18n/en.js';
import { useAsked } from '../state/use-record.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Skeleton } from '../ui/skeleton.js';
import { DiffFiles } from './diff-files.js';
import { ReceiptSummary } from './receipt-summary.js';
import { RevisionPicker } from './revision-picker.js';

const text = enCard.diff;

/** What a revision changes, under what the program found about it. */
export function DiffTab({ card }: { readonly card: CardView }): ReactElement {
  const [chosen, setChosen] = useState<number | null>(null);
  const revision = chosen ?? card.revision;
  const shown = card.revisions.find(({ number }) => number === revision);
  // A commit never changes; without one, each turn's end brings another checkpoint.
  const state = shown?.commit || `${card.step} ${card.turns.length}`;
  const { asked, again } = useAsked(`${card.id} ${revision} ${state}`, (client) => client.cards.diff({ todoId: card.id, revision }));
  const picker = (
    <RevisionPicker label={text.of} revisions={card.revisions.map(({ number }) => number)} value={revision} onChange={setChosen} />
  );
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      {shown?.receipt && <ReceiptSummary receipt={shown.receipt} />}
      {asked.kind === 'loading' && <DiffSkeleton />}
      {asked.kind === 'failed' && (
        <>
          {picker}
          <Empty icon={TriangleAlert} title={text.failed} text={asked.sentence} action={<Button onClick={again}>{en.retry}</Button>} />
        </>
      )}
      {asked.kind === 'there' &&
        (asked.value.files.length === 0 ? (
          <>
            {card.revisions.length > 1 && picker}
            <Empty icon={FileDiff} title={text.nothing} text={text.nothingText} />
          </>
        ) : (
          <DiffFiles key={`${revision} ${asked.value.head}`} card={card} diff={asked.value} picker={picker} />
        ))}
    </div>
  );
}

function DiffSkeleton(): ReactElement {
  return (
    <div aria-busy="true" className="flex flex-col gap-3">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-40 w-full rounded-card" />
      <Skeleton className="h-24 w-full rounded-card" />
    </div>
  );
}
