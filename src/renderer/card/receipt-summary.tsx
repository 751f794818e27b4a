import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ReceiptView } from '../../shared/contract/card-views.js';
import { enCard } from '../i18n/en-card.js';
import { classNames } from '../ui/class-names.js';
import { toneText } from '../ui/tone.js';
import { tookText } from '../ui/sizes.js';
import { Time } from '../ui/time.js';
import { commandLine, receiptTone } from './receipt-words.js';

const text = enCard.receipt;

const icons: Readonly<Record<ReceiptView['badge'], LucideIcon>> = {
  verified: CircleCheck,
  with_gaps: TriangleAlert,
  not_verified: CircleX,
};
const boxes: Readonly<Record<ReceiptView['badge'], string>> = {
  verified: 'border-done/35 bg-done/6',
  with_gaps: 'border-you/35 bg-you/7',
  not_verified: 'border-bad/35 bg-bad/6',
};

/** A receipt at a glance: its badge, and every command with how it ended. */
export function ReceiptSummary({ receipt }: { readonly receipt: ReceiptView }): ReactElement {
  const Icon = icons[receipt.badge];
  const inJail = receipt.commands.length > 0 && receipt.commands.every(({ jailed }) => jailed);
  return (
    <div className={classNames('flex flex-col gap-0.5 rounded-card border px-3 py-2', boxes[receipt.badge])}>
      <p className="flex flex-wrap items-center gap-x-1.5 text-12 text-muted">
        <Icon size={14} aria-hidden="true" className={toneText[receiptTone[receipt.badge]]} />
        <span className={classNames('text-13 font-semibold', toneText[receiptTone[receipt.badge]])}>
          {enCard.receiptBadge[receipt.badge]}
        </span>
        <span className="flex-1" />
        <span>
          {text.by}, <Time at={receipt.time} />
          {inJail && `, ${text.jailed}`}
        </span>
      </p>
      {receipt.commands.map(({ argv, exitCode, durationMs }, index) => (
        <p key={index} className="flex items-baseline gap-3">
          <code className="min-w-0 flex-1 truncate font-mono text-12">{commandLine(argv)}</code>
          <span className={classNames('text-12 whitespace-nowrap', exitCode === 0 ? 'text-muted' : 'text-bad')}>
            {exitCode === null ? text.notRun : `${text.exit(exitCode)} · ${tookText(durationMs)}`}
          </span>
        </p>
      ))}
      {receipt.gaps.length > 0 && <p className="text-12 break-words text-muted">{receipt.gaps[0]}</p>}
    </div>
  );
}
