import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { en } from '../i18n/en.js';
import type { Tone } from './tone.js';
import { classNames } from './class-names.js';
import { IconButton } from './icon-button.js';

const tints: Readonly<Partial<Record<Tone, string>>> = {
  bad: 'border-bad/35 bg-bad/6',
  you: 'border-you/35 bg-you/7',
  done: 'border-done/35 bg-done/6',
  accent: 'border-accent/30 bg-accent-soft/60',
};

interface NoticeProps {
  readonly tone?: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly onDismiss?: () => void;
  /** Read out when it appears. */
  readonly isAlert?: boolean;
}

/** Something to know, in the place that it is about. */
export function Notice({ tone = 'quiet', title, children, action, onDismiss, isAlert = false }: NoticeProps): ReactElement {
  return (
    <div
      role={isAlert ? 'alert' : undefined}
      className={classNames('flex items-start gap-3 rounded-card border px-3 py-2 text-13', tints[tone] ?? 'border-line bg-raise')}
    >
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children !== undefined && <div className="break-words text-muted">{children}</div>}
      </div>
      {action}
      {onDismiss !== undefined && <IconButton icon={X} size="small" label={en.dismiss} onClick={onDismiss} className="-mr-1.5" />}
    </div>
  );
}
