import type { ComponentProps, ReactElement } from 'react';
import { classNames } from './class-names.js';
import { Kbd } from './kbd.js';

/** What a button weighs: `primary` once in a view, `approve` for the good verdict, `danger` for what ends work. */
export type ButtonTone = 'primary' | 'approve' | 'danger' | 'plain' | 'ghost' | 'ghost-danger';

const tones: Readonly<Record<ButtonTone, string>> = {
  primary: 'bg-accent text-on-accent border-transparent hover:brightness-108',
  approve: 'bg-done text-surface border-transparent hover:brightness-108',
  danger: 'bg-bad text-surface border-transparent hover:brightness-108',
  plain: 'bg-surface text-ink border-line-strong hover:bg-raise',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-ink',
  'ghost-danger': 'border-transparent text-bad hover:bg-bad/10',
};

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone;
  readonly size?: 'small' | 'medium';
  /** Shown in the button and told to assistive technology. */
  readonly keys?: string;
  readonly isBusy?: boolean;
}

/** A button with a verb on it. Busy: it keeps its width and focus, and takes no second press. */
export function Button({ tone = 'plain', size = 'medium', keys, isBusy = false, className, children, ...rest }: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      aria-keyshortcuts={keys?.replaceAll(' ', '+').replace('Mod', 'Control')}
      aria-busy={isBusy || undefined}
      {...rest}
      disabled={rest.disabled === true || isBusy}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border font-medium whitespace-nowrap select-none',
        'transition-[background-color,filter,opacity] disabled:cursor-default disabled:opacity-55',
        size === 'small' ? 'h-6 px-2 text-12' : 'h-[30px] px-3 text-13',
        tones[tone],
        className,
      )}
    >
      {children}
      {keys !== undefined && <Kbd keys={keys} isOnFill={tone === 'primary' || tone === 'approve' || tone === 'danger'} />}
    </button>
  );
}
