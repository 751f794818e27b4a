import type { ReactElement } from 'react';
import { X } from 'lucide-react';
import { enCard } from '../i18n/en-card.js';
import { en } from '../i18n/en.js';
import { IconButton } from '../ui/icon-button.js';
import { Skeleton } from '../ui/skeleton.js';

/** The panel while its card loads, in its final geometry. */
export function CardSkeleton({ cardId, onClose }: { readonly cardId: string; readonly onClose: () => void }): ReactElement {
  return (
    <div aria-busy="true" aria-label={en.loading} className="flex flex-1 flex-col">
      <header className="flex items-center gap-2 px-4 pt-3 pb-1">
        <span className="font-mono text-11 font-medium text-faint">{cardId}</span>
        <span className="flex-1" />
        <IconButton icon={X} label={enCard.close} onClick={onClose} />
      </header>
      <div className="px-4 pb-3">
        <Skeleton className="h-5 w-4/5" />
      </div>
      <div className="flex gap-4 border-b border-line px-4 pb-3">
        {[64, 44, 36, 56, 52].map((width) => (
          <Skeleton key={width} className={`h-4 ${width > 50 ? 'w-14' : 'w-10'}`} />
        ))}
      </div>
      <div className="flex flex-col gap-3 px-4 py-4">
        <Skeleton className="h-14 w-full rounded-card" />
        <Skeleton className="h-4 w-16" />
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-4 w-5/6" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    </div>
  );
}
