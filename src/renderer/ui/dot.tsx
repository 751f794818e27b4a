import type { ReactElement } from 'react';
import { toneFill } from './tone.js';
import type { Tone } from './tone.js';
import { classNames } from './class-names.js';

interface DotProps {
  readonly tone: Tone;
  readonly isRunning?: boolean;
  readonly size?: 'small' | 'medium';
}

/** A dot in the hue of a state, always beside a word. Only what runs moves. */
export function Dot({ tone, isRunning = false, size = 'small' }: DotProps): ReactElement {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'inline-block shrink-0 rounded-full',
        size === 'small' ? 'size-1.5' : 'size-2',
        toneFill[tone],
        isRunning && 'breathing',
      )}
    />
  );
}
