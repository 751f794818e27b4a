import type { ReactElement } from 'react';
import { en } from '../i18n/en.js';
import { Skeleton } from './skeleton.js';

/** Rows of a list while it loads. */
export function ListSkeleton({ rows = 6 }: { readonly rows?: number }): ReactElement {
  return (
    <div role="status" aria-label={en.loading} className="flex flex-col gap-2 px-5 py-2">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-11 w-full rounded-card" />
      ))}
    </div>
  );
}
