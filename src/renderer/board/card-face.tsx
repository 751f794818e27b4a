import { BadgeCheck, CircleCheck, CircleDashed, CircleX, MessageSquare } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BoardCardView } from '../../shared/contract/board-views.js';
import { en } from '../i18n/en.js';
import { useUi, useView } from '../state/services.js';
import { Avatar } from '../ui/avatar.js';
import { Badge } from '../ui/badge.js';
import { toneText } from '../ui/tone.js';
import type { Tone } from '../ui/tone.js';
import { classNames } from '../ui/class-names.js';
import { Dot } from '../ui/dot.js';
import { Time } from '../ui/time.js';
import { AnswerButton } from './answer-button.js';
import { badgeTone, badgeWord, headBadges, shortId, waitLine } from './card-words.js';
import { columnTones } from './column-tones.js';
import { stepProgress, stepWord } from './step-words.js';

interface CardFaceProps {
  readonly card: BoardCardView;
  readonly isSelected?: boolean;
  /** Whether the card is alone, with no buttons of its own beside it. */
  readonly hasButtons?: boolean;
}

/** What a card says, in five lines at most. */
export function CardFace({ card, isSelected = false, hasButtons = true }: CardFaceProps): ReactElement {
  const isCompact = useUi((ui) => ui.density === 'compact');
  const wait = waitLine(card);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex h-4 min-w-0 items-center gap-1.5">
        {isSelected && <BadgeCheck size={13} aria-label={en.card.selected} className="shrink-0 text-accent" />}
        <span className="shrink-0 font-mono text-11 font-medium text-faint">{shortId(card.id)}</span>
        {card.revision > 1 && (
          <span title={en.card.revision(card.revision)} className="shrink-0 font-mono text-11 text-faint">
            <span className="sr-only">{en.card.revision(card.revision)}</span>
            <span aria-hidden="true">{en.card.shortRevision(card.revision)}</span>
          </span>
        )}
        <span className="flex min-w-0 flex-1 gap-1 overflow-hidden">
          {headBadges(card).map((badge) => (
            <Badge key={badge} tone={badgeTone(badge)} reason={card.badgeReasons[badge] ?? ''}>
              {badgeWord(badge)}
            </Badge>
          ))}
        </span>
        <Time at={card.since} form="short" className="shrink-0 text-12 text-faint group-hover:invisible group-focus-within:invisible" />
      </div>
      <h3
        className={classNames(
          'font-medium text-pretty break-words',
          isCompact ? 'line-clamp-1 text-13 leading-[18px]' : 'line-clamp-2 text-14 @max-[170px]:text-13 @max-[170px]:leading-[18px]',
        )}
      >
        {card.title}
      </h3>
      {card.status === 'running' && !card.needsPerson && <LastEvent card={card} />}
      {wait !== null && !isCompact && (
        <p className={classNames('line-clamp-2 text-12 break-words', wait.isForYou ? 'font-medium text-you' : 'text-muted')}>{wait.text}</p>
      )}
      <Foot card={card} hasButtons={hasButtons} />
    </div>
  );
}

/** The last thing that the running turn said or did. */
function LastEvent({ card }: { readonly card: BoardCardView }): ReactElement {
  const text = useView((view) => view.activity.get(card.id)?.text ?? '');
  return (
    <p className="flex h-4 min-w-0 items-center gap-1.5 font-mono text-11 text-muted">
      <Dot tone={columnTones[card.column]} isRunning />
      <span className="shorten min-w-0">{text === '' ? quietLine(card) : firstLine(text)}</span>
    </p>
  );
}

/** What a card at work says before its turn said anything: what it waits for, where that is more than the step below. */
const quietLine = ({ waitingFor, owner, step }: BoardCardView): string =>
  waitingFor === `${owner}: ${step.replaceAll('_', ' ')}` ? en.card.quiet : waitingFor;

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0] ?? '';

interface ReceiptLook {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string;
}

const receipts: Readonly<Record<string, ReceiptLook>> = {
  verified: { icon: CircleCheck, tone: 'done', word: en.badges['verified'] ?? '' },
  with_gaps: { icon: CircleDashed, tone: 'you', word: en.badges['with_gaps'] ?? '' },
  not_verified: { icon: CircleX, tone: 'bad', word: en.badges['not_verified'] ?? '' },
};

/** Who acts, which step of how many, the receipt, comments; or what is being done just now. */
function Foot({ card, hasButtons }: { readonly card: BoardCardView; readonly hasButtons: boolean }): ReactElement {
  const pending = useUi((ui) => ui.pending[card.id]?.label ?? '');
  if (pending !== '')
    return (
      <p className="flex h-5 items-center gap-1.5 text-12 text-accent">
        <Dot tone="accent" isRunning />
        {en.card.moving(pending)}
      </p>
    );
  const look = receipts[card.receiptBadge];
  const isLanded = card.status === 'committed' || card.status === 'completed';
  return (
    <div className="flex h-5 min-w-0 items-center gap-1.5 text-12 text-muted">
      {isLanded && look !== undefined ? (
        <ReceiptMark look={look} reason={card.badgeReasons[card.receiptBadge] ?? ''} />
      ) : (
        <Who card={card} />
      )}
      <span className="flex-1" />
      {!isLanded && look !== undefined && (
        <look.icon size={13} aria-label={look.word} className={classNames('shrink-0', toneText[look.tone])} />
      )}
      {card.commentCount > 0 && (
        <span title={en.card.comments(card.commentCount)} className="inline-flex shrink-0 items-center gap-1 text-faint">
          <MessageSquare size={12} aria-hidden="true" />
          <span className="sr-only">{en.card.comments(card.commentCount)}</span>
          <span aria-hidden="true">{card.commentCount}</span>
        </span>
      )}
      {card.status === 'blocked' && hasButtons && <AnswerButton id={card.id} />}
    </div>
  );
}

function ReceiptMark({ look: { icon: Icon, tone, word }, reason }: { readonly look: ReceiptLook; readonly reason: string }): ReactElement {
  return (
    <span title={reason} className={classNames('inline-flex min-w-0 items-center gap-1', toneText[tone])}>
      <Icon size={13} aria-hidden="true" className="shrink-0" />
      <span className="shorten">{word}</span>
    </span>
  );
}

function Who({ card: { owner, step, status } }: { readonly card: BoardCardView }): ReactElement {
  const text = status === 'queued' ? en.card.next(owner) : status === 'running' ? `${owner} ${stepWord(step)}` : owner;
  const progress = stepProgress(step);
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Avatar name={owner} size="small" />
      <span className="shorten">{text}</span>
      {status === 'running' && progress !== null && (
        <span className="shrink-0 text-faint @max-[190px]:hidden">· {en.card.step(progress.at, progress.of)}</span>
      )}
    </span>
  );
}
