import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { useUi } from '../state/services.js';
import { Button } from './button.js';
import { classNames } from './class-names.js';
import { IconButton } from './icon-button.js';
import { toastQueue } from './toast-queue.js';

/** The toasts of the page, bottom right; read out when they come. */
export function Toasts(): ReactElement {
  // The buttons of an open card stay in reach below them.
  const isCardOpen = useUi((ui) => ui.openCardId !== null);
  const toasts = useSyncExternalStore(toastQueue.subscribe, toastQueue.list);
  return (
    <section
      aria-label={en.notices}
      aria-live="polite"
      className={classNames(
        'pointer-events-none fixed right-4 z-50 flex w-96 max-w-[90vw] flex-col gap-2',
        isCardOpen ? 'bottom-24' : 'bottom-11',
      )}
    >
      {toasts.map(({ id, tone, text, action }) => (
        <div
          key={id}
          className={classNames(
            'rising pointer-events-auto flex items-start gap-2 rounded-card bg-surface py-2 pr-2 pl-3 text-13 shadow-float',
            tone === 'bad' && 'border-l-3 border-bad',
          )}
        >
          <p className="min-w-0 flex-1 py-0.5 break-words">{text}</p>
          {action !== undefined && (
            <Button
              size="small"
              onClick={() => {
                toastQueue.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} size="small" label={en.dismiss} onClick={() => toastQueue.dismiss(id)} />
        </div>
      ))}
    </section>
  );
}
