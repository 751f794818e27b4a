import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.js';
import type { Tone } from './tone.js';
import { Tip } from './tip.js';

const tints: Readonly<Record<Tone, string>> = {
  quiet: 'text-muted bg-ink/7',
  todo: 'text-todo bg-todo/12',
  prog: 'text-prog bg-prog/12',
  rev: 'text-rev bg-rev/12',
  done: 'text-done bg-done/12',
  appr: 'text-appr bg-appr/12',
  you: 'text-you bg-you/12',
  bad: 'text-bad bg-bad/12',
  accent: 'text-accent bg-accent-soft',
};

interface BadgeProps {
  readonly tone?: Tone;
  /** Why it is there, on hover. */
  readonly reason?: string;
  readonly children: ReactNode;
}

/** A word on a tint: the word says it, the hue only helps. */
export function Badge({ tone = 'quiet', reason = '', children }: BadgeProps): ReactElement {
  return (
    <Tip text={reason}>
      <span className={classNames('inline-flex items-center gap-1 rounded-tag px-1.5 text-11 font-medium whitespace-nowrap', tints[tone])}>
        {children}
      </span>
    </Tip>
  );
}
