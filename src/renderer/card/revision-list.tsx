import type { ReactElement } from 'react';
import type { CardView, RevisionView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { Badge } from '../ui/badge.js';
import { CopyButton } from '../ui/copy-button.js';
import { Section } from '../ui/section.js';
import { receiptTone } from './receipt-words.js';

const text = enCard.overview;

/** The revisions of the card, newest first, with what was asked and what became of them. */
export function RevisionList({ card }: { readonly card: CardView }): ReactElement {
  return (
    <Section title={text.revisions}>
      <ol className="flex flex-col divide-y divide-line rounded-card border border-line">
        {card.revisions.toReversed().map((revision) => (
          <Line key={revision.number} revision={revision} />
        ))}
      </ol>
    </Section>
  );
}

function Line({ revision }: { readonly revision: RevisionView }): ReactElement {
  const { number, commit, receipt, request, closeout, revert } = revision;
  const waiting = revert ?? closeout;
  return (
    <li className="flex flex-col gap-0.5 px-3 py-1.5">
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium capitalize">{enCard.revision(number)}</span>
        {commit === '' ? (
          <span className="text-12 text-muted">{text.noCommit}</span>
        ) : (
          <CopyButton text={commit} what="commit" shown={commit.slice(0, 8)} />
        )}
        <span className="flex-1" />
        {receipt !== null && <Badge tone={receiptTone[receipt.badge]}>{enCard.receiptBadge[receipt.badge].toLowerCase()}</Badge>}
        {revert !== null && revert.revertedAt !== null && <Badge tone="bad">{text.reverted}</Badge>}
        {revision.isReviewOpen && <Badge tone="accent">{text.reviewOpen}</Badge>}
        {revision.isApproved ? <Badge tone="appr">{text.approved}</Badge> : revision.isIntegrated && <Badge>{text.integrated}</Badge>}
      </div>
      {request !== '' && <p className="text-12 break-words whitespace-pre-line text-muted">“{request}”</p>}
      {revert !== null && <p className="text-12 break-words text-muted">{text.revertBy(revert.by.name, revert.comment)}</p>}
      {waiting !== null && waiting.waiting !== '' && (
        <p className="text-12 break-words text-you">
          {waiting.waiting} {waiting.files.join(', ')}
        </p>
      )}
    </li>
  );
}
