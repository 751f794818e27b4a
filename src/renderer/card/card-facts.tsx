import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { compactNumber } from '../ui/compact-number.js';
import { CopyButton } from '../ui/copy-button.js';
import { Facts } from '../ui/facts.js';
import { Section } from '../ui/section.js';
import { Time } from '../ui/time.js';

const text = enCard.overview;

/** Where the card comes from, and what it has cost. */
export function CardFacts({ card }: { readonly card: CardView }): ReactElement {
  const branch = card.revisions.at(-1)?.branch ?? '';
  const spent = `${text.turnsSpent(card.turnsSpent)} · ${text.tokens(compactNumber(card.tokensSpent))}`;
  return (
    <Section title={text.facts}>
      <Facts
        facts={[
          [text.spent, spent],
          [text.sprint, card.sprintId === '' ? null : card.sprintId],
          [text.backlogItem, card.backlogId === '' ? null : <CopyButton key="item" text={card.backlogId} what="id" />],
          [text.branch, branch === '' ? null : <CopyButton key="branch" text={branch} what="branch" />],
          [text.created, <Time key="made" at={card.createdAt} />],
        ]}
      />
    </Section>
  );
}
