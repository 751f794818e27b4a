import type { ReactElement } from 'react';
import { classNames } from './class-names.js';

const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** A key as the keyboard at hand names it: `Mod` is ⌘ there, Ctrl elsewhere. */
export const keyName = (key: string): string => (key === 'Mod' ? (isApple ? '⌘' : 'Ctrl') : key);

interface KbdProps {
  /** Keys in order, as `Mod K` or `G B`. */
  readonly keys: string;
  /** On a filled button: takes the button's colour. */
  readonly isOnFill?: boolean;
}

/** A key, small and quiet. Screen readers hear it from the control's own description, not from here. */
export function Kbd({ keys, isOnFill = false }: KbdProps): ReactElement {
  return (
    <kbd
      aria-hidden="true"
      className={classNames(
        'kbd rounded-tag border px-1 text-11 font-medium font-sans whitespace-nowrap',
        isOnFill ? 'border-current/40 text-current' : 'border-line bg-raise text-faint',
      )}
    >
      {keys.split(' ').map(keyName).join(' ')}
    </kbd>
  );
}
