import { ChevronUp } from 'lucide-react';
import type { ReactElement } from 'react';
import type { RunningTurnView } from '../../shared/contract/live-events.js';
import { shortId } from '../board/card-words.js';
import { stepWord } from '../board/step-words.js';
import { en } from '../i18n/en.js';
import { useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { Popover } from '../ui/popover.js';
import { Time } from '../ui/time.js';
import { routeText } from './route.js';

/** The running turns in the strip, and what each does. */
export function TurnList(): ReactElement {
  const turns = useView((view) => view.turns);
  if (turns.length === 0) return <span>{en.strip.noTurns}</span>;
  return (
    <Popover
      label={en.strip.turnsTitle}
      side="top"
      trigger={
        <button type="button" className="inline-flex items-center gap-1 rounded-control hover:text-ink">
          <span className="breathing size-1.5 rounded-full bg-prog" aria-hidden="true" />
          {en.strip.turns(turns.length)}
          <ChevronUp size={12} aria-hidden="true" />
        </button>
      }
    >
      <h2 className="border-b border-line px-3 py-2 text-12 font-medium text-muted">{en.strip.turnsTitle}</h2>
      <ul className="divide-y divide-line">
        {turns.map((turn) => (
          <TurnLine key={turn.id} turn={turn} />
        ))}
      </ul>
    </Popover>
  );
}

function TurnLine({ turn: { member, step, subjectId, startedAt } }: { readonly turn: RunningTurnView }): ReactElement {
  const title = useView((view) => view.cards.get(subjectId)?.title ?? '');
  const last = useView((view) => view.activity.get(subjectId)?.text ?? '');
  const body = (
    <>
      <span className="flex items-center gap-2">
        <Avatar name={member} size="small" />
        <span className="font-medium">{member}</span>
        <span className="shorten min-w-0 flex-1 text-muted">
          {stepWord(step)} {title === '' ? subjectId : `${shortId(subjectId)} ${title}`}
        </span>
        {startedAt !== null && <Time at={startedAt} form="since" className="text-12 text-faint" />}
      </span>
      {last !== '' && <span className="shorten pl-6 font-mono text-11 text-faint">{last}</span>}
    </>
  );
  const className = 'flex flex-col gap-0.5 px-3 py-2 text-13';
  return (
    <li>
      {title === '' ? (
        <span className={className}>{body}</span>
      ) : (
        <a href={routeText({ page: 'board', cardId: subjectId })} className={`${className} hover:bg-hover`}>
          {body}
        </a>
      )}
    </li>
  );
}
