/** When a key acts: `always` even in a field, `free` while no field or menu has the focus, `board` only on a card or nowhere. */
export type KeyScope = 'always' | 'free' | 'board';

/** A press, as the browser tells it. */
export interface Press {
  readonly key: string;
  readonly isMod: boolean;
  readonly isShift: boolean;
  readonly isAlt: boolean;
}

/** Where the focus is: in a field, on something with keys of its own (a button, a menu, a tab), on a card, or nowhere. */
export type FocusPlace = 'field' | 'widget' | 'overlay' | 'card' | 'nowhere';

interface Bound {
  readonly keys: readonly string[];
  readonly scope: KeyScope;
}

/** What a press means, and what a following press completes. */
export interface Reading<B> {
  readonly binding: B | null;
  /** The first half of a key that has two, waiting for the other; else empty. */
  readonly prefix: string;
}

const named: Readonly<Record<string, string>> = { ' ': 'Space' };

/** A press in the words of the key table: `Mod K`, `Shift ArrowDown`, `G`. */
export function pressName({ key, isMod, isShift }: Press): string {
  const name = named[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const isWord = name.length > 1;
  return [isMod ? 'Mod' : '', isShift && isWord ? 'Shift' : '', name].filter(Boolean).join(' ');
}

const scopes: Readonly<Record<FocusPlace, readonly KeyScope[]>> = {
  field: ['always'],
  overlay: ['always'],
  widget: ['always', 'free'],
  card: ['always', 'free', 'board'],
  nowhere: ['always', 'free', 'board'],
};

/** What a press means where the focus is; single keys mean nothing while they are turned off, but Escape does. */
export function readKey<B extends Bound>(
  table: readonly B[],
  press: Press,
  prefix: string,
  place: FocusPlace,
  hasSingleKeys: boolean,
): Reading<B> {
  if (press.isAlt) return { binding: null, prefix: '' };
  const name = pressName(press);
  if (!press.isMod && !hasSingleKeys && name !== 'Escape' && !/^(Shift )?(Arrow|Enter|Space)/.test(name))
    return { binding: null, prefix: '' };
  const allowed = table.filter(({ scope }) => scopes[place].includes(scope));
  const whole = prefix === '' ? name : `${prefix} ${name}`;
  const binding = allowed.find(({ keys }) => keys.includes(whole)) ?? null;
  if (binding !== null || prefix !== '') return { binding, prefix: '' };
  const isFirst = !press.isMod && allowed.some(({ keys }) => keys.some((key) => key.startsWith(`${name} `)));
  return { binding: null, prefix: isFirst ? name : '' };
}
