import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.js';
import { Tip } from './tip.js';

/** Hues of state; `quiet` for what is neither good nor bad. */
export type Tone = 'quiet' | 'todo' | 'prog' | 'rev' | 'done' | 'appr' | 'you' | 'bad' | 'accent';

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

/** Text in the hue of a state, for a line without a box. */
export const toneText: Readonly<Record<Tone, string>> = {
  quiet: 'text-muted',
  todo: 'text-todo',
  prog: 'text-prog',
  rev: 'text-rev',
  done: 'text-done',
  appr: 'text-appr',
  you: 'text-you',
  bad: 'text-bad',
  accent: 'text-accent',
};

/** The fill of a dot or a bar in the hue of a state. */
export const toneFill: Readonly<Record<Tone, string>> = {
  quiet: 'bg-line-strong',
  todo: 'bg-todo',
  prog: 'bg-prog',
  rev: 'bg-rev',
  done: 'bg-done',
  appr: 'bg-appr',
  you: 'bg-you',
  bad: 'bg-bad',
  accent: 'bg-accent',
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
