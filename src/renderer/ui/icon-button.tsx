import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactElement } from 'react';
import { classNames } from './class-names.js';
import { Tip } from './tip.js';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Its name, for the tip and for assistive technology. */
  readonly label: string;
  readonly keys?: string;
  readonly size?: 'small' | 'medium';
}

/** A square button with a picture, whose name shows as a tip. */
export function IconButton({ icon: Icon, label, keys, size = 'medium', className, ...rest }: IconButtonProps): ReactElement {
  return (
    <Tip text={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={classNames(
          'inline-grid shrink-0 place-items-center rounded-control text-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-50',
          size === 'small' ? 'size-6' : 'size-7',
          className,
        )}
      >
        <Icon size={size === 'small' ? 14 : 16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </Tip>
  );
}
