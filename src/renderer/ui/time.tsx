import { useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { durationText, shortDurationText } from './relative-time.js';
import { pageTicker } from './ticker.js';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The exact moment as people write it where the reader is. */
export const exactTime = (at: string): string => exact.format(new Date(at));

interface TimeProps {
  readonly at: string;
  /** `ago`: "4 m ago"; `since`: "4 m", growing; `short`: the largest unit alone. */
  readonly form?: 'ago' | 'since' | 'short';
  readonly className?: string;
}

/** A moment, told from now, exact on hover. It is drawn again only when its text changes. */
export function Time({ at, form = 'ago', className }: TimeProps): ReactElement {
  const started = Date.parse(at);
  const text = useSyncExternalStore(pageTicker.subscribe, () => {
    const length = pageTicker.now() - started;
    return form === 'short' ? shortDurationText(length) : durationText(length);
  });
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {form === 'ago' ? en.ago(text) : text}
    </time>
  );
}

/** What a moment is in words, now; for a component that needs the text alone. */
export function useSince(at: string): string {
  const started = Date.parse(at);
  return useSyncExternalStore(pageTicker.subscribe, () => durationText(pageTicker.now() - started));
}
