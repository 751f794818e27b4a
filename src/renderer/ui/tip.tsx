import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Kbd } from './kbd.js';

interface TipProps {
  readonly text: ReactNode;
  readonly keys?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** The one element that the tip is about; it has to take a ref. */
  readonly children: ReactElement;
}

/** A short explanation that shows on hover and on focus. */
export function Tip({ text, keys, side = 'bottom', children }: TipProps): ReactElement {
  if (text === '') return children;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="appearing z-50 flex max-w-80 items-center gap-2 rounded-control bg-surface px-2 py-1 text-12 text-ink shadow-float select-none"
        >
          <span>{text}</span>
          {keys !== undefined && <Kbd keys={keys} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
