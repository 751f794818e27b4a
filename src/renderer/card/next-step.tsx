import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { stepWord } from '../board/step-words.js';
import { enCard } from '../i18n/en-card.js';
import { Avatar } from '../ui/avatar.js';
import { classNames } from '../ui/class-names.js';
import { Dot } from '../ui/dot.js';
import { Time } from '../ui/time.js';

const text = enCard.overview;
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const landed: readonly string[] = ['committed', 'completed'];

/** Who acts next and why; a blocked card says what is in the way and what is needed. */
export function NextStep({ card }: { readonly card: CardView }): ReactElement {
  if (card.blocker !== null && card.status === 'blocked') return <Blocked blocker={card.blocker} />;
  const isRunning = card.status === 'running';
  const isLanded = landed.includes(card.status);
  return (
    <div
      className={classNames(
        'flex items-start gap-2.5 rounded-card border px-3 py-2',
        card.needsPerson ? 'border-you/35 bg-you/7' : 'border-line bg-raise',
      )}
    >
      {isLanded || card.owner === '' ? (
        <span className="grid size-5 place-items-center">
          <Dot tone={card.needsPerson ? 'you' : 'done'} size="medium" />
        </span>
      ) : (
        <Avatar name={card.members[card.owner] ?? card.owner} />
      )}
      <div className="min-w-0 flex-1">
        <p className={classNames('font-medium break-words', card.needsPerson && 'text-you')}>{headline(card)}</p>
        {!isLanded && (
          <p className="text-12 text-muted">{isRunning ? capital(stepWord(card.step)) : text.step(card.step.replaceAll('_', ' '))}</p>
        )}
      </div>
      {isRunning && <Dot tone="prog" isRunning />}
      <Time at={card.since} form="since" className="text-12 text-faint" />
    </div>
  );
}

function headline({ waitingFor, status, owner, needsPerson }: CardView): string {
  if (status === 'running' && !needsPerson && owner !== '') return text.atWork(owner);
  if (waitingFor !== '') return capital(waitingFor);
  if (landed.includes(status)) return text.nobodyLanded;
  if (status === 'queued') return owner === '' ? text.nobodyQueued : text.acts(owner);
  return owner === '' ? text.nobody : text.acts(owner);
}

function Blocked({ blocker }: { readonly blocker: NonNullable<CardView['blocker']> }): ReactElement {
  return (
    <div className="flex flex-col gap-2 rounded-card border border-bad/35 bg-bad/6 px-3 py-2">
      <p className="flex items-baseline gap-2">
        <span className="font-medium text-bad">{text.blockedTitle}</span>
        {blocker.byRole !== '' && <span className="text-12 text-muted">{text.blockedBy(blocker.byRole)}</span>}
        <span className="flex-1" />
        <Time at={blocker.at} className="text-12 text-muted" />
      </p>
      <p className="break-words">{blocker.reason}</p>
      {blocker.requiredInputs.length > 0 && (
        <div>
          <p className="text-12 font-medium text-muted">{text.needed}</p>
          <ul className="list-disc pl-4">
            {blocker.requiredInputs.map((input, index) => (
              <li key={index}>{input}</li>
            ))}
          </ul>
        </div>
      )}
      {blocker.logs.length > 0 && (
        <details className="text-12 text-muted">
          <summary className="cursor-pointer">{text.logs}</summary>
          {blocker.logs.map((log) => (
            <code key={log} className="block font-mono text-11 break-all">
              {log}
            </code>
          ))}
        </details>
      )}
    </div>
  );
}
