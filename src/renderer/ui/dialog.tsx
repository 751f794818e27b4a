import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { useKeptFocus } from './use-kept-focus.js';
import { en } from '../i18n/en.js';
import { classNames } from './class-names.js';
import { IconButton } from './icon-button.js';

interface DialogProps {
  readonly title: string;
  /** One sentence under the title; also the description for assistive technology. */
  readonly description?: ReactNode;
  readonly width?: 'small' | 'medium' | 'large';
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly footer?: ReactNode;
}

const widths = { small: 'w-[420px]', medium: 'w-[560px]', large: 'w-[720px]' } as const;

/** A dialog over the page: it holds the focus, closes with Escape and gives the focus back. Mount it to open it. */
export function Dialog({ title, description, width = 'medium', onClose, children, footer }: DialogProps): ReactElement {
  const focus = useKeptFocus();
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="appearing fixed inset-0 z-40 bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-start justify-center px-4 pt-[12vh]">
          <Radix.Content
            onOpenAutoFocus={focus.onOpen}
            onCloseAutoFocus={focus.onClose}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            className={classNames(
              'rising pointer-events-auto flex max-h-[76vh] max-w-full flex-col overflow-hidden rounded-card bg-surface shadow-float outline-none',
              widths[width],
            )}
          >
            <header className="flex items-start gap-2 px-5 pt-4 pb-1">
              <Radix.Title className="min-w-0 flex-1 text-16 font-semibold">{title}</Radix.Title>
              <IconButton icon={X} label={en.close} onClick={onClose} className="-mr-2" />
            </header>
            {description !== undefined && <Radix.Description className="px-5 pb-2 text-13 text-muted">{description}</Radix.Description>}
            <div className="min-h-0 flex-1 overflow-auto px-5 pt-1 pb-4">{children}</div>
            {footer !== undefined && (
              <footer className="flex items-center justify-end gap-2 border-t border-line bg-raise px-5 py-3">{footer}</footer>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
