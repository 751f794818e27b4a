import { Check, CircleDot, Eye, FileCheck2, MessageSquare, Pencil, TriangleAlert, Undo2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import type { CardView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { toneText } from '../ui/tone.js';
import type { Tone } from '../ui/tone.js';
import { classNames } from '../ui/class-names.js';
import { Prose } from '../ui/prose.js';
import { Time } from '../ui/time.js';
import { historyEntries } from './history-entries.js';
import type { HistoryEntry, HistoryKind } from './history-entries.js';

const text = enCard.history;

const icons: Readonly<Record<HistoryKind, { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  made: { icon: CircleDot, tone: 'quiet' },
  report: { icon: MessageSquare, tone: 'quiet' },
  turn: { icon: TriangleAlert, tone: 'you' },
  input: { icon: Pencil, tone: 'accent' },
  receipt: { icon: FileCheck2, tone: 'done' },
  approved: { icon: Check, tone: 'appr' },
  changes: { icon: Pencil, tone: 'you' },
  review: { icon: Eye, tone: 'rev' },
  revert: { icon: Undo2, tone: 'bad' },
  ended: { icon: TriangleAlert, tone: 'bad' },
};

/** What happened to the card, newest first: who, when, on which revision, and from where. */
export function HistoryTab({ card }: { readonly card: CardView }): ReactElement {
  const entries = historyEntries(card);
  return (
    <ol className="flex flex-col px-4 py-3">
      {entries.map((entry, index) => (
        <Line key={entry.key} entry={entry} isLast={index === entries.length - 1} />
      ))}
    </ol>
  );
}

function Line({ entry, isLast }: { readonly entry: HistoryEntry; readonly isLast: boolean }): ReactElement {
  const { icon: Icon, tone } = icons[entry.kind];
  return (
    <li className="relative flex gap-3 pb-4">
      {!isLast && <span aria-hidden="true" className="absolute top-6 bottom-0 left-[10px] w-px bg-line" />}
      <span
        aria-hidden="true"
        className={classNames('grid size-[21px] shrink-0 place-items-center rounded-full bg-current/10', toneText[tone])}
      >
        <Icon size={12} strokeWidth={2} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-muted">
          <span className="font-medium text-ink">{entry.by}</span> {words(entry)}
        </p>
        <p className="text-12 text-faint">
          <Time at={entry.at} />
          {entry.revision > 0 && ` · ${enCard.revision(entry.revision)}`}
          {entry.via !== '' && ` · ${text.via(text.vias[entry.via] ?? entry.via)}`}
        </p>
        {entry.text !== '' && <Prose text={entry.text} className="mt-1 rounded-control border border-line bg-raise px-2.5 py-1.5" />}
      </div>
    </li>
  );
}

function words({ what, revision }: HistoryEntry): string {
  const verdict = text.verdicts[what];
  return verdict === undefined ? what : `${verdict} ${enCard.revision(revision)}`;
}
