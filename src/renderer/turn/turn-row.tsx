import { ChevronRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ReportView, TurnView } from '../../shared/contract/card-views.js';
import { stepWord } from '../board/step-words.js';
import { enCard } from '../i18n/en-card.js';
import { Avatar } from '../ui/avatar.js';
import { Badge } from '../ui/badge.js';
import type { Tone } from '../ui/tone.js';
import { classNames } from '../ui/class-names.js';
import { compactNumber } from '../ui/compact-number.js';
import { Dot } from '../ui/dot.js';
import { tookText } from '../ui/sizes.js';
import { Time } from '../ui/time.js';
import { TurnDetails } from './turn-details.js';

const text = enCard.turn;

const statusTones: Readonly<Record<TurnView['status'], Tone>> = { waiting: 'todo', prepared: 'todo', running: 'prog', ended: 'quiet' };

interface TurnRowProps {
  readonly turn: TurnView;
  readonly report: ReportView | null;
  readonly subjectId: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One turn in a line; open, everything about it. */
export function TurnRow({ turn, report, subjectId, isOpen, onToggle }: TurnRowProps): ReactElement {
  const isRunning = turn.status === 'running';
  return (
    <li data-step className={classNames('scroll-mt-2', 'rounded-card border', isRunning ? 'border-prog/40' : 'border-line')}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="flex w-full items-center gap-2 rounded-card px-2.5 py-1.5 text-left hover:bg-hover"
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={classNames('shrink-0 text-faint transition-transform', isOpen && 'rotate-90')}
        />
        <Avatar name={turn.member} />
        <span className="min-w-0 flex-1">
          <span className="flex min-w-0 items-center gap-1.5">
            <span className="font-medium whitespace-nowrap">{turn.member.replaceAll('_', ' ')}</span>
            <span className="truncate text-muted">{stepWord(turn.step)}</span>
          </span>
          <span className="block truncate text-12 text-muted">{facts(turn).join(' · ')}</span>
        </span>
        {turn.isRehearsal && (
          <Badge tone="rev" reason={text.rehearsalText}>
            {text.rehearsal}
          </Badge>
        )}
        <TurnState turn={turn} />
      </button>
      {isOpen && <TurnDetails turn={turn} report={report} subjectId={subjectId} />}
    </li>
  );
}

function facts(turn: TurnView): string[] {
  const { input, output } = turn.tokens;
  return [
    ...(turn.revision > 0 ? [enCard.revision(turn.revision)] : []),
    ...(turn.purpose === 'work' ? [] : [text.purposes[turn.purpose]]),
    ...(turn.attempts > 1 ? [text.attempts(turn.attempts)] : []),
    ...(input + output > 0 ? [text.tokens(compactNumber(input + output))] : []),
    ...(turn.model === '' ? [] : [turn.model]),
  ];
}

const isGood = (outcome: string): boolean => outcome === 'report' || outcome === '';

function TurnState({ turn: { status, outcome, startedAt, endedAt } }: { readonly turn: TurnView }): ReactElement {
  if (status !== 'ended')
    return (
      <span className="flex items-center gap-1.5 text-12 whitespace-nowrap text-prog">
        <Dot tone={statusTones[status]} isRunning={status === 'running'} />
        {text.statuses[status]}
        {startedAt !== null && <Time at={startedAt} form="since" className="text-muted" />}
      </span>
    );
  const took = startedAt !== null && endedAt !== null ? tookText(Date.parse(endedAt) - Date.parse(startedAt)) : '';
  return (
    <span className="flex flex-col items-end text-12 whitespace-nowrap">
      {isGood(outcome) ? (
        <span className="text-muted">{took}</span>
      ) : (
        <Badge tone="bad">{outcome.replaceAll('_', ' ').replaceAll('-', ' ')}</Badge>
      )}
      {endedAt !== null && <Time at={endedAt} className="text-faint" />}
    </span>
  );
}
