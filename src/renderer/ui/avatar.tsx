import type { ReactElement } from 'react';
import { classNames } from './class-names.js';

/** The nine built-in roles have hues of their own; every other name gets one by its letters. */
const hues: Readonly<Record<string, number>> = {
  orchestrator: 262,
  planner: 230,
  designer: 340,
  architect: 300,
  developer: 200,
  qa: 155,
  parser: 90,
  sourcer: 60,
  version_controller: 20,
};

const initials: Readonly<Record<string, string>> = { developer: 'V', version_controller: 'C' };

const hueClasses: Readonly<Record<number, string>> = {
  262: 'bg-[oklch(52%_0.12_262)]',
  230: 'bg-[oklch(52%_0.12_230)]',
  340: 'bg-[oklch(52%_0.12_340)]',
  300: 'bg-[oklch(52%_0.12_300)]',
  200: 'bg-[oklch(51%_0.09_200)]',
  155: 'bg-[oklch(51%_0.11_155)]',
  90: 'bg-[oklch(50%_0.09_90)]',
  60: 'bg-[oklch(51%_0.11_60)]',
  20: 'bg-[oklch(52%_0.13_20)]',
};

const palette = Object.keys(hueClasses).map(Number);

const hueOf = (name: string): number => {
  const role = name.replace(/-\d+$/, '');
  const known = hues[role];
  if (known !== undefined) return known;
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return palette[sum % palette.length] ?? 262;
};

interface AvatarProps {
  /** A role, a member (`developer-2`) or a person. */
  readonly name: string;
  readonly size?: 'small' | 'medium';
}

/** A letter in a circle beside a name; it says nothing that the name does not. */
export function Avatar({ name, size = 'medium' }: AvatarProps): ReactElement {
  const role = name.replace(/-\d+$/, '');
  const second = /-(\d+)$/.exec(name)?.[1] ?? '';
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'inline-grid shrink-0 place-items-center rounded-full font-semibold text-[oklch(100%_0_0)] select-none',
        size === 'small' ? 'size-4 text-[9px]' : 'size-5 text-[10px]',
        hueClasses[hueOf(name)],
      )}
    >
      {initials[role] ?? role.charAt(0).toUpperCase()}
      {size === 'medium' && second}
    </span>
  );
}
