import { Circle, CircleCheck, CircleDashed } from 'lucide-react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { Prose } from '../ui/prose.js';
import { Section } from '../ui/section.js';
import { CardFacts } from './card-facts.js';
import { CardLink } from './card-link.js';
import { CardMembers } from './card-members.js';
import { LimitBars } from './limit-bars.js';
import { NextStep } from './next-step.js';
import { ReportList } from './report-list.js';
import { RevisionList } from './revision-list.js';

const text = enCard.overview;

/** What the card is for, who acts next and why, and what was made of it so far. */
export function OverviewTab({ card }: { readonly card: CardView }): ReactElement {
  return (
    <div className="flex flex-col gap-5 px-4 py-3">
      <NextStep card={card} />
      <Section title={text.what}>
        {card.summary === '' ? <p className="text-muted">{text.noSummary}</p> : <Prose text={card.summary} />}
        {card.scope !== '' && (
          <p className="flex gap-2 text-12 text-muted">
            <span>{text.scope}</span>
            <code className="min-w-0 font-mono text-12 break-words text-ink">{card.scope}</code>
          </p>
        )}
      </Section>
      <Section title={text.criteria}>
        <Criteria criteria={card.acceptanceCriteria} />
      </Section>
      {card.dependsOn.length > 0 && <Dependencies dependsOn={card.dependsOn} />}
      <ReportList reports={card.reports} />
      <RevisionList card={card} />
      <CardMembers card={card} />
      <LimitBars limits={card.limits} />
      <CardFacts card={card} />
    </div>
  );
}

function Criteria({ criteria }: { readonly criteria: readonly string[] }): ReactElement {
  if (criteria.length === 0) return <p className="text-muted">{text.noCriteria}</p>;
  return (
    <ul className="flex flex-col gap-1">
      {criteria.map((criterion, index) => (
        <li key={index} className="flex gap-2">
          <Circle size={13} strokeWidth={1.75} aria-hidden="true" className="mt-[3.5px] shrink-0 text-faint" />
          <span className="min-w-0 break-words">{criterion}</span>
        </li>
      ))}
    </ul>
  );
}

function Dependencies({ dependsOn }: { readonly dependsOn: CardView['dependsOn'] }): ReactElement {
  return (
    <Section title={text.dependencies}>
      <ul className="flex flex-col gap-1">
        {dependsOn.map(({ id, title, isDone }) => {
          const Icon = isDone ? CircleCheck : CircleDashed;
          return (
            <li key={id} className="flex items-center gap-2">
              <Icon size={14} aria-hidden="true" className={isDone ? 'shrink-0 text-done' : 'shrink-0 text-you'} />
              <CardLink cardId={id} title={title} />
              <span className="text-12 text-muted">{isDone ? text.done : text.open}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
